package io.cordon.sandbox.windows.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** SDDL and bytes of one descriptor, made by Samba: parser, printer and codec must agree with it. */
final class SambaVectorsTest {
    private static final Pattern PAIR = Pattern.compile("\"sddl\":\"([^\"]*)\",\"sd\":\"([^\"]*)\"");

    @Test
    void parserPrinterAndCodecAgreeWithSamba() throws IOException {
        Map<String, String> vectors = read();

        assertThat(vectors).hasSizeGreaterThan(100);
        vectors.forEach((sddl, hex) -> {
            byte[] bytes = HexFormat.of().parseHex(hex);
            SecurityDescriptor parsed = asSamba(Sddl.parse(sddl));
            assertThat(SecurityDescriptorCodec.decode(bytes)).as(sddl).isEqualTo(parsed);
            assertThat(SecurityDescriptorCodec.encode(parsed)).as(sddl).isEqualTo(bytes);
            String printed = Sddl.print(Sddl.parse(sddl));
            assertThat(asSamba(Sddl.parse(printed))).as(printed).isEqualTo(parsed);
        });
    }

    /**
     * Known difference: Samba writes revision 4 into every ACL it parses, Windows 2 where no object entry asks for 4;
     * SDDL does not say.
     */
    private static SecurityDescriptor asSamba(SecurityDescriptor parsed) {
        SecurityDescriptor result = parsed;
        if (parsed.dacl() != null) {
            result = result.withDacl(parsed.dacl().withRevision(Acl.REVISION_DS));
        }
        return parsed.sacl() == null ? result : result.withSacl(parsed.sacl().withRevision(Acl.REVISION_DS));
    }

    private static Map<String, String> read() throws IOException {
        String property = System.getProperty("cordon.test.vectors");
        Path directory = property != null ? Path.of(property) : Path.of("../../shared/vectors");
        Path file = directory.resolve("access-check.jsonl.gz");
        if (!Files.isRegularFile(file)) {
            abort("skipped: no vectors in " + directory + "; name their directory with -Dcordon.test.vectors");
        }
        Map<String, String> vectors = new LinkedHashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = PAIR.matcher(line);
                assertThat(matcher.find()).as(line).isTrue();
                vectors.put(matcher.group(1), matcher.group(2));
            }
        }
        return vectors;
    }
}
