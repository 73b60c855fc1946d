package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What every process tree of a sandbox is started with.
 *
 * @param token its token
 * @param limits the limits of its job
 * @param cpuRate the hard cap of its job, in hundredths of a percent of all processors
 * @param slowNetwork whether what it sends is slowed to {@link JobSetup#CRAWL_BYTES_PER_SECOND}
 * @param uiRestrictions what the job takes of the user interface; 0 for nothing
 * @param desktop the full name of the private desktop it is on, if it has one
 * @param hostConsole whether it shares the console of the JVM, because a new one cannot be made by such a token here
 * @param tokenHolds whether the host was seen to keep levels and restrictions, so that a child without is an error
 */
public record ChildShape(
        TokenShape token,
        JobLimits limits,
        OptionalInt cpuRate,
        boolean slowNetwork,
        int uiRestrictions,
        Optional<String> desktop,
        boolean hostConsole,
        boolean tokenHolds) {
    /** A shape without anything that was asked for by name. */
    public static ChildShape of(TokenShape token, JobLimits limits, boolean tokenHolds) {
        return new ChildShape(token, limits, OptionalInt.empty(), false, 0, Optional.empty(), false, tokenHolds);
    }
}
