package io.cordon.sandbox;

import io.cordon.sandbox.SandboxEvent.Exited;
import io.cordon.sandbox.SandboxEvent.Launched;
import io.cordon.sandbox.SandboxEvent.LikelyDenied;
import io.cordon.sandbox.SandboxEvent.LimitReached;
import io.cordon.sandbox.SandboxEvent.LimitReached.Limit;
import io.cordon.sandbox.SandboxEvent.ProtectedNameCreated;
import io.cordon.sandbox.spi.LaunchedProcess;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Tells the listener, Java Flight Recorder and the log what happens in one sandbox. Safe for use by several threads. */
final class EventFeed {
    private static final Logger LOG = System.getLogger(EventFeed.class.getPackageName());
    private static final AtomicLong COUNT = new AtomicLong();

    private final long sandbox = COUNT.incrementAndGet();
    private final SandboxListener listener;
    /** A name that appears is told once, however many commands see it. */
    private final Set<Path> appeared = ConcurrentHashMap.newKeySet();

    EventFeed(SandboxListener listener) {
        this.listener = listener;
    }

    /** Its number. */
    long sandbox() {
        return sandbox;
    }

    void tell(SandboxEvent event) {
        FlightEvent.of(event).commit();
        LOG.log(Logger.Level.DEBUG, event);
        try {
            listener.on(event);
        } catch (RuntimeException e) {
            LOG.log(Logger.Level.WARNING, "the listener of sandbox " + sandbox + " failed", e);
        }
    }

    /** A process runs, and will exit. */
    void launched(LaunchedProcess process, String program) {
        long started = System.nanoTime();
        long pid = process.pid();
        tell(new Launched(sandbox, pid, program));
        // On a thread of its own: the listener is a caller's code.
        var unused = process.exit()
                .thenAcceptAsync(
                        code -> tell(new Exited(sandbox, pid, code, Duration.ofNanos(System.nanoTime() - started))),
                        OwnThread.EXECUTOR);
    }

    /** The time of a process was up. */
    void timedOut(long pid) {
        tell(new LimitReached(sandbox, pid, Limit.TIMEOUT));
    }

    /** A command has come to its result. */
    void finished(long pid, SandboxResult result) {
        if (result.stdout().truncated() || result.stderr().truncated()) {
            tell(new LimitReached(sandbox, pid, Limit.OUTPUT));
        }
        if (result.likelyDenied()) {
            tell(new LikelyDenied(sandbox, pid));
        }
        result.violations().stream()
                .filter(appeared::add)
                .forEach(path -> tell(new ProtectedNameCreated(sandbox, path)));
    }
}
