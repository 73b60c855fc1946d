package io.cordon.sandbox.testkit.windows;

import com.google.common.base.Splitter;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What a process did to its model volume, in a file: the volume is gone with the process, and what a real one would show
 * then is made again from this.
 */
final class MutationTrail {
    private static final String USED = "used";

    private final Path file;

    MutationTrail(Path file) {
        this.file = file;
    }

    /** Has every change of the volume written down before its call returns. */
    void follow(VolumeCalls calls) {
        calls.listener(mutation -> append(String.join(
                "\t",
                mutation.name(),
                Long.toString(mutation.object()),
                path(calls.volume(), mutation.object()),
                HexFormat.of().formatHex(SecurityDescriptorCodec.encode(mutation.descriptor())))));
    }

    /** Notes that {@link EveryEdit#use} happened here. */
    void used() {
        append(USED);
    }

    private void append(String line) {
        try {
            Files.writeString(
                    file, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String path(VirtualVolume volume, long object) {
        return volume.paths().entrySet().stream()
                .filter(path -> path.getValue() == object)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }

    /** Does the same to a host that is as the process found it. */
    void repeat(VirtualHost host, Runnable use) throws IOException {
        VirtualVolume volume = host.volume();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            if (line.equals(USED)) {
                use.run();
                continue;
            }
            List<String> parts = Splitter.on('\t').splitToList(line);
            long id = Long.parseLong(parts.get(1));
            SecurityDescriptor descriptor =
                    SecurityDescriptorCodec.decode(HexFormat.of().parseHex(parts.get(3)));
            switch (parts.get(0)) {
                case "createDirectory" -> {
                    if (volume.addDirectory(parts.get(2), descriptor).id() != id) {
                        throw new IllegalStateException("not the same volume: " + line);
                    }
                }
                case "delete" -> volume.unlink(volume.locate(path(volume, id), false));
                default -> volume.setDescriptor(id, descriptor);
            }
        }
    }
}
