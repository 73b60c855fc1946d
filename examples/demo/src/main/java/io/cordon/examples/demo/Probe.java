package io.cordon.examples.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The child that steps start where a shell cannot do it: {@code tcp PORT}, {@code udp PORT}, {@code sleep PID-FILE}, {@code leave PID-FILE}. */
public final class Probe {
    private static final int PATIENCE_MILLIS = 3000;

    private Probe() {}

    /** Does what it is told; exits with 0 only if that worked. */
    public static void main(String[] arguments) throws Exception {
        try {
            switch (arguments[0]) {
                case "tcp" -> tcp(Integer.parseInt(arguments[1]));
                case "udp" -> udp(Integer.parseInt(arguments[1]));
                case "sleep" -> sleep(Path.of(arguments[1]));
                case "leave" -> leave(Path.of(arguments[1]));
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        } catch (IOException e) {
            System.err.println(e);
            System.exit(1);
        }
    }

    private static void tcp(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            System.out.write(socket.getInputStream().readAllBytes());
        }
        System.out.flush();
    }

    /** Waits for the echo, so that the datagram has arrived when this exits. */
    private static void udp(int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            byte[] hello = {'h', 'i'};
            socket.send(new DatagramPacket(hello, hello.length, InetAddress.getLoopbackAddress(), port));
            socket.receive(new DatagramPacket(new byte[64], 64));
        }
    }

    /** Says where it is to be found, and stays for a minute. */
    private static void sleep(Path pidFile) throws IOException, InterruptedException {
        Files.writeString(pidFile, String.valueOf(ProcessHandle.current().pid()));
        TimeUnit.MINUTES.sleep(1);
    }

    /** Starts one that stays, and is gone itself as soon as that one said where it is to be found. */
    private static void leave(Path pidFile) throws IOException, InterruptedException {
        Process left = new ProcessBuilder(Steps.probe("sleep", pidFile.toString()))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        while (left.isAlive() && (Files.notExists(pidFile) || Files.size(pidFile) == 0)) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
