package io.cordon.sandbox.testkit.contract;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the attempts of the rules are aimed at: it answers on the loopback interface, outside of every sandbox, and counts
 * who came. Safe for use by several threads; owns a socket and a thread until it is closed.
 */
final class LoopbackListener implements AutoCloseable {
    private static final int MAX_DATAGRAM = 512;

    private final Closeable socket;
    private final int port;
    private final AtomicInteger reached = new AtomicInteger();

    private interface Answer {
        void run() throws IOException;
    }

    private LoopbackListener(Closeable socket, int port) {
        this.socket = socket;
        this.port = port;
    }

    /**
     * Listens for one kind of attempt.
     *
     * @param kind the name that the probe knows it by
     * @throws IOException if the machine has no such address
     */
    static LoopbackListener open(String kind) throws IOException {
        if (kind.startsWith("tcp")) {
            ServerSocket server = new ServerSocket(0, 5, NetworkProbe.loopback(kind));
            LoopbackListener listener = new LoopbackListener(server, server.getLocalPort());
            return listener.answering(() -> {
                try (Socket guest = server.accept()) {
                    listener.reached.incrementAndGet();
                    guest.getOutputStream().write(NetworkProbe.GREETING);
                }
            });
        }
        DatagramSocket server = new DatagramSocket(0, NetworkProbe.loopback(kind));
        LoopbackListener listener = new LoopbackListener(server, server.getLocalPort());
        return listener.answering(() -> {
            DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
            server.receive(packet);
            listener.reached.incrementAndGet();
            if (kind.startsWith("dns")) {
                packet.setData(resolved(Arrays.copyOf(packet.getData(), packet.getLength())));
            }
            server.send(packet);
        });
    }

    private LoopbackListener answering(Answer answer) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            answer.run();
                        }
                    } catch (IOException e) {
                        // closed
                    }
                },
                "contract-listener-" + port);
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** The query as a response (RFC 1035, 4.1.1) that names 127.0.0.1 for what was asked for. */
    private static byte[] resolved(byte[] query) {
        byte[] record = {(byte) 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1};
        byte[] response = Arrays.copyOf(query, query.length + record.length);
        System.arraycopy(record, 0, response, query.length, record.length);
        response[2] |= (byte) 0x80; // a response
        response[7] = 1; // with one answer
        return response;
    }

    int port() {
        return port;
    }

    /** How many came so far. */
    int reached() {
        return reached.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
