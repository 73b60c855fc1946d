package io.cordon.sandbox.windows.edit;

/** Tells whether the process that holds a lease still runs. When in doubt it does: then nothing is undone. */
@FunctionalInterface
public interface Owners {
    /** The processes of this machine. */
    Owners SYSTEM = owner -> ProcessHandle.of(owner.pid())
            .map(process -> same(owner, Owner.of(process)))
            .orElse(false);

    /**
     * How far two readings of one start may be apart, in milliseconds. Linux derives it from the clock, which is
     * adjusted meanwhile; a second process with the same id within that time only delays an undo.
     */
    long TOLERANCE = 2_000;

    /** Whether the process still runs. */
    boolean isAlive(Owner owner);

    private static boolean same(Owner recorded, Owner running) {
        return recorded.started() == Owner.UNKNOWN_START
                || running.started() == Owner.UNKNOWN_START
                || Math.abs(recorded.started() - running.started()) < TOLERANCE;
    }
}
