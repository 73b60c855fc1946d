package io.cordon.sandbox.windows.security;

import java.util.Locale;

/**
 * An integrity level: the relative identifier of a SID S-1-16-rid. Levels are compared as unsigned numbers, and any
 * number is legal (Chromium's sandbox uses 0x1800 in tokens and labels).
 *
 * @param rid the relative identifier, as an unsigned 32-bit number
 */
public record IntegrityLevel(int rid) implements Comparable<IntegrityLevel> {
    /** S-1-16-0. Most programs cannot start at this level. */
    public static final IntegrityLevel UNTRUSTED = new IntegrityLevel(0);
    /** S-1-16-4096. The level of browsers' and viewers' sandboxes, and of the user's LocalLow directory. */
    public static final IntegrityLevel LOW = new IntegrityLevel(0x1000);
    /** S-1-16-6144. Between Low and Medium, so that the user's other Low processes cannot write what carries it. */
    public static final IntegrityLevel MEDIUM_LOW = new IntegrityLevel(0x1800);
    /** S-1-16-8192. The level of ordinary processes, and of every object without a label. */
    public static final IntegrityLevel MEDIUM = new IntegrityLevel(0x2000);
    /** S-1-16-12288. Elevated processes. */
    public static final IntegrityLevel HIGH = new IntegrityLevel(0x3000);
    /** S-1-16-16384. Services. */
    public static final IntegrityLevel SYSTEM = new IntegrityLevel(0x4000);

    private static final long AUTHORITY = 16;

    /** Whether {@code sid} is S-1-16-rid. */
    public static boolean isIntegritySid(Sid sid) {
        return sid.authority() == AUTHORITY && sid.subAuthorityCount() == 1;
    }

    /**
     * The level of {@code sid}.
     *
     * @throws SecurityFormatException if it is not S-1-16-rid
     */
    public static IntegrityLevel of(Sid sid) {
        if (!isIntegritySid(sid)) {
            throw new SecurityFormatException(
                    SecurityFormatException.Problem.INCONSISTENT,
                    0,
                    sid + " is no integrity level: expected S-1-16-rid");
        }
        return new IntegrityLevel(sid.subAuthority(0));
    }

    /** The SID S-1-16-rid. */
    public Sid sid() {
        return Sid.of(AUTHORITY, Integer.toUnsignedLong(rid));
    }

    /** Whether this is {@code other} or above it (MS-DTYP 2.5.2 SidDominates: a comparison of numbers). */
    public boolean dominates(IntegrityLevel other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(IntegrityLevel other) {
        return Integer.compareUnsigned(rid, other.rid);
    }

    @Override
    public String toString() {
        return switch (rid) {
            case 0 -> "Untrusted";
            case 0x1000 -> "Low";
            case 0x1800 -> "MediumLow(0x1800)";
            case 0x2000 -> "Medium";
            case 0x3000 -> "High";
            case 0x4000 -> "System";
            default -> String.format(Locale.ROOT, "Level(0x%X)", rid);
        };
    }
}
