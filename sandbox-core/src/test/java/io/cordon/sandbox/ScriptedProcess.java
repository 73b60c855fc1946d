package io.cordon.sandbox;

import io.cordon.sandbox.spi.LaunchedProcess;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** No process at all: it exits when a test completes {@link #exit}, and has the streams that the test gives it. */
class ScriptedProcess implements LaunchedProcess {
    final CompletableFuture<Integer> exit = new CompletableFuture<>();
    final CountDownLatch killed = new CountDownLatch(1);
    final CountDownLatch terminated = new CountDownLatch(1);
    private final InputStream stdout;

    ScriptedProcess() {
        this(InputStream.nullInputStream());
    }

    ScriptedProcess(InputStream stdout) {
        this.stdout = stdout;
    }

    @Override
    public long pid() {
        return 4711;
    }

    @Override
    public ProcessHandle handle() {
        return ProcessHandle.current();
    }

    @Override
    public OutputStream stdin() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public InputStream stdout() {
        return stdout;
    }

    @Override
    public InputStream stderr() {
        return InputStream.nullInputStream();
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
    public void terminate() {
        terminated.countDown();
    }

    @Override
    public void kill() {
        killed.countDown();
    }
}
