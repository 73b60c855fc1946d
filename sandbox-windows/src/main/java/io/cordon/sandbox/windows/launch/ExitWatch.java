package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ProcessCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Waits for the exits of the processes of a sandbox: one thread for up to 63 of them, which is as many as the system
 * waits for at once. A thread without processes ends after a while. Safe for use by several threads.
 */
final class ExitWatch implements AutoCloseable {
    private static final int FOREVER = -1;
    private static final Duration IDLE = Duration.ofSeconds(5);
    /** Somebody who closes waits this long for a thread that has nothing left to wait for. */
    private static final Duration END = Duration.ofSeconds(10);

    /** Who wants to know. Is told by the thread that waits for others too, so that it must not wait for anything. */
    interface Watcher {
        /** The process has exited. */
        void exited(int code);

        /** Whether it has exited cannot be known, or not be told. Telling it once more does nothing. */
        void lost(Throwable failure);
    }

    private final ProcessCalls calls;
    private final List<Group> groups = new ArrayList<>();
    private boolean closed;

    ExitWatch(ProcessCalls calls) {
        this.calls = calls;
    }

    /** The processes that one thread waits for. Guarded by the watch. */
    private final class Group {
        private final OwnedHandle bell;
        private final Map<OwnedHandle, Watcher> watchers = new LinkedHashMap<>();
        private final Thread thread = new Thread(this::run, "cordon-exits");

        private Group(OwnedHandle bell) {
            this.bell = bell;
            thread.setDaemon(true);
        }

        private void run() {
            try {
                while (await()) {
                    // until there is nothing to wait for
                }
            } catch (WindowsFailure | RuntimeException | Error e) {
                loseAll(e);
            }
            bell.close();
        }

        /** Waits once; false if this was the last time. */
        private boolean await() throws WindowsFailure {
            ImmutableList<OwnedHandle> processes;
            synchronized (ExitWatch.this) {
                processes = ImmutableList.copyOf(watchers.keySet());
                if (processes.isEmpty() && closed) {
                    groups.remove(this);
                    return false;
                }
            }
            int ended = calls.awaitAny(bell, processes, processes.isEmpty() ? (int) IDLE.toMillis() : FOREVER);
            if (ended >= 0) {
                tell(processes.get(ended));
                return true;
            }
            synchronized (ExitWatch.this) {
                boolean idle = processes.isEmpty() && watchers.isEmpty();
                return !idle || !groups.remove(this);
            }
        }

        /** What goes wrong here goes wrong with one process, and the others are waited for as before. */
        private void tell(OwnedHandle process) {
            Watcher watcher;
            synchronized (ExitWatch.this) {
                watcher = watchers.remove(process);
            }
            if (watcher == null) {
                return; // its launch was given up meanwhile
            }
            try {
                watcher.exited(calls.exitCode(process));
            } catch (WindowsFailure | RuntimeException | Error e) {
                watcher.lost(e);
            }
        }

        private void loseAll(Throwable failure) {
            List<Watcher> lost;
            synchronized (ExitWatch.this) {
                groups.remove(this);
                lost = ImmutableList.copyOf(watchers.values());
                watchers.clear();
            }
            lost.forEach(watcher -> watcher.lost(failure));
        }
    }

    /** Makes what {@link #watch} needs, so that hardly anything can fail once the process runs. */
    synchronized void prepare() throws WindowsFailure {
        Group unused = group();
    }

    /**
     * Waits for a process; its handle must stay open until the watcher was told.
     *
     * @throws WindowsFailure if that is not possible; then the watcher is told nothing
     */
    void watch(OwnedHandle process, Watcher watcher) throws WindowsFailure {
        synchronized (this) {
            Group group = group();
            group.watchers.put(process, watcher);
            try {
                calls.ring(group.bell);
            } catch (WindowsFailure e) {
                group.watchers.remove(process);
                throw e;
            }
        }
    }

    private Group group() throws WindowsFailure {
        for (Group group : groups) {
            if (group.watchers.size() < ProcessCalls.MOST_AWAITED) {
                return group;
            }
        }
        Group group = new Group(calls.bell());
        groups.add(group);
        group.thread.start();
        return group;
    }

    /** Ends the threads; to be called when every process has exited. */
    @Override
    public void close() throws WindowsFailure {
        List<Group> remaining;
        synchronized (this) {
            closed = true;
            remaining = ImmutableList.copyOf(groups);
            for (Group group : remaining) {
                calls.ring(group.bell);
            }
        }
        for (Group group : remaining) {
            try {
                group.thread.join(END.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return; // it ends by itself
            }
        }
    }
}
