package io.cordon.sandbox.spi;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TerminalSize;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/** A process that a backend started, with its tree. Safe for use by several threads. */
public interface LaunchedProcess {
    /** The system's id of the process. */
    long pid();

    /** A handle of the process, obtained while its id could not have been used again. */
    ProcessHandle handle();

    /**
     * Writes to the child's standard input; a stream that is closed if it is not a pipe. With a terminal, what is written
     * is typed, and closing says that nothing more will be: the terminal and the process go on.
     */
    OutputStream stdin();

    /** Reads the child's output, or all that its terminal prints; an empty stream if it is not a pipe. */
    InputStream stdout();

    /** Reads the child's errors; an empty stream if they are not a pipe, are merged, or go to a terminal. */
    InputStream stderr();

    /**
     * Completes with the exit code when the process has exited and the rest of its tree was ended; on an unconfined
     * thread.
     */
    CompletableFuture<Integer> exit();

    /** Whether {@link #terminate} lets the processes clean up. */
    boolean supportsNormalTermination();

    /** Asks every process of the tree to end. Where there is no such request, the same as {@link #kill}. */
    void terminate();

    /** Ends every process of the tree. Does not wait for the exit code. */
    void kill();

    /**
     * Tells the terminal of the process that it has another size. After the process has exited this does nothing.
     *
     * @throws SandboxException with {@link SandboxErrorCode#TERMINAL_UNAVAILABLE} if the process has no terminal
     */
    default void resizeTerminal(TerminalSize size) throws SandboxException {
        throw new SandboxException(
                SandboxErrorCode.TERMINAL_UNAVAILABLE,
                "resizing to " + size.columns() + " columns and " + size.rows()
                        + " rows: the process was started without a terminal; call terminal(columns, rows) before it is "
                        + "started");
    }
}
