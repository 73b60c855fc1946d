package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;

/**
 * Something that the policy asks for and this machine does not give.
 *
 * @param capability what is asked for
 * @param level what is left of it: {@code PARTIAL} or {@code NONE}
 * @param what what is missing, with the path or value
 * @param remedies what the caller can do
 * @param acceptable whether a policy can accept it by name; otherwise no plan is possible
 */
public record Gap(
        Capability capability,
        EnforcementLevel level,
        String what,
        ImmutableList<String> remedies,
        boolean acceptable) {
    static Gap partial(Capability capability, String what, String... remedies) {
        return new Gap(capability, EnforcementLevel.PARTIAL, what, ImmutableList.copyOf(remedies), true);
    }

    static Gap none(Capability capability, String what, String... remedies) {
        return new Gap(capability, EnforcementLevel.NONE, what, ImmutableList.copyOf(remedies), true);
    }

    static Gap fatal(Capability capability, String what, String... remedies) {
        return new Gap(capability, EnforcementLevel.NONE, what, ImmutableList.copyOf(remedies), false);
    }

    @Override
    public String toString() {
        return capability + " " + level + ": " + what + ". Remedies: " + String.join("; ", remedies);
    }
}
