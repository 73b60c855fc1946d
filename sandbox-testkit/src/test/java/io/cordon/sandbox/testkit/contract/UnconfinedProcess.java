package io.cordon.sandbox.testkit.contract;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;

/**
 * A plain process, for backends that confine nothing.
 *
 * @param wholeTree whether killing ends its descendants too
 */
record UnconfinedProcess(Process process, boolean wholeTree) implements LaunchedProcess {
    static UnconfinedProcess start(LaunchRequest request, boolean wholeTree) throws SandboxException {
        ProcessBuilder builder = new ProcessBuilder(request.command())
                .directory(request.directory().toFile())
                .redirectErrorStream(request.mergeStderr());
        builder.environment().clear();
        builder.environment().putAll(request.environment());
        try {
            return new UnconfinedProcess(builder.start(), wholeTree);
        } catch (IOException e) {
            throw new SandboxException(SandboxErrorCode.LAUNCH_FAILED, e.toString(), e);
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
        return process.onExit().thenApply(Process::exitValue);
    }

    @Override
    public boolean supportsNormalTermination() {
        return false;
    }

    @Override
    public void terminate() {
        kill();
    }

    @Override
    public void kill() {
        if (wholeTree) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
    }
}
