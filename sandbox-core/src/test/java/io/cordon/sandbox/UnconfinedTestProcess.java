package io.cordon.sandbox;

import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/**
 * A plain process that nothing confines. When it exits, what it left running goes on running, so that tests see what
 * core does about a process that escaped. In place of a terminal it has pipes, of which the output carries all.
 */
final class UnconfinedTestProcess implements LaunchedProcess {
    private final Process process;
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    private UnconfinedTestProcess(Process process) {
        this.process = process;
        // Not Process.onExit(), which needs the common pool: a test fills that.
        Thread waiter = new Thread(this::await, "test-exit-" + process.pid());
        waiter.setDaemon(true);
        waiter.start();
    }

    static UnconfinedTestProcess start(LaunchRequest request) throws SandboxException {
        ProcessBuilder builder = new ProcessBuilder(request.command())
                .directory(request.directory().toFile())
                .redirectInput(request.stdin())
                .redirectOutput(request.stdout())
                .redirectError(request.stderr())
                .redirectErrorStream(request.mergeStderr() || request.terminal().isPresent());
        builder.environment().clear();
        builder.environment().putAll(request.environment());
        try {
            return new UnconfinedTestProcess(builder.start());
        } catch (IOException e) {
            throw new SandboxException(SandboxErrorCode.PROGRAM_NOT_FOUND, request.program() + ": " + e, e);
        }
    }

    private void await() {
        try {
            exit.complete(process.waitFor());
        } catch (InterruptedException e) {
            exit.completeExceptionally(e);
        }
    }

    @Override
    public long pid() {
        return process.pid();
    }

    @Override
    public ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public OutputStream stdin() {
        return process.getOutputStream();
    }

    @Override
    public InputStream stdout() {
        return process.getInputStream();
    }

    @Override
    public InputStream stderr() {
        return process.getErrorStream();
    }

    @Override
    public CompletableFuture<Integer> exit() {
        return exit;
    }

    @Override
    public boolean supportsNormalTermination() {
        return process.supportsNormalTermination();
    }

    @Override
    public void terminate() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    @Override
    public void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
