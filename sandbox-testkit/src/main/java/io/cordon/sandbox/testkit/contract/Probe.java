package io.cordon.sandbox.testkit.contract;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;

/**
 * The program that rules run confined and unconfined: it tries one thing, prints one line about it, and ends with one of
 * three exit codes. It needs nothing but the JDK, so that copies of its class files are all that a child has to read.
 *
 * <p>Of attempts at the network, a refusal of the system and silence are both {@code DENIED}: where a packet filter drops
 * what is sent, nothing else is seen. That the attempt would have succeeded otherwise, its control shows.
 */
final class Probe {
    /** The attempt succeeded. */
    static final int OK = 60;

    /** The system refused, or nothing answered. */
    static final int DENIED = 61;

    /** Anything else: the attempt tells nothing. */
    static final int OTHER = 62;

    /** All that a child needs to find on its class path. */
    static final List<Class<?>> CLASSES =
            List.of(Probe.class, FileProbe.class, NetworkProbe.class, ProcessProbe.class, ProbeCommand.class);

    private Probe() {}

    public static void main(String[] arguments) {
        int code;
        try {
            code = attempt(arguments);
        } catch (SocketException | SocketTimeoutException | SecurityException e) {
            code = said(DENIED, e.toString());
        } catch (IOException | RuntimeException | Error e) {
            code = said(OTHER, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            code = said(OTHER, e.toString());
        }
        System.out.flush();
        System.exit(code);
    }

    private static int attempt(String[] arguments) throws IOException, InterruptedException {
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        return switch (arguments[0]) {
            case "grandchild" -> grandchild(rest);
            case "files" -> FileProbe.attempt(rest);
            case "temporary" -> FileProbe.temporary();
            case "tcp4", "tcp6", "tcp-mapped", "udp4", "udp6", "dns4", "listen4", "listen6", "proxy" ->
                NetworkProbe.attempt(arguments[0], rest);
            default -> ProcessProbe.attempt(arguments[0], rest);
        };
    }

    /** Prints what was seen, and gives its code back. */
    static int said(int code, String detail) {
        System.out.println(detail.replaceAll("\\s+", " "));
        return code;
    }

    /** The same attempt by a process of its own. */
    private static int grandchild(String[] arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(ProbeCommand.of(System.getProperty("java.class.path"), List.of(arguments)))
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        System.out.write(process.getInputStream().readAllBytes());
        return process.waitFor();
    }
}
