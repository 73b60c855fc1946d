package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** One command from its start to its result: both streams are drained while it runs. */
final class CapturedRun {
    /**
     * How long a stream may stay open after the tree has ended. Usually it is closed already; it is not when something
     * that escaped the tree holds it, and nobody shall wait for that.
     */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final SandboxedProcess process;
    private final CompletableFuture<SandboxResult> result;

    private CapturedRun(SandboxedProcess process, CompletableFuture<SandboxResult> result) {
        this.process = process;
        this.result = result;
    }

    static CapturedRun of(
            SandboxedProcess process, ImmutableList<String> command, int limit, Charset charset, long startNanos) {
        try {
            return drain(process, command, limit, charset, startNanos);
        } catch (RuntimeException | Error e) { // such as that there are no more threads
            process.destroyForcibly();
            throw e;
        }
    }

    private static CapturedRun drain(
            SandboxedProcess process, ImmutableList<String> command, int limit, Charset charset, long startNanos) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The child closed its end first, or exited already.
        }
        String thread = "cordon-output-" + process.pid();
        OutputDrain stdout = OutputDrain.start(process.getInputStream(), limit, thread);
        OutputDrain stderr = OutputDrain.start(process.getErrorStream(), limit, thread + "-err");
        CompletableFuture<SandboxResult> result = process.onExit()
                .thenCompose(exited -> drained(stdout, stderr))
                .thenApply(drained -> new SandboxResult(
                        command,
                        process.timedOut() ? SandboxResult.Status.TIMED_OUT : SandboxResult.Status.EXITED,
                        process.exitValue(),
                        stdout.captured(charset),
                        stderr.captured(charset),
                        Duration.ofNanos(System.nanoTime() - startNanos),
                        process.violations()))
                .whenComplete((value, failure) -> {
                    if (value != null) {
                        process.finished(value);
                    }
                });
        return new CapturedRun(process, endTreeIfCancelled(process, result));
    }

    private static CompletableFuture<Void> drained(OutputDrain stdout, OutputDrain stderr) {
        return CompletableFuture.allOf(stdout.end(), stderr.end())
                .completeOnTimeout(null, GRACE.toMillis(), TimeUnit.MILLISECONDS)
                // What follows can be a caller's own code: not on the timer thread, which all timeouts share.
                .thenRunAsync(
                        () -> {
                            stdout.abandon();
                            stderr.abandon();
                        },
                        OwnThread.EXECUTOR);
    }

    private static CompletableFuture<SandboxResult> endTreeIfCancelled(
            SandboxedProcess process, CompletableFuture<SandboxResult> result) {
        CompletableFuture<SandboxResult> visible = result.copy();
        CompletableFuture<?> unused = visible.whenComplete((value, failure) -> {
            if (visible.isCancelled()) {
                process.destroyForcibly();
            }
        });
        return visible;
    }

    CompletableFuture<SandboxResult> result() {
        return result;
    }

    SandboxResult await() throws InterruptedException {
        try {
            return result.get();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the result of process " + process.pid() + " is lost", e.getCause());
        }
    }
}
