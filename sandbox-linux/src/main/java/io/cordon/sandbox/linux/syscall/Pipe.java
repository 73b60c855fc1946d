package io.cordon.sandbox.linux.syscall;

/**
 * The two ends of a pipe.
 *
 * @param readEnd where the bytes come out
 * @param writeEnd where they go in
 */
public record Pipe(OwnedFd readEnd, OwnedFd writeEnd) implements AutoCloseable {
    /** Closes both ends. */
    @Override
    public void close() {
        readEnd.close();
        writeEnd.close();
    }
}
