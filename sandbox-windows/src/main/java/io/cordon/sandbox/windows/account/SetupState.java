package io.cordon.sandbox.windows.account;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What was begun, written before the first step: one line, {@code version phase firstPort lastPort}.
 *
 * @param phase what was begun or is complete
 * @param ports the opened ports of the loopback interface
 */
record SetupState(Phase phase, Optional<PortRange> ports) {
    static final String FILE = "account-state";
    private static final String VERSION = "1";

    enum Phase {
        PROVISIONING,
        PROVISIONED,
        REMOVING
    }

    static Optional<SetupState> read(SetupFiles files) throws IOException {
        Optional<byte[]> content = files.read(FILE);
        return content.isEmpty() ? Optional.empty() : Optional.of(parse(content.get()));
    }

    private static SetupState parse(byte[] content) throws IOException {
        List<String> words = Splitter.on(' ').splitToList(new String(content, StandardCharsets.UTF_8).strip());
        try {
            if (words.size() == 4 && words.get(0).equals(VERSION)) {
                int first = Integer.parseInt(words.get(2));
                int last = Integer.parseInt(words.get(3));
                return new SetupState(
                        Phase.valueOf(words.get(1)),
                        first == 0 ? Optional.empty() : Optional.of(new PortRange(first, last)));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("the file " + FILE + " is malformed", e);
        }
        throw new IOException("the file " + FILE + " is not of version " + VERSION + ", or is malformed");
    }

    void write(SetupFiles files) throws IOException {
        String line = VERSION + " " + phase + " " + ports.map(PortRange::first).orElse(0) + " "
                + ports.map(PortRange::last).orElse(0) + "\n";
        files.write(FILE, line.getBytes(StandardCharsets.UTF_8));
    }
}
