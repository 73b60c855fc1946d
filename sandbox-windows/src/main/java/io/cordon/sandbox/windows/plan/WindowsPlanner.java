package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.SandboxPolicy;

/**
 * Turns a policy and facts about the host into a plan. Pure and deterministic: equal arguments give equal results, and
 * nothing is read but the arguments. The time is linear in the number of rules.
 */
public final class WindowsPlanner {
    private WindowsPlanner() {}

    /** The plan with {@link PlanOptions#DEFAULT}. */
    public static PlanResult plan(SandboxPolicy policy, HostFacts facts) {
        return plan(policy, facts, PlanOptions.DEFAULT);
    }

    /** The plan, or everything that stands in its way. */
    public static PlanResult plan(SandboxPolicy policy, HostFacts facts, PlanOptions options) {
        return new Planning(policy, facts, options).plan();
    }
}
