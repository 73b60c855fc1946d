package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import java.util.stream.Collectors;

/** What the planner answers. */
public sealed interface PlanResult {
    /**
     * The policy can be enforced; what the policy accepted as best effort is in the plan's gaps.
     *
     * @param plan how
     */
    record Planned(WindowsPlan plan) implements PlanResult {}

    /**
     * The policy cannot be enforced here.
     *
     * @param gaps everything that stands in the way
     */
    record Refused(ImmutableList<Gap> gaps) implements PlanResult {
        @Override
        public String toString() {
            return gaps.stream().map(Gap::toString).collect(Collectors.joining("\n"));
        }
    }

    /**
     * The plan.
     *
     * @throws IllegalStateException with the gaps if there is none
     */
    default WindowsPlan orThrow() {
        if (this instanceof Planned planned) {
            return planned.plan();
        }
        throw new IllegalStateException("the policy cannot be enforced here:\n" + this);
    }
}
