package io.cordon.sandbox.windows.edit;

import java.time.Instant;

/**
 * A process, told apart from later ones that get the same id.
 *
 * @param pid its id
 * @param started when it started, in milliseconds since the epoch, or {@link #UNKNOWN_START}
 */
public record Owner(long pid, long started) {
    /** The system did not tell when the process started. */
    public static final long UNKNOWN_START = Long.MIN_VALUE;

    /** This process. */
    public static Owner current() {
        return of(ProcessHandle.current());
    }

    static Owner of(ProcessHandle process) {
        return new Owner(
                process.pid(),
                process.info().startInstant().map(Instant::toEpochMilli).orElse(UNKNOWN_START));
    }
}
