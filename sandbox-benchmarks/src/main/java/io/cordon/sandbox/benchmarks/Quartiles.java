package io.cordon.sandbox.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * Where a quarter, a half and three quarters of some values lie.
 *
 * @param lower a quarter is not above it
 * @param median half is not above it
 * @param upper three quarters are not above it
 */
record Quartiles(double lower, double median, double upper) {
    /** Of at least one value. */
    static Quartiles of(List<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Quartiles(at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75));
    }

    /** Between two values, in proportion. */
    private static double at(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "median %.3f (quartiles %.3f to %.3f)", median, lower, upper);
    }
}
