package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How a command ended and what it wrote.
 *
 * @param command the command; of a shell, the script alone
 * @param status how it ended
 * @param exitCode its exit code as {@link Process#exitValue()} gives it: on Unix 128 and the signal's number for a
 *     process that a signal ended
 * @param stdout its output; with the errors in it if these were merged
 * @param stderr its errors
 * @param duration the time from start to end
 * @param violations places that the policy protects and that appeared since the sandbox was opened; see {@link
 *     Sandbox#violations()}
 */
public record SandboxResult(
        ImmutableList<String> command,
        Status status,
        int exitCode,
        CapturedOutput stdout,
        CapturedOutput stderr,
        Duration duration,
        ImmutableList<Path> violations) {

    /** How a command ended. */
    public enum Status {
        /** By itself, whatever the exit code. */
        EXITED,
        /** It was ended because its time was up. */
        TIMED_OUT
    }

    /** What systems, C libraries and shells print for an access that was denied. */
    private static final ImmutableSet<String> DENIALS = ImmutableSet.of(
            "Permission denied",
            "Operation not permitted",
            "Read-only file system",
            "Access is denied",
            "AccessDeniedException",
            "PermissionError",
            "EACCES",
            "EPERM");

    /** Whether the command exited by itself with code 0. */
    public boolean succeeded() {
        return status == Status.EXITED && exitCode == 0;
    }

    /**
     * Whether the command failed and what it wrote looks like a denied access. A guess for people and models who read
     * the output, not a record of denials: a program may be denied and say nothing.
     */
    public boolean likelyDenied() {
        if (succeeded()) {
            return false;
        }
        String written = stdout.text() + stderr.text();
        return DENIALS.stream().anyMatch(written::contains);
    }
}
