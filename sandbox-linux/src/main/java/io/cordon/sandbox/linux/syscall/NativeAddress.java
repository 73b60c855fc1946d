package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Memory;

/** A TCP port of 127.0.0.1 in native memory, for the thread that must not allocate any: {@code struct sockaddr_in}, ip(7). */
public final class NativeAddress implements AutoCloseable {
    private static final int SIZE = 16;
    private static final short AF_INET = 2;

    final Memory memory = NativeText.cleared(SIZE);

    /** Of this port. */
    public NativeAddress(int port) {
        memory.setShort(0, AF_INET); // in the order of the host; port and address in that of the network
        memory.setByte(2, (byte) (port >> Byte.SIZE));
        memory.setByte(3, (byte) port);
        memory.setByte(4, (byte) 127);
        memory.setByte(7, (byte) 1);
    }

    @Override
    public void close() {
        memory.close();
    }
}
