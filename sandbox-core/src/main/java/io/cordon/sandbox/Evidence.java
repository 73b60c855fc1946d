package io.cordon.sandbox;

/** What an {@link Enforcement} rests on. */
public enum Evidence {
    /** It was tried on this machine and in this JVM: denied where the sandbox denies it, with a control that succeeded. */
    ATTESTED,
    /**
     * The system's documentation says so of a mechanism that was put in place without an error, and read back where it
     * can be. Nobody tried.
     */
    DERIVED,
    /** Nothing shows it, and so it is never {@link EnforcementLevel#FULL}. */
    UNPROVED
}
