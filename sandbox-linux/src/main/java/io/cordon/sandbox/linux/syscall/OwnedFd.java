package io.cordon.sandbox.linux.syscall;

import java.util.concurrent.atomic.AtomicInteger;

/** A file descriptor with an owner, who closes it once. Every one of them is closed on exec. */
public final class OwnedFd implements AutoCloseable {
    private static final int CLOSED = -1;

    private final AtomicInteger descriptor;

    OwnedFd(int descriptor) {
        this.descriptor = new AtomicInteger(descriptor);
    }

    /**
     * The number.
     *
     * @throws IllegalStateException if it is closed
     */
    public int number() {
        int number = descriptor.get();
        if (number == CLOSED) {
            throw new IllegalStateException("the descriptor is closed");
        }
        return number;
    }

    /** Closes the descriptor; it is gone whatever close(2) says. */
    @Override
    public void close() {
        int number = descriptor.getAndSet(CLOSED);
        if (number != CLOSED) {
            LibC.close(number);
        }
    }
}
