package io.cordon.sandbox.testkit.contract;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.URLEncoder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** What the {@link Probe} says of itself, and how it leaves others running. */
final class ProcessProbe {
    /** What a process says that has its lock, before its id. */
    static final String HOLDING = "holding ";

    private static final long LONGER_THAN_ANY_RULE = 90_000;

    private ProcessProbe() {}

    static int attempt(String kind, String[] arguments) throws IOException, InterruptedException {
        return switch (kind) {
            case "arguments" -> Probe.said(Probe.OK, encoded(List.of(arguments)));
            case "environment" -> environment();
            case "directory" ->
                Probe.said(Probe.OK, Path.of("").toAbsolutePath().toString());
            case "copy" -> copy();
            case "hold" -> hold(Path.of(arguments[0]));
            case "leave" -> leave(arguments[0], Redirect.PIPE);
            case "leave-open" -> leave(arguments[0], Redirect.INHERIT);
            case "tree" -> tree(arguments[0]);
            case "end" -> end(Long.parseLong(arguments[0]));
            default -> throw new IllegalArgumentException("no attempt is called " + kind);
        };
    }

    /** Texts on one line, whatever is in them. */
    static String encoded(List<String> texts) {
        List<String> all = new ArrayList<>();
        for (String text : texts) {
            all.add("'" + URLEncoder.encode(text, StandardCharsets.UTF_8) + "'");
        }
        return String.join(" ", all);
    }

    private static int environment() {
        List<String> variables = new ArrayList<>();
        System.getenv().forEach((name, value) -> variables.add(name + "=" + value));
        return Probe.said(Probe.OK, encoded(variables));
    }

    private static int copy() throws IOException {
        System.in.transferTo(System.out);
        System.out.flush();
        System.err.print("errors");
        System.err.flush();
        return Probe.OK;
    }

    /** Holds the lock of a file, which the system takes away when the process has ended and no earlier. */
    private static int hold(Path file) throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            Probe.said(Probe.OK, HOLDING + ProcessHandle.current().pid() + " " + lock.isValid());
            System.out.flush();
            Thread.sleep(LONGER_THAN_ANY_RULE);
        }
        return Probe.OK;
    }

    /** Starts a process that holds a lock, and ends without it. */
    private static int leave(String file, Redirect errors) throws IOException {
        Process process = new ProcessBuilder(
                        ProbeCommand.of(System.getProperty("java.class.path"), List.of("hold", file)))
                .redirectError(errors)
                .start();
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String said = String.valueOf(output.readLine());
        return Probe.said(said.startsWith(HOLDING) ? Probe.OK : Probe.OTHER, said);
    }

    /** The same, and stays until its input ends. */
    private static int tree(String file) throws IOException {
        int code = leave(file, Redirect.PIPE);
        System.out.flush();
        System.in.transferTo(OutputStream.nullOutputStream());
        return code;
    }

    private static int end(long pid) {
        return ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false)
                ? Probe.said(Probe.OK, "asked for the end of " + pid)
                : Probe.said(Probe.DENIED, pid + " cannot be ended");
    }
}
