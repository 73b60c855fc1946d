package io.cordon.sandbox.testkit.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What the {@link Probe} tries of the network. */
final class NetworkProbe {
    /** Longer than a busy machine takes to answer, since silence counts as a denial. */
    private static final int MILLISECONDS = 5_000;

    /** What a {@link LoopbackListener} says to whoever connects. */
    static final int GREETING = 'c';

    /** What comes before the port of a child that listens. */
    static final String LISTENING = "listening ";

    private static final int HEADER = 12;

    private NetworkProbe() {}

    static int attempt(String kind, String[] arguments) throws IOException {
        return switch (kind) {
            case "tcp4", "tcp6", "tcp-mapped" -> connect(new InetSocketAddress(loopback(kind), port(arguments[0])));
            case "udp4", "udp6" -> exchange(kind, port(arguments[0]), new byte[] {GREETING});
            case "dns4" -> query(port(arguments[0]));
            case "listen4", "listen6" -> listen(kind);
            case "proxy" -> tunnel(arguments[0], port(arguments[1]));
            default -> throw new IllegalArgumentException("no attempt is called " + kind);
        };
    }

    /** The loopback address of a kind such as {@code tcp6}; {@code tcp-mapped} is IPv4 by an IPv6 socket. */
    static InetAddress loopback(String kind) throws IOException {
        byte[] six = new byte[16];
        six[15] = 1;
        return InetAddress.getByAddress(kind.endsWith("6") ? six : new byte[] {127, 0, 0, 1});
    }

    private static int port(String text) {
        return Integer.parseInt(text);
    }

    private static int connect(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(MILLISECONDS);
            socket.connect(address, MILLISECONDS);
            return greeted(socket.getInputStream(), "connected to " + address);
        }
    }

    private static int greeted(InputStream in, String how) throws IOException {
        int first = in.read();
        return first == GREETING
                ? Probe.said(Probe.OK, how)
                : Probe.said(Probe.DENIED, how + ", and then it was closed (" + first + ")");
    }

    private static int exchange(String kind, int port, byte[] sent) throws IOException {
        byte[] answer = answer(kind, port, sent);
        return Arrays.equals(answer, sent)
                ? Probe.said(Probe.OK, "answered by port " + port)
                : Probe.said(Probe.OTHER, "another answer: " + Arrays.toString(answer));
    }

    private static byte[] answer(String kind, int port, byte[] sent) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(MILLISECONDS);
            socket.send(new DatagramPacket(sent, sent.length, loopback(kind), port));
            DatagramPacket packet = new DatagramPacket(new byte[512], 512);
            socket.receive(packet);
            return Arrays.copyOf(packet.getData(), packet.getLength());
        }
    }

    /** A query for the address of a name (RFC 1035, 4.1), as one that carries a secret out would be. */
    private static int query(int port) throws IOException {
        byte[] question = "\6secret\7example\0".getBytes(StandardCharsets.ISO_8859_1);
        byte[] query = Arrays.copyOf(new byte[] {'c', 'd', 1, 0, 0, 1, 0, 0, 0, 0, 0, 0}, HEADER + question.length + 4);
        System.arraycopy(question, 0, query, HEADER, question.length);
        query[query.length - 3] = 1; // type A
        query[query.length - 1] = 1; // class IN
        byte[] answer = answer("dns4", port, query);
        boolean answered = answer.length > query.length
                && answer[0] == query[0]
                && answer[1] == query[1]
                && answer[2] < 0 // it is a response
                && answer[7] == 1; // with one answer
        return answered
                ? Probe.said(Probe.OK, "the name was resolved")
                : Probe.said(Probe.OTHER, "no answer to the query: " + Arrays.toString(answer));
    }

    /** Listens until its input ends, and says on which port; greets who comes. */
    private static int listen(String kind) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, loopback(kind))) {
            Thread greeter = new Thread(() -> {
                try {
                    while (true) {
                        try (Socket guest = server.accept()) {
                            guest.getOutputStream().write(GREETING);
                        }
                    }
                } catch (IOException e) {
                    // closed
                }
            });
            greeter.setDaemon(true);
            greeter.start();
            Probe.said(Probe.OK, LISTENING + server.getLocalPort());
            System.out.flush();
            System.in.transferTo(OutputStream.nullOutputStream());
        }
        return Probe.OK;
    }

    /** By the proxy that the environment names, as RFC 9110, 9.3.6 has it. */
    private static int tunnel(String host, int port) throws IOException {
        String variable = System.getenv("HTTP_PROXY");
        if (variable == null) {
            return Probe.said(Probe.OTHER, "HTTP_PROXY is not set");
        }
        URI proxy = URI.create(variable);
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(MILLISECONDS);
            try {
                socket.connect(new InetSocketAddress(proxy.getHost(), proxy.getPort()), MILLISECONDS);
            } catch (IOException e) {
                return Probe.said(Probe.OTHER, "the proxy " + proxy + " is not reached: " + e);
            }
            String request = "CONNECT " + host + ":" + port + " HTTP/1.1\r\nHost: " + host + ":" + port + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            int next;
            while (head.indexOf("\r\n\r\n") < 0 && (next = in.read()) >= 0) {
                head.append((char) next);
            }
            String status = head.substring(0, Math.max(0, head.indexOf("\r\n")));
            return status.matches("HTTP/1\\.[01] 2\\d\\d.*")
                    ? greeted(in, status)
                    : Probe.said(Probe.DENIED, "the proxy says " + status);
        }
    }
}
