package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * The points of the access check on which sources disagree or nobody has published a measurement. Each has the better
 * supported setting first.
 *
 * @param restrictedScope what a write-restricted token needs its restricting SIDs for
 * @param restrictedOwner whether the owner's implicit rights need the owner among the restricting SIDs
 * @param restrictedMaximum how MAXIMUM_ALLOWED combines the two passes
 * @param conditions what conditional entries evaluate to; the model does not read conditions
 */
public record MonitorSwitches(
        RestrictedScope restrictedScope,
        RestrictedOwner restrictedOwner,
        RestrictedMaximum restrictedMaximum,
        Conditions conditions) {

    /** What of a request goes through the restricted pass of a write-restricted token. */
    public enum RestrictedScope {
        /** Its write rights only: NtObjectManager, and measurements of agent sandboxes on Windows. */
        WRITE_RIGHTS,
        /** The whole request as soon as it has a write right: the code of "Windows Security Internals". */
        WHOLE_REQUEST
    }

    /** When the owner of an object has READ_CONTROL and WRITE_DAC under a token with restricting SIDs. */
    public enum RestrictedOwner {
        /** If the owner is a restricting SID too: "Windows Security Internals", ReactOS. */
        NEEDS_RESTRICTING_SID,
        /** As with any other token: the deliberate deviation of Peios' kacs-core. */
        ALWAYS
    }

    /** What a token with restricting SIDs gets for MAXIMUM_ALLOWED. */
    public enum RestrictedMaximum {
        /** What both passes grant; derived from the per-bit loop of MS-FSA 2.1.5.1.2.1. */
        INTERSECTION,
        /** What either pass grants, as ReactOS computes. */
        UNION
    }

    /**
     * The truth of a condition in a callback entry (MS-DTYP 2.5.3.1.5: unknown skips an allow, and lets a deny stand).
     */
    public enum Conditions {
        /** Not evaluable. */
        UNKNOWN,
        /** Satisfied. */
        TRUE,
        /** Not satisfied. */
        FALSE
    }

    /** The better supported setting of every switch. */
    public static final MonitorSwitches DEFAULT = new MonitorSwitches(
            RestrictedScope.WRITE_RIGHTS,
            RestrictedOwner.NEEDS_RESTRICTING_SID,
            RestrictedMaximum.INTERSECTION,
            Conditions.UNKNOWN);

    /** Every combination of settings. */
    public static ImmutableList<MonitorSwitches> all() {
        List<MonitorSwitches> all = new ArrayList<>();
        for (RestrictedScope scope : RestrictedScope.values()) {
            for (RestrictedOwner owner : RestrictedOwner.values()) {
                for (RestrictedMaximum maximum : RestrictedMaximum.values()) {
                    for (Conditions condition : Conditions.values()) {
                        all.add(new MonitorSwitches(scope, owner, maximum, condition));
                    }
                }
            }
        }
        return ImmutableList.copyOf(all);
    }
}
