package io.cordon.sandbox;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Objects.requireNonNull;

/**
 * How far one capability is enforced, and by what.
 *
 * @param capability the capability
 * @param level how far
 * @param mechanism what of the operating system enforces it; empty when nothing does
 * @param evidence what that rests on
 * @param reason what is missing; empty unless the level is {@code PARTIAL} or {@code NONE}
 * @param remedy what the caller can do about it; empty under the same rule
 */
public record Enforcement(
        Capability capability,
        EnforcementLevel level,
        String mechanism,
        Evidence evidence,
        String reason,
        String remedy) {

    /** Checks that exactly the incomplete levels carry a reason and a remedy, and that nothing unproved is complete. */
    public Enforcement {
        requireNonNull(capability, "capability");
        requireNonNull(level, "level");
        requireNonNull(mechanism, "mechanism");
        checkArgument(
                level != EnforcementLevel.FULL || evidence != Evidence.UNPROVED, "%s FULL and unproved", capability);
        boolean incomplete = level == EnforcementLevel.PARTIAL || level == EnforcementLevel.NONE;
        checkArgument(incomplete != reason.isEmpty(), "%s %s with reason '%s'", capability, level, reason);
        checkArgument(incomplete != remedy.isEmpty(), "%s %s with remedy '%s'", capability, level, remedy);
    }

    /** The capability holds without a known gap, as the system's documentation has it. */
    public static Enforcement full(Capability capability, String mechanism) {
        return new Enforcement(capability, EnforcementLevel.FULL, mechanism, Evidence.DERIVED, "", "");
    }

    /** The capability holds, apart from what {@code reason} names. */
    public static Enforcement partial(Capability capability, String mechanism, String reason, String remedy) {
        return new Enforcement(capability, EnforcementLevel.PARTIAL, mechanism, Evidence.DERIVED, reason, remedy);
    }

    /** Nothing enforces the capability. */
    public static Enforcement none(Capability capability, String reason, String remedy) {
        return new Enforcement(capability, EnforcementLevel.NONE, "", Evidence.UNPROVED, reason, remedy);
    }

    /** The policy does not ask for the capability. */
    public static Enforcement notRequested(Capability capability) {
        return new Enforcement(capability, EnforcementLevel.NOT_REQUESTED, "", Evidence.UNPROVED, "", "");
    }

    /**
     * This, seen on this machine.
     *
     * @param seen what was tried and came to what, for {@link #mechanism()}
     */
    public Enforcement attested(String seen) {
        return new Enforcement(capability, level, mechanism + "; " + seen, Evidence.ATTESTED, reason, remedy);
    }

    /**
     * This, where nobody could try whether it holds: no longer complete.
     *
     * @param why it could not be tried
     * @param what the caller can do about it
     */
    public Enforcement unproved(String why, String what) {
        return level == EnforcementLevel.FULL
                ? new Enforcement(capability, EnforcementLevel.PARTIAL, mechanism, Evidence.UNPROVED, why, what)
                : new Enforcement(capability, level, mechanism, Evidence.UNPROVED, reason, remedy);
    }
}
