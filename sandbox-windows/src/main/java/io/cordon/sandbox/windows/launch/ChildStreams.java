package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/** How a child and its host speak with each other: by three streams, or by a terminal. */
public interface ChildStreams extends AutoCloseable {
    /** Makes the pipes and opens the files, or makes the terminal. */
    static ChildStreams open(NativeCalls calls, LaunchRequest request) throws SandboxException {
        return request.terminal().isPresent()
                ? TerminalStreams.open(calls, request.terminal().get())
                : StandardStreams.open(calls, request);
    }

    /** The handles that the child inherits as its standard ones; none with a terminal. */
    ImmutableList<OwnedHandle> childHandles();

    /** The pseudo console that becomes the child's console. */
    Optional<OwnedHandle> terminal();

    /** Closes the host's copies of what the child has now; else the host itself would keep its pipes open. */
    void closeChildHandles();

    /** See {@link io.cordon.sandbox.spi.LaunchedProcess#stdin()}; each of the three is asked for once. */
    OutputStream stdin();

    InputStream stdout();

    InputStream stderr();

    /** The tree has ended: what is still needed are the host's ends of the pipes that are read. */
    void ended();

    /** Closes everything, both ends; for a launch that failed. */
    @Override
    void close();
}
