package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers on the loopback interface, by TCP and UDP, IPv4 and, where there is one, IPv6; counts who came. */
final class LoopbackHost implements AutoCloseable {
    private final List<Closeable> sockets = new ArrayList<>();
    private final List<String> kinds = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final AtomicInteger reached = new AtomicInteger();

    static LoopbackHost open() throws IOException {
        LoopbackHost host = new LoopbackHost();
        for (String kind : ImmutableList.of("tcp4", "udp4", "dns4", "tcp6", "udp6")) {
            try {
                host.listen(kind);
            } catch (IOException e) {
                if (kind.endsWith("4")) {
                    throw e; // only a machine without IPv6 is one to be tested
                }
            }
        }
        return host;
    }

    private void listen(String kind) throws IOException {
        if (kind.startsWith("tcp")) {
            ServerSocket socket = new ServerSocket(0, 5, NetworkMain.loopback(kind));
            add(kind, socket, socket.getLocalPort());
            answer(() -> socket.accept().close());
        } else {
            DatagramSocket socket = new DatagramSocket(0, NetworkMain.loopback(kind));
            add(kind, socket, socket.getLocalPort());
            answer(() -> {
                DatagramPacket packet = new DatagramPacket(new byte[64], 64);
                socket.receive(packet);
                socket.send(packet);
            });
        }
    }

    private void add(String kind, Closeable socket, int port) {
        sockets.add(socket);
        kinds.add(kind);
        arguments.add(kind);
        arguments.add(Integer.toString(port));
    }

    private interface Step {
        void run() throws IOException;
    }

    private void answer(Step step) {
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    step.run();
                    reached.incrementAndGet();
                }
            } catch (IOException e) {
                // closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    /** For {@link NetworkMain}. */
    String[] arguments() {
        return arguments.toArray(new String[0]);
    }

    /** What it prints if everything ends so. */
    String expected(String outcome) {
        StringBuilder text = new StringBuilder();
        kinds.forEach(kind -> text.append(kind).append(' ').append(outcome).append('\n'));
        return text.toString();
    }

    int reached() {
        return reached.get();
    }

    @Override
    public void close() throws IOException {
        for (Closeable socket : sockets) {
            socket.close();
        }
    }
}
