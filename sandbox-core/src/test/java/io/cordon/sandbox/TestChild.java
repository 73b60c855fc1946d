package io.cordon.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What tests run as a child: a program that behaves the same on every system. Each argument is an action; they are
 * carried out in order.
 */
final class TestChild {
    private TestChild() {}

    /** The command line that carries out these actions in a JVM of its own. */
    static List<String> command(String... actions) {
        boolean windows = File.separatorChar == '\\';
        Path java = Path.of(System.getProperty("java.home"), "bin", windows ? "java.exe" : "java");
        // The options halve the time that the JVM takes to start.
        List<String> command = new ArrayList<>(List.of(
                java.toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                classes().toString(),
                TestChild.class.getName()));
        command.addAll(Arrays.asList(actions));
        return command;
    }

    private static Path classes() {
        try {
            return Path.of(TestChild.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] actions) throws Exception {
        for (String action : actions) {
            int colon = action.indexOf(':');
            String verb = colon < 0 ? action : action.substring(0, colon);
            perform(verb, action.substring(colon + 1));
            System.out.flush();
        }
    }

    private static void perform(String verb, String value) throws Exception {
        switch (verb) {
            case "out" -> print(System.out, value);
            case "err" -> print(System.err, value);
            case "hex" -> System.out.write(HexFormat.of().parseHex(value));
            case "exit" -> System.exit(Integer.parseInt(value));
            case "directory" -> print(System.out, System.getProperty("user.dir"));
            case "variable" -> print(System.out, value + "=" + System.getenv(value));
            case "variables" -> print(System.out, new TreeSet<>(System.getenv().keySet()).toString());
            case "input" -> System.in.transferTo(System.out);
            case "flood" -> flood(Long.parseLong(value));
            case "spawn" -> print(System.out, "child " + spawn().pid());
            // Not for ever, so that nothing is left behind when the test's JVM is killed.
            case "wait" -> new CountDownLatch(1).await(60, TimeUnit.SECONDS);
            default -> throw new IllegalArgumentException(verb);
        }
    }

    private static void print(PrintStream stream, String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
        stream.flush();
    }

    private static void flood(long bytesPerStream) throws InterruptedException {
        Thread errors = new Thread(() -> fill(System.err, bytesPerStream, 'e'));
        errors.start();
        fill(System.out, bytesPerStream, 'o');
        errors.join();
    }

    private static void fill(OutputStream stream, long bytes, char letter) {
        byte[] chunk = new byte[64 << 10];
        Arrays.fill(chunk, (byte) letter);
        try {
            for (long left = bytes; left > 0; left -= chunk.length) {
                stream.write(chunk, 0, (int) Math.min(left, chunk.length));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process spawn() throws IOException {
        return new ProcessBuilder(command("wait")).inheritIO().start();
    }
}
