package io.cordon.sandbox;

import static com.google.common.base.Preconditions.checkArgument;

/** Amounts of memory and output in bytes, by binary multiples (IEC 80000-13). */
public final class Bytes {
    private Bytes() {}

    /**
     * Kibibytes as bytes.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws ArithmeticException if the result exceeds a {@code long}
     */
    public static long kib(long count) {
        return times(count, 1L << 10);
    }

    /**
     * Mebibytes as bytes.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws ArithmeticException if the result exceeds a {@code long}
     */
    public static long mib(long count) {
        return times(count, 1L << 20);
    }

    /**
     * Gibibytes as bytes.
     *
     * @throws IllegalArgumentException if {@code count} is negative
     * @throws ArithmeticException if the result exceeds a {@code long}
     */
    public static long gib(long count) {
        return times(count, 1L << 30);
    }

    private static long times(long count, long unit) {
        checkArgument(count >= 0, "amount of memory is negative: %s", count);
        return Math.multiplyExact(count, unit);
    }
}
