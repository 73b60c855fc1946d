package io.cordon.sandbox.testkit.contract;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/**
 * Takes the sockets of the JDK from the probe, in its own JVM: a confinement that keeps nobody who means it, and that can
 * be made to forget what is to be forgotten, on any system.
 */
final class DenyingAgent {
    private DenyingAgent() {}

    /**
     * Runs in the child.
     *
     * @param denied what of {@code connect+listen+udp} is denied, and {@code ipv4} if only where the JDK uses IPv4 sockets
     */
    @SuppressWarnings("deprecation") // the sockets' factories: nothing else denies them from within
    public static void premain(String denied) throws IOException {
        List<String> kinds = List.of(denied.split("\\+"));
        if (kinds.contains("ipv4") && !Boolean.getBoolean("java.net.preferIPv4Stack")) {
            return;
        }
        if (kinds.contains("connect")) {
            Socket.setSocketImplFactory(() -> {
                throw denial();
            });
        }
        if (kinds.contains("listen")) {
            ServerSocket.setSocketFactory(() -> {
                throw denial();
            });
        }
        if (kinds.contains("udp")) {
            DatagramSocket.setDatagramSocketImplFactory(() -> {
                throw denial();
            });
        }
    }

    private static SecurityException denial() {
        return new SecurityException("denied by an agent");
    }
}
