package io.cordon.sandbox.testkit.windows;

import java.util.Map;
import java.util.TreeMap;

/** How often what happened. Not safe for use by several threads. */
final class EndToEndCounts {
    private final Map<String, Integer> counts = new TreeMap<>();

    void add(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    int of(String what) {
        return counts.getOrDefault(what, 0);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((what, count) ->
                text.append("  ").append(count).append(' ').append(what).append('\n'));
        return text.toString();
    }
}
