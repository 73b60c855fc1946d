package io.cordon.sandbox.spi;

import java.time.Duration;

/**
 * What preparing a machine took.
 *
 * @param edits how many changes were made to it
 * @param editing how long these took
 * @param attestation how long it took to try what is enforced; zero if that was known from an earlier sandbox
 */
public record Preparation(int edits, Duration editing, Duration attestation) {
    /** A machine that was not changed, and of which nothing was tried. */
    public static final Preparation NONE = new Preparation(0, Duration.ZERO, Duration.ZERO);
}
