package io.cordon.sandbox.linux.syscall;

import io.cordon.sandbox.NativeStepException;
import java.util.OptionalInt;

/** The children whose exits are waited for together: pidfd_open(2) and epoll(7). */
public interface ExitQueue extends AutoCloseable {
    /** Adds a child; from any thread. */
    void add(int process) throws NativeStepException;

    /**
     * Waits until a child has exited; from one thread. Its process id stays taken until it is reaped.
     *
     * @return its process id; empty after {@link #stop}
     */
    OptionalInt await() throws NativeStepException;

    /** Lets {@link #await} return; from any thread, and not after {@link #close}. */
    void stop() throws NativeStepException;

    /** Closes every descriptor. */
    @Override
    void close();
}
