package io.cordon.sandbox.testkit.windows;

/**
 * How an operation on a volume ended.
 *
 * @param status the outcome
 * @param why what decided a denial; empty unless the session explains
 */
public record VolumeOutcome(Status status, String why) {
    /** How an operation ends. */
    public enum Status {
        /** Done. */
        DONE,
        /** An access check refused it: error 5, or 1314 where a privilege is missing. */
        ACCESS_DENIED,
        /** A fence holds the object in place: error 32. */
        SHARING_VIOLATION,
        /** There is no such object, or no directory on the way to it. */
        NOT_FOUND,
        /** The name is taken. */
        EXISTS,
        /** The directory is not empty. */
        NOT_EMPTY,
        /** The operation makes no sense for these objects, such as a directory moved into itself. */
        INVALID
    }

    static final VolumeOutcome DONE = new VolumeOutcome(Status.DONE, "");

    static VolumeOutcome of(Status status) {
        return new VolumeOutcome(status, "");
    }

    /** Whether it was done. */
    public boolean isDone() {
        return status == Status.DONE;
    }
}
