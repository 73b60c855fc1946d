package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * What sandboxes had left behind on the machine, and what became of it. A value.
 *
 * @param undone what was taken back, one sentence each
 * @param left what could not be taken back and why, one sentence each
 */
public record CleanUpReport(ImmutableList<String> undone, ImmutableList<String> left) {
    /** There was nothing. */
    public static final CleanUpReport NOTHING = of(List.of(), List.of());

    /** A report. */
    public static CleanUpReport of(List<String> undone, List<String> left) {
        return new CleanUpReport(ImmutableList.copyOf(undone), ImmutableList.copyOf(left));
    }

    /** Whether nothing is left behind. */
    public boolean isClean() {
        return left.isEmpty();
    }

    /** For a person to read. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        undone.forEach(each -> text.append("undone: ").append(each).append('\n'));
        left.forEach(each -> text.append("left: ").append(each).append('\n'));
        return text.isEmpty() ? "nothing was left behind\n" : text.toString();
    }
}
