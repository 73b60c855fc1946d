package io.cordon.sandbox.windows.broker;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.launch.ChildStreams;
import io.cordon.sandbox.windows.launch.ConfinedProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process that the broker has started, as the host sees it: its exit is what the broker tells. */
final class BrokeredProcess implements ConfinedProcess {
    private static final int END_SECONDS = 11;

    private final Broker broker;
    private final int id;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<Integer> started = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final BrokeredHandle handle = new BrokeredHandle(this);

    BrokeredProcess(Broker broker, int id, ChildStreams streams) {
        this.broker = broker;
        this.id = id;
        this.stdin = streams.stdin();
        this.stdout = streams.stdout();
        this.stderr = streams.stderr();
    }

    int id() {
        return id;
    }

    /** Completes with the process id, or as it was not started. */
    CompletableFuture<Integer> started() {
        return started;
    }

    /** The broker says that the tree has ended. Whoever waits for that must not hold up who reads the pipe. */
    void exited(int code) {
        tell(() -> exit.complete(code));
    }

    /** How it ended will not be known. */
    void lost(SandboxException cause) {
        if (!started.completeExceptionally(cause)) {
            tell(() -> exit.completeExceptionally(cause));
        }
    }

    private void tell(Runnable what) {
        Thread thread = new Thread(what, "cordon-exit-" + id);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public long pid() {
        return Integer.toUnsignedLong(started.join());
    }

    @Override
    public ProcessHandle handle() {
        return handle;
    }

    @Override
    public OutputStream stdin() {
        return stdin;
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return stderr;
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public void kill() {
        if (!exit.isDone()) {
            broker.kill(id);
        }
    }

    @Override
    public void end() throws SandboxException {
        kill();
        try {
            exit.get(END_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // the broker is gone, and its trees with it
        } catch (TimeoutException e) {
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED, "the broker does not end the tree of process " + pid(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED, "interrupted while the tree of process " + pid() + " was ending", e);
        }
    }
}
