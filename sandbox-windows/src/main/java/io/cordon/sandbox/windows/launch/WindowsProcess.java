package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TerminalSize;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process and its job. When the process has exited, the rest of the job is ended, both handles are closed, and then the
 * exit code is told.
 */
public final class WindowsProcess implements ConfinedProcess, ExitWatch.Watcher {
    /** The exit code of what is ended, as {@link Process#destroy()} has it. */
    static final int KILLED = 1;

    /** How long the processes of a job may take to vanish after they were ended: they are inside of system calls. */
    private static final Duration VANISH = Duration.ofSeconds(10);

    private final NativeCalls calls;
    private final OwnedHandle job;
    private final OwnedHandle process;
    private final long pid;
    private final ProcessHandle handle;
    private final ChildStreams streams;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    /** Held while the job's handle is used by any thread but the one that closes it. */
    private final Object jobLock = new Object();

    WindowsProcess(NativeCalls calls, OwnedHandle job, OwnedHandle process, long pid, ChildStreams streams)
            throws SandboxException {
        this.calls = calls;
        this.job = job;
        this.process = process;
        this.pid = pid;
        // The process is suspended and its handle is open: the id cannot be another one's.
        this.handle = ProcessHandle.of(pid)
                .orElseThrow(() -> new SandboxException(
                        SandboxErrorCode.LAUNCH_FAILED, "the new process " + pid + " has no ProcessHandle"));
        this.streams = streams;
        this.stdin = streams.stdin();
        this.stdout = streams.stdout();
        this.stderr = streams.stderr();
    }

    @Override
    public void exited(int code) {
        try {
            calls.jobs().terminate(job, KILLED);
            if (calls.jobs().activeProcesses(job) > 0) {
                Thread thread = new Thread(() -> vanished(code), "cordon-exit-" + pid);
                thread.setDaemon(true);
                thread.start();
                return;
            }
        } catch (WindowsFailure | RuntimeException e) {
            lost(e);
            return;
        }
        finish(code);
    }

    /** Waits for what the root left running, which was told to end and is on its way out of a system call. */
    private void vanished(int code) {
        long deadline = System.nanoTime() + VANISH.toNanos();
        try {
            while (calls.jobs().activeProcesses(job) > 0 && System.nanoTime() < deadline) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody has a reason to, and the job ends in any case
        } catch (WindowsFailure | RuntimeException e) {
            lost(e);
            return;
        }
        finish(code);
    }

    private void finish(int code) {
        release();
        exit.complete(code);
    }

    @Override
    public void lost(Throwable failure) {
        release(); // which ends the job, since this was its only handle
        exit.completeExceptionally(failure);
    }

    private void release() {
        synchronized (jobLock) {
            job.close();
            process.close();
        }
        streams.ended();
    }

    @Override
    public long pid() {
        return pid;
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
    public void resizeTerminal(TerminalSize size) throws SandboxException {
        if (streams instanceof TerminalStreams terminal) {
            terminal.resize(size);
        } else {
            ConfinedProcess.super.resizeTerminal(size);
        }
    }

    @Override
    public void kill() {
        synchronized (jobLock) {
            if (job.isOpen()) {
                try {
                    calls.jobs().terminate(job, KILLED);
                } catch (WindowsFailure e) {
                    throw new IllegalStateException("the tree of process " + pid + " could not be ended", e);
                }
            }
        }
    }

    @Override
    public void end() throws SandboxException {
        try {
            kill();
            exit.get(VANISH.toSeconds() + 1, TimeUnit.SECONDS);
        } catch (IllegalStateException | ExecutionException | TimeoutException e) {
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED, "the tree of process " + pid + " could not be ended: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED, "interrupted while the tree of process " + pid + " was ending", e);
        }
    }
}
