package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.windows.plan.HostFacts;
import java.nio.file.Path;

/**
 * The facts, and how they were come by.
 *
 * @param facts for the planner
 * @param objects how many objects each tree holds that its edits reach, by its top; recorded trees are not in it
 * @param shape what the policy makes writable and protects, and how, as one word; {@link io.cordon.sandbox.windows.edit.RecordedTrees} are only good for
 *     the same
 */
public record CollectedFacts(HostFacts facts, ImmutableMap<Path, Long> objects, String shape) {
    /** How many objects were counted in all trees together: the estimate of a first stamp. */
    public long total() {
        return objects.values().stream().mapToLong(Long::longValue).sum();
    }
}
