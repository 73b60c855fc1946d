package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TerminalSize;
import io.cordon.sandbox.windows.win32.HostPipe;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.PipeCalls.Pipe;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.SurfaceCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A pseudo console (ConPTY): what is written is typed, what is read is what a terminal would be told to show. The console
 * belongs to the host, and so to nobody whom a child could ask.
 *
 * @see <a href="https://learn.microsoft.com/windows/console/creating-a-pseudoconsole-session">Creating a Pseudoconsole
 *     session</a>
 */
final class TerminalStreams implements ChildStreams {
    private final SurfaceCalls calls;
    private final OwnedHandle terminal;
    private final HostPipe keys;
    private final HostPipe screen;
    /** Held while the terminal's handle is used, but not while it is closed, which may wait for a reader. */
    private final Object terminalLock = new Object();

    private boolean closing;

    private TerminalStreams(SurfaceCalls calls, OwnedHandle terminal, HostPipe keys, HostPipe screen) {
        this.calls = calls;
        this.terminal = terminal;
        this.keys = keys;
        this.screen = screen;
    }

    /**
     * Makes a terminal.
     *
     * @throws SandboxException with {@link SandboxErrorCode#TERMINAL_UNAVAILABLE} if this Windows has no pseudo consoles
     */
    static TerminalStreams open(NativeCalls calls, TerminalSize size) throws SandboxException {
        try (ResourceScope scope = new ResourceScope()) {
            Pipe keys = calls.pipes().toChild();
            scope.own(keys.host());
            Pipe screen;
            // The console makes copies of its two ends.
            try (OwnedHandle input = keys.child()) {
                screen = calls.pipes().fromChild();
                scope.own(screen.host());
                try (OwnedHandle output = screen.child()) {
                    OwnedHandle terminal = calls.surfaces().createTerminal(size, input, output);
                    scope.release();
                    return new TerminalStreams(calls.surfaces(), terminal, keys.host(), screen.host());
                }
            }
        } catch (WindowsFailure e) {
            throw e.as(
                    SandboxErrorCode.TERMINAL_UNAVAILABLE,
                    "pseudo consoles came with Windows 10 build 17763; start the process without terminal(...)");
        }
    }

    @Override
    public ImmutableList<OwnedHandle> childHandles() {
        return ImmutableList.of();
    }

    @Override
    public Optional<OwnedHandle> terminal() {
        return Optional.of(terminal);
    }

    @Override
    public void closeChildHandles() {
        // the console has the only ones
    }

    /** Closing the pipe would end the console with all that is attached, so that closing the stream does not. */
    @Override
    public OutputStream stdin() {
        PipeOutputStream typed = new PipeOutputStream(keys);
        return new OutputStream() {
            private volatile boolean closed;

            @Override
            public void write(int key) throws IOException {
                write(new byte[] {(byte) key}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (closed) {
                    throw new IOException("the stream is closed");
                }
                typed.write(bytes, offset, length);
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    @Override
    public InputStream stdout() {
        return new PipeInputStream(screen);
    }

    @Override
    public InputStream stderr() {
        return InputStream.nullInputStream();
    }

    /** See {@link io.cordon.sandbox.spi.LaunchedProcess#resizeTerminal}. */
    void resize(TerminalSize size) throws SandboxException {
        synchronized (terminalLock) {
            if (closing) {
                return;
            }
            try {
                calls.resize(terminal, size);
            } catch (WindowsFailure e) {
                throw e.as(
                        SandboxErrorCode.TERMINAL_UNAVAILABLE, size.columns() + " columns, " + size.rows() + " rows");
            }
        }
    }

    /** On a thread of its own: before build 26100, closing a console waits until somebody has read what it shows. */
    @Override
    public void ended() {
        if (beginClosing()) {
            Thread thread = new Thread(this::closeTerminal, "cordon-terminal");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void close() {
        screen.close(); // nobody reads it, so that closing the console has nothing to wait for
        if (beginClosing()) {
            closeTerminal();
        }
    }

    /** From now on the terminal is not used; whether nobody else has begun. */
    private boolean beginClosing() {
        synchronized (terminalLock) {
            boolean first = !closing;
            closing = true;
            return first;
        }
    }

    private void closeTerminal() {
        terminal.close();
        keys.close();
    }
}
