package io.cordon.sandbox.linux.launch;

import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import io.cordon.sandbox.spi.LaunchedProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/** A confined child with its tree. When it exits, the rest of the tree is ended, and then it is reaped. */
final class LinuxProcess implements LaunchedProcess, ExitWatcher.Watched {
    private final SystemCalls calls;
    private final int pid;
    private final ProcessHandle handle;
    private final ProcessTree tree;
    private final OutputStream stdin;
    private final InputStream stdout;
    private final InputStream stderr;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    /** Whether the process id may be another process's by now; guarded by {@code this}. */
    private boolean reaped;

    LinuxProcess(SystemCalls calls, int pid, ProcessTree tree, ChildStreams streams) {
        this.calls = calls;
        this.pid = pid;
        this.tree = tree;
        this.stdin = streams.toStdin();
        this.stdout = streams.fromStdout();
        this.stderr = streams.fromStderr();
        this.handle = ProcessHandle.of(pid)
                .orElseThrow(() -> new IllegalStateException("/proc does not show the child " + pid));
    }

    /** Mostly, nothing is alive any more; a handover to another thread would cost as much as all else here. */
    @Override
    public boolean exited() {
        try {
            OptionalInt code = reapIfAlone();
            code.ifPresent(exit::complete);
            return code.isPresent();
        } catch (NativeStepException | RuntimeException e) {
            lost(e);
            return true;
        }
    }

    private synchronized OptionalInt reapIfAlone() throws NativeStepException {
        if (!tree.isEmpty()) {
            return OptionalInt.empty();
        }
        reaped = true;
        tree.forget();
        return OptionalInt.of(calls.reap(pid));
    }

    @Override
    public void endTree() {
        try {
            exit.complete(endTreeAndReap());
        } catch (NativeStepException | RuntimeException e) {
            lost(e);
        }
    }

    @Override
    public void lost(Exception failure) {
        try {
            endTreeAndReap(); // the exit code is lost, but what cannot be waited for must not go on running
        } catch (NativeStepException | RuntimeException again) {
            failure.addSuppressed(again);
        }
        exit.completeExceptionally(failure);
    }

    /** Ends what is alive of the tree while the process id of its root is still taken, then gives that back. */
    synchronized int endTreeAndReap() throws NativeStepException {
        kill();
        reaped = true;
        tree.forget();
        return calls.reap(pid);
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
    public boolean supportsNormalTermination() {
        return true;
    }

    @Override
    public synchronized void terminate() {
        if (!reaped) {
            tree.terminate();
        }
    }

    @Override
    public synchronized void kill() {
        if (!reaped) {
            tree.kill();
        }
    }
}
