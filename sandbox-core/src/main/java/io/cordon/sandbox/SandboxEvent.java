package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Something that happened in a sandbox. Told to a {@link SandboxListener}, and to Java Flight Recorder as events of the
 * category Cordon. Nothing in it is a secret of the child's: no argument of a command, no value of a variable, no output
 * and no content of a file; paths of the policy and names of programs are.
 */
public sealed interface SandboxEvent {
    /** Which sandbox of this JVM; they are counted from 1. */
    long sandbox();

    /** A backend has planned what to do for the policy; nothing was changed. */
    record Planned(long sandbox, String backend, EnforcementReport expected) implements SandboxEvent {}

    /**
     * The machine was changed for the policy.
     *
     * @param edits how many changes there were, such as access lists of files; 0 if none was needed
     * @param took how long that took
     */
    record Edited(long sandbox, int edits, Duration took) implements SandboxEvent {}

    /**
     * It was tried what the machine enforces.
     *
     * @param took how long that took
     */
    record Attested(long sandbox, EnforcementReport seen, Duration took) implements SandboxEvent {}

    /**
     * The sandbox is open.
     *
     * @param took how long opening took, with what was told before
     */
    record Opened(long sandbox, EnforcementReport enforcement, Duration took) implements SandboxEvent {}

    /**
     * The sandbox did not open.
     *
     * @param unmet what is not enforced and not accepted; empty if that was not the reason
     */
    record Refused(long sandbox, SandboxErrorCode code, ImmutableList<Enforcement> unmet) implements SandboxEvent {}

    /**
     * A process was started.
     *
     * @param program the program as it was named; of a script, which shell runs it
     */
    record Launched(long sandbox, long pid, String program) implements SandboxEvent {}

    /** A process has exited and its tree was ended. */
    record Exited(long sandbox, long pid, int exitCode, Duration ran) implements SandboxEvent {}

    /** A limit of the policy was met that the library itself sees to. */
    record LimitReached(long sandbox, long pid, Limit limit) implements SandboxEvent {
        /** Which one. */
        public enum Limit {
            /** {@link ResourceLimits#timeout()}: the tree was ended. */
            TIMEOUT,
            /** {@link ResourceLimits#output()}: the middle of a stream was left out. */
            OUTPUT
        }
    }

    /** The result of a command looks as if it was denied something; see {@link SandboxResult#likelyDenied()}. */
    record LikelyDenied(long sandbox, long pid) implements SandboxEvent {}

    /** A place that the policy protects, and that did not exist, has appeared; see {@link Sandbox#violations()}. */
    record ProtectedNameCreated(long sandbox, Path path) implements SandboxEvent {}

    /** The sandbox was closed; what was changed for it was undone, if {@code failure} is empty. */
    record Closed(long sandbox, String failure) implements SandboxEvent {}
}
