package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.Sid;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** The model against an independent implementation of the access check. */
final class SambaAccessCheckTest {
    private static final Pattern VECTOR = Pattern.compile(
            "\"sddl\":\"([^\"]*)\".*\"sids\":\\[([^]]*)],\"desired\":\"([^\"]*)\",\"granted\":(null|\"[^\"]*\")");

    @Test
    void everyVectorIsDecidedAsSambaDecidesIt() throws IOException {
        SecurityReferenceMonitor monitor = new SecurityReferenceMonitor(MonitorSwitches.DEFAULT);
        List<String> differences = new ArrayList<>();
        int compared = 0;
        int emptyMaximum = 0;
        for (String line : read()) {
            Matcher vector = VECTOR.matcher(line);
            assertThat(vector.find()).as(line).isTrue();
            ImmutableList<Sid> sids = Splitter.on(',')
                    .splitToStream(vector.group(2).replace("\"", ""))
                    .map(Sid::parse)
                    .collect(ImmutableList.toImmutableList());
            // Samba's check knows no integrity, so the level is put above every label.
            VirtualToken token = VirtualToken.of(sids.get(0), sids.subList(1, sids.size()))
                    .atLevel(io.cordon.sandbox.windows.security.IntegrityLevel.SYSTEM);
            AccessMask desired = AccessMask.of(Long.decode(vector.group(3)).intValue());
            AccessDecision decision = monitor.check(token, Sddl.parse(vector.group(1)), desired);
            String expected = vector.group(4).replace("\"", "");
            compared++;
            if (desired.equals(AccessMask.MAXIMUM_ALLOWED) && expected.equals("0x00000000")) {
                // Known difference: Windows denies a maximum that is empty, Samba grants nothing.
                assertThat(decision.isGranted()).as(line).isFalse();
                emptyMaximum++;
                continue;
            }
            boolean agrees = expected.equals("null")
                    ? !decision.isGranted()
                    : decision.isGranted()
                            && decision.granted().bits()
                                    == Long.decode(expected).intValue();
            if (!agrees) {
                differences.add(line + " but the model says " + decision);
            }
        }
        assertThat(compared).isGreaterThan(1000);
        System.out.println("access check: " + compared + " vectors of Samba compared, " + emptyMaximum
                + " of them the named difference for an empty MAXIMUM_ALLOWED, " + differences.size() + " unexplained");
        assertThat(differences).isEmpty();
    }

    private static List<String> read() throws IOException {
        String property = System.getProperty("cordon.test.vectors");
        Path directory = property != null ? Path.of(property) : Path.of("../../shared/vectors");
        if (!Files.isDirectory(directory)) {
            abort("skipped: no vectors in " + directory + "; name their directory with -Dcordon.test.vectors");
        }
        List<String> lines = new ArrayList<>();
        try (var files = Files.newDirectoryStream(directory, "access-check*.jsonl.gz")) {
            for (Path file : files) {
                try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                    reader.lines().forEach(lines::add);
                }
            }
        }
        return lines;
    }
}
