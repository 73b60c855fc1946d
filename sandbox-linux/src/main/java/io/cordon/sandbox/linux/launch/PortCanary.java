package io.cordon.sandbox.linux.launch;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.syscall.NativeAddress;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;

/** A port of this machine that a confined thread must not reach; where it must not even make a socket, none. */
final class PortCanary implements AutoCloseable {
    /** The control's connection and the thread's: nobody accepts them. */
    private static final int BACKLOG = 2;

    private final SystemCalls calls;
    private final Optional<ServerSocket> listener;
    private final Optional<NativeAddress> address;

    private PortCanary(SystemCalls calls, Optional<ServerSocket> listener) {
        this.calls = calls;
        this.listener = listener;
        this.address = listener.map(socket -> new NativeAddress(socket.getLocalPort()));
    }

    static PortCanary listen(SystemCalls calls, boolean needed) throws SandboxException {
        if (!needed) {
            return new PortCanary(calls, Optional.empty());
        }
        PortCanary canary;
        try {
            canary = new PortCanary(
                    calls,
                    Optional.of(new ServerSocket(0, BACKLOG, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))));
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "no port of 127.0.0.1 could be listened on, so that the confinement cannot be tried: " + e,
                    e);
        }
        int control = canary.tryUnconfined();
        if (control != 0) {
            canary.close();
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "making a UDP socket or connecting to 127.0.0.1 failed unconfined (errno " + control
                            + "), so that the confinement cannot be tried");
        }
        return canary;
    }

    /** The error of the first that fails: each has to succeed, or its denial would prove nothing. */
    private int tryUnconfined() {
        int udp = calls.tryUdpSocket();
        return udp != 0 ? udp : calls.tryConnecting(address.orElseThrow());
    }

    /** Allocates nothing. The error of what must be denied; 0 if any of it succeeded. */
    int tryIt() {
        if (address.isEmpty()) {
            return calls.tryTcpSocket();
        }
        int udp = calls.tryUdpSocket();
        int tcp = calls.tryConnecting(address.get());
        return udp == 0 ? 0 : tcp;
    }

    @Override
    public void close() {
        address.ifPresent(NativeAddress::close);
        listener.ifPresent(socket -> {
            try {
                socket.close();
            } catch (IOException e) {
                // It listens no more, or as long as the JVM runs: nothing comes of it.
            }
        });
    }
}
