package io.cordon.sandbox;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

/**
 * How far one capability is enforced, and by what.
 *
 * @param capability the capability
 * @param level how far
 * @param mechanism what of the operating system enforces it; empty when nothing does
 * @param reason what is missing; empty unless the level is {@code PARTIAL} or {@code NONE}
 * @param remedy what the caller can do about it; empty under the same rule
 */
public record Enforcement(
        Capability capability, EnforcementLevel level, String mechanism, String reason, String remedy) {

    /** Checks that exactly the incomplete levels carry a reason and a remedy. */
    public Enforcement {
        requireNonNull(capability, "capability");
        requireNonNull(level, "level");
        requireNonNull(mechanism, "mechanism");
        boolean incomplete = level == EnforcementLevel.PARTIAL || level == EnforcementLevel.NONE;
        checkArgument(incomplete != reason.isEmpty(), "%s %s with reason '%s'", capability, level, reason);
        checkArgument(incomplete != remedy.isEmpty(), "%s %s with remedy '%s'", capability, level, remedy);
    }

    /** The capability holds without a known gap. */
    public static Enforcement full(Capability capability, String mechanism) {
        return new Enforcement(capability, EnforcementLevel.FULL, mechanism, "", "");
    }

    /** The capability holds, apart from what {@code reason} names. */
    public static Enforcement partial(Capability capability, String mechanism, String reason, String remedy) {
        return new Enforcement(capability, EnforcementLevel.PARTIAL, mechanism, reason, remedy);
    }

    /** Nothing enforces the capability. */
    public static Enforcement none(Capability capability, String reason, String remedy) {
        return new Enforcement(capability, EnforcementLevel.NONE, "", reason, remedy);
    }

    /** The policy does not ask for the capability. */
    public static Enforcement notRequested(Capability capability) {
        return new Enforcement(capability, EnforcementLevel.NOT_REQUESTED, "", "", "");
    }
}
