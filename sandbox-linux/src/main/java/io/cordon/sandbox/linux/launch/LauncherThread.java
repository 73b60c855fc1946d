package io.cordon.sandbox.linux.launch;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The thread that confines itself and then starts the children, which inherit what it may not do. Landlock, seccomp and
 * capabilities belong to a thread, so that the rest of the JVM stays as it is.
 *
 * <p>Whatever runs here must start no thread and complete no future that others wait on: both would carry the
 * confinement into the rest of the JVM. So it runs system calls only, and hands back their results.
 */
final class LauncherThread implements AutoCloseable {
    private static final FutureTask<?> END = new FutureTask<>(() -> null);

    private final BlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
    private final Thread thread = new Thread(this::work, "cordon-launcher");

    /** A step that the thread takes. */
    @FunctionalInterface
    interface Step<T> {
        T take() throws SandboxException;
    }

    LauncherThread() {
        thread.setDaemon(true);
        thread.start();
    }

    private void work() {
        try {
            for (FutureTask<?> task = tasks.take(); task != END; task = tasks.take()) {
                task.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts it but a debugger; then it ends
        }
    }

    /** Takes a step on the thread and waits for it, however often the caller is interrupted: a step is short. */
    <T> T call(Step<T> step) throws SandboxException {
        FutureTask<T> task = new FutureTask<>(step::take);
        tasks.add(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unwrapped(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static SandboxException unwrapped(@Nullable Throwable cause) {
        return cause instanceof SandboxException known
                ? known
                : new SandboxException(SandboxErrorCode.LAUNCH_FAILED, "the launcher thread failed: " + cause, cause);
    }

    /** Ends the thread when it has done what it was asked before. */
    @Override
    public void close() {
        tasks.add(END);
    }
}
