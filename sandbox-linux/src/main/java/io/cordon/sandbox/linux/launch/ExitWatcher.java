package io.cordon.sandbox.linux.launch;

import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.syscall.ExitQueue;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One thread that waits for the exits of all children of a sandbox. Where an exit leaves more to do than can be done at
 * once, another thread does it; these are kept a little while, and used again.
 */
final class ExitWatcher implements AutoCloseable {
    private static final int KEPT_SECONDS = 10;
    private static final ExecutorService EXITS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, KEPT_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(null, task, "cordon-exit", 0, false);
                thread.setDaemon(true);
                return thread;
            });

    /** Who wants to know of an exit. */
    interface Watched {
        /**
         * The child has exited; its process id is taken until it is reaped.
         *
         * @return whether all is done; if not, {@link #endTree} is called on another thread
         */
        boolean exited();

        /** The rest of the tree has to be ended, which can take a while. */
        void endTree();

        /** It cannot be found out any more whether the child has exited. */
        void lost(Exception failure);
    }

    private final ExitQueue queue;
    private final Map<Integer, Watched> waiting = new ConcurrentHashMap<>();

    /** Why nobody is watched any more; guarded by {@code this}. */
    private @Nullable NativeStepException failure;

    private ExitWatcher(ExitQueue queue) {
        this.queue = queue;
    }

    static ExitWatcher start(SystemCalls calls) throws SandboxException {
        ExitQueue queue = calls.exitQueue();
        ExitWatcher watcher = new ExitWatcher(queue);
        try {
            Thread thread = new Thread(null, watcher::work, "cordon-exits", 0, false);
            thread.setDaemon(true);
            thread.start();
            return watcher;
        } catch (OutOfMemoryError e) {
            queue.close();
            throw e;
        }
    }

    /** Watches a child; where that fails, the child is the caller's still. */
    void watch(int process, Watched watched) throws SandboxException {
        synchronized (this) {
            if (failure != null) {
                throw new SandboxException(
                        SandboxErrorCode.LAUNCH_FAILED,
                        "no exit can be waited for any more: " + failure.getMessage() + "; open another sandbox",
                        failure);
            }
            waiting.put(process, watched);
        }
        try {
            queue.add(process);
        } catch (NativeStepException e) {
            waiting.remove(process);
            throw e;
        }
    }

    private void work() {
        try (queue) {
            for (OptionalInt exited = queue.await(); exited.isPresent(); exited = queue.await()) {
                Watched watched = waiting.remove(exited.getAsInt());
                if (watched != null && !watched.exited()) {
                    handOver(watched::endTree);
                }
            }
        } catch (NativeStepException e) {
            fail(e);
        }
    }

    private void fail(NativeStepException e) {
        synchronized (this) {
            failure = e;
        }
        waiting.forEach((process, watched) -> {
            if (waiting.remove(process, watched)) {
                handOver(() -> watched.lost(e));
            }
        });
    }

    private static void handOver(Runnable task) {
        try {
            EXITS.execute(task);
        } catch (OutOfMemoryError e) { // no thread for it: late is better than never
            task.run();
        }
    }

    /** Ends the thread. Nobody must be watched any more. */
    @Override
    public void close() throws NativeStepException {
        synchronized (this) {
            if (failure != null) {
                return;
            }
        }
        queue.stop();
    }
}
