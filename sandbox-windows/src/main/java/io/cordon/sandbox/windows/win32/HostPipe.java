package io.cordon.sandbox.windows.win32;

/**
 * The host's end of a pipe. One thread may read or write while any other closes: closing ends the call that is under
 * way, which fails with {@link WindowsFailure#ERROR_OPERATION_ABORTED}.
 */
public interface HostPipe extends AutoCloseable {
    /**
     * Reads what there is, and waits for it if there is nothing.
     *
     * @return how many bytes were read, at least 1; or -1 when every handle of the other end is closed
     */
    int read(byte[] bytes, int offset, int length) throws WindowsFailure;

    /** How many bytes can be read without waiting; 0 at the end too. */
    int available() throws WindowsFailure;

    /** Writes everything, and waits until there is room for it. */
    void write(byte[] bytes, int offset, int length) throws WindowsFailure;

    /** Closes the end, once a call under way has ended. Closing again does nothing. */
    @Override
    void close();
}
