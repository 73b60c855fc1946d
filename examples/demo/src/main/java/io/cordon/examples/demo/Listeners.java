package io.cordon.examples.demo;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP and a UDP server on loopback, which count who reached them. */
final class Listeners implements AutoCloseable {
    private final ServerSocket tcp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final DatagramSocket udp = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private final AtomicInteger reached = new AtomicInteger();

    Listeners() throws IOException {
        serve("demo-tcp", this::acceptOne);
        serve("demo-udp", this::receiveOne);
    }

    /** Serves once. */
    private interface Service {
        void once() throws IOException;
    }

    private static void serve(String name, Service service) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (true) {
                            service.once();
                        }
                    } catch (SocketException e) {
                        // closed: the demo is over
                    } catch (IOException e) {
                        System.err.println(name + " failed: " + e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptOne() throws IOException {
        try (var connection = tcp.accept()) {
            reached.incrementAndGet();
            connection.getOutputStream().write("reached\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
    }

    private void receiveOne() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[64], 64);
        udp.receive(packet);
        reached.incrementAndGet();
        udp.send(new DatagramPacket(packet.getData(), packet.getLength(), packet.getSocketAddress()));
    }

    String tcpPort() {
        return String.valueOf(tcp.getLocalPort());
    }

    String udpPort() {
        return String.valueOf(udp.getLocalPort());
    }

    /** How often one of them was reached since this was asked the last time. */
    int reachedSinceLastAsked() {
        return reached.getAndSet(0);
    }

    @Override
    public void close() throws IOException {
        tcp.close();
        udp.close();
    }
}
