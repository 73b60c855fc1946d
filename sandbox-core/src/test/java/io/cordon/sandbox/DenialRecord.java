package io.cordon.sandbox;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.io.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What one command did in a sandbox, and whether the sandbox was why it failed: a record of the corpus in
 * {@code denials/*.corpus}. The text form is one header line, the command, and each line of the streams with a prefix.
 *
 * @param system where it was run, such as {@code linux}
 * @param number the number of the command among those of its system; its runs in several languages share it
 * @param confinement the policy, see {@link DenialScene}
 * @param language of the system's messages, such as {@code de_DE.UTF-8}
 * @param denied whether it succeeded without a sandbox and failed in it
 * @param exitCode its exit code in the sandbox
 */
record DenialRecord(
        String system,
        int number,
        String confinement,
        String language,
        boolean denied,
        String command,
        int exitCode,
        String stdout,
        String stderr) {

    /** The records of a system, in the order of the file. */
    static ImmutableList<DenialRecord> corpus(String system) throws IOException {
        String text =
                Resources.toString(Resources.getResource("denials/" + system + ".corpus"), StandardCharsets.UTF_8);
        ImmutableList.Builder<DenialRecord> records = ImmutableList.builder();
        for (String block : Splitter.on("\n== ").split("\n" + text)) {
            if (!block.isBlank() && !block.startsWith("#") && !block.startsWith("\n#")) {
                records.add(parsed(block));
            }
        }
        return records.build();
    }

    private static DenialRecord parsed(String block) {
        List<String> lines = Splitter.on('\n').splitToList(block);
        List<String> header = Splitter.on(' ').splitToList(lines.get(0));
        List<String> out = new ArrayList<>();
        List<String> err = new ArrayList<>();
        for (String line : lines.subList(2, lines.size())) {
            if (line.startsWith("out|")) {
                out.add(line.substring(4));
            } else if (line.startsWith("err|")) {
                err.add(line.substring(4));
            } else if (!line.isEmpty()) {
                throw new IllegalArgumentException("no line of a record: " + line + "\nin\n" + block);
            }
        }
        return new DenialRecord(
                header.get(0),
                Integer.parseInt(header.get(1)),
                header.get(2),
                header.get(3),
                header.get(4).equals("denied"),
                lines.get(1).substring(2),
                Integer.parseInt(header.get(6)),
                String.join("\n", out),
                String.join("\n", err));
    }

    /** The text form, with an empty line at its end. */
    String format() {
        StringBuilder text = new StringBuilder("== %s %d %s %s %s exit %d%n$ %s%n"
                .formatted(system, number, confinement, language, denied ? "denied" : "honest", exitCode, command)
                .replace("\r", ""));
        append(text, "out|", stdout);
        append(text, "err|", stderr);
        return text.append('\n').toString();
    }

    private static void append(StringBuilder text, String prefix, String stream) {
        if (!stream.isEmpty()) {
            Splitter.on('\n')
                    .split(stream)
                    .forEach(line -> text.append(prefix).append(line).append('\n'));
        }
    }

    /** The policy it ran under; of Windows with the paths of Linux, which no path in its output is beneath. */
    SandboxPolicy policy() {
        Path root = Path.of(system.equals("linux") ? DenialScene.neutral(false) : "/c/x")
                .toAbsolutePath();
        return DenialScene.policy(root, !system.equals("linux"), confinement).build();
    }

    /** Whether the command is one that uses the network, going by its words. */
    boolean aboutNetwork() {
        return command.matches("(?s).*(?:\\bP\\b|\\blisten\\b|\\bbind\\b).*");
    }

    /** The result that a caller of the sandbox got. */
    SandboxResult result() {
        return new SandboxResult(
                ImmutableList.of(command),
                SandboxResult.Status.EXITED,
                exitCode,
                output(stdout),
                output(stderr),
                Duration.ofMillis(1),
                ImmutableList.of());
    }

    private static CapturedOutput output(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new CapturedOutput(bytes, new byte[0], bytes.length, true, StandardCharsets.UTF_8);
    }
}
