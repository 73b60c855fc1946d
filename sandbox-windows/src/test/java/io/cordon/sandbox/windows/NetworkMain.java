package io.cordon.sandbox.windows;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** Runs in a child: tries to reach a host, by pairs of a kind and a port, and prints for each whether it did. */
final class NetworkMain {
    private static final int MILLISECONDS = 3_000;

    private NetworkMain() {}

    /** The loopback address of a kind such as {@code tcp4}. */
    static InetAddress loopback(String kind) throws IOException {
        byte[] six = new byte[16];
        six[15] = 1;
        return kind.endsWith("4")
                ? Inet4Address.getByAddress(new byte[] {127, 0, 0, 1})
                : InetAddress.getByAddress(six);
    }

    public static void main(String[] arguments) {
        for (int i = 0; i < arguments.length; i += 2) {
            System.out.println(arguments[i] + " " + outcome(arguments[i], Integer.parseInt(arguments[i + 1])));
        }
    }

    private static String outcome(String kind, int port) {
        try {
            InetAddress address = kind.equals("dns4") ? loopback("udp4") : loopback(kind);
            if (kind.startsWith("tcp")) {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, port), MILLISECONDS);
                    return "OK";
                }
            }
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.setSoTimeout(MILLISECONDS);
                // For dns4, a query for the root's name servers.
                byte[] query = {0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};
                socket.send(new DatagramPacket(query, query.length, address, port));
                socket.receive(new DatagramPacket(new byte[64], 64));
                return "OK";
            }
        } catch (IOException e) {
            return "DENIED";
        }
    }
}
