package io.cordon.sandbox;

/** How far the operating system of this machine enforces a {@link Capability}. */
public enum EnforcementLevel {
    /** Completely: no gap is known. */
    FULL,
    /** With gaps, which the report names. */
    PARTIAL,
    /** Not at all. */
    NONE,
    /** The policy does not ask for it. */
    NOT_REQUESTED
}
