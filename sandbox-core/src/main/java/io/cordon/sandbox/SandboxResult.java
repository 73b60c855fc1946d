package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

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

    /** Whether the command exited by itself with code 0. */
    public boolean succeeded() {
        return status == Status.EXITED && exitCode == 0;
    }

    /**
     * Whether the command failed and what it wrote looks like a denied access. A guess for people and models who read
     * the output, not a record of denials: a program may be denied and say nothing.
     */
    public boolean likelyDenied() {
        return denial().isPresent();
    }

    /** The evidence that {@link #likelyDenied()} goes by: the first that was found, in the errors before the output. */
    public Optional<LikelyDenial> denial() {
        return DenialDetector.detect(this, null);
    }

    /**
     * The same with what the policy says: what it allows was not denied by the sandbox, and where it confines, a failure
     * for which a program gives no reason is evidence too. {@code docs/denials.md} has measured how often this is right.
     *
     * @param policy the policy under which the command ran
     */
    public Optional<LikelyDenial> denial(SandboxPolicy policy) {
        return DenialDetector.detect(this, policy);
    }
}
