package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.LaunchedProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A process that runs confined, with its whole tree.
 *
 * <p>It is a {@link Process} in every respect but one: its life is that of its tree. When the process exits, what it
 * left running is ended; {@link #destroy()} and {@link #destroyForcibly()} reach every process of the tree. How far
 * the machine can guarantee that is what the report says of {@link Capability#PROCESS_TREE}.
 *
 * <p>Safe for use by several threads.
 */
public final class SandboxedProcess extends Process {
    private final LaunchedProcess launched;
    private final CompletableFuture<Integer> exit;
    private final ProcessWatch watch;
    private volatile boolean timedOut;

    SandboxedProcess(LaunchedProcess launched, Optional<Duration> timeout) {
        this(launched, timeout, ImmutableList::of);
    }

    SandboxedProcess(LaunchedProcess launched, Optional<Duration> timeout, ProcessWatch watch) {
        this.launched = launched;
        this.watch = watch;
        this.exit = launched.exit();
        timeout.ifPresent(this::endAfter);
    }

    /** A builder for one process with a sandbox of its own, which is closed when the process has exited. */
    public static SandboxedProcessBuilder builder(SandboxPolicy policy) {
        return new SandboxedProcessBuilder(Launcher.oneOff(policy), policy);
    }

    private void endAfter(Duration timeout) {
        // The future's timer thread only notices; ending a tree takes system calls, so that it is not done on it.
        var unused = exit.copy()
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((code, failure) -> {
                    if (failure instanceof TimeoutException) {
                        timedOut = true;
                        OwnThread.EXECUTOR.execute(this::endInTime);
                    }
                });
    }

    private void endInTime() {
        launched.kill();
        watch.timedOut(pid());
    }

    /** Tells the sandbox what came of it. */
    void finished(SandboxResult result) {
        watch.finished(pid(), result);
    }

    /**
     * Tells the terminal of this process that it has another size; programs in it redraw.
     *
     * @throws SandboxException with {@link SandboxErrorCode#TERMINAL_INVALID} if there is no terminal of this size, with
     *     {@link SandboxErrorCode#TERMINAL_UNAVAILABLE} if the process was started without one
     */
    public void resizeTerminal(int columns, int rows) throws SandboxException {
        launched.resizeTerminal(TerminalSize.of(columns, rows));
    }

    /** Whether the tree was ended because the time of its {@link ResourceLimits#timeout()} was up. */
    public boolean timedOut() {
        return timedOut;
    }

    /** What appeared in its sandbox, see {@link Sandbox#violations()}; meant for after the exit. */
    public ImmutableList<Path> violations() {
        return watch.violations();
    }

    @Override
    public OutputStream getOutputStream() {
        return launched.stdin();
    }

    @Override
    public InputStream getInputStream() {
        return launched.stdout();
    }

    @Override
    public InputStream getErrorStream() {
        return launched.stderr();
    }

    @Override
    public int waitFor() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw lost(e);
        }
    }

    @Override
    public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
        try {
            exit.get(timeout, unit);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw lost(e);
        }
    }

    private IllegalStateException lost(Exception exit) {
        return new IllegalStateException("the exit code of process " + pid() + " is lost", exit.getCause());
    }

    @Override
    public int exitValue() {
        if (!exit.isDone()) {
            throw new IllegalThreadStateException("process " + pid() + " has not exited");
        }
        try {
            return exit.join();
        } catch (CompletionException e) {
            throw lost(e);
        }
    }

    @Override
    public boolean isAlive() {
        return !exit.isDone();
    }

    /** Asks every process of the tree to end; see {@link #supportsNormalTermination()}. */
    @Override
    public void destroy() {
        launched.terminate();
    }

    /** Ends every process of the tree. */
    @Override
    public SandboxedProcess destroyForcibly() {
        launched.kill();
        return this;
    }

    @Override
    public boolean supportsNormalTermination() {
        return launched.supportsNormalTermination();
    }

    @Override
    public long pid() {
        return launched.pid();
    }

    /** Completes with this process when it has exited and its tree was ended. */
    @Override
    public CompletableFuture<Process> onExit() {
        return exit.handleAsync((code, failure) -> this, OwnThread.EXECUTOR);
    }

    @Override
    public ProcessHandle toHandle() {
        return launched.handle();
    }

    @Override
    public ProcessHandle.Info info() {
        return launched.handle().info();
    }

    @Override
    public Stream<ProcessHandle> children() {
        return launched.handle().children();
    }

    @Override
    public Stream<ProcessHandle> descendants() {
        return launched.handle().descendants();
    }

    @Override
    public String toString() {
        String state = isAlive() ? "running" : "exit code " + (exit.isCompletedExceptionally() ? "lost" : exitValue());
        return "SandboxedProcess[pid=" + pid() + ", " + state + "]";
    }
}
