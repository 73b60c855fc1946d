package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.testkit.windows.AccessDecision.Rule;
import io.cordon.sandbox.testkit.windows.AccessDecision.Status;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.RestrictedMaximum;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.RestrictedOwner;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.RestrictedScope;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.OpaqueAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The access check of Windows for files, as a function of token, descriptor and request.
 *
 * <p>Order of evaluation (MS-DTYP 2.5.3.2; where it is silent, James Forshaw's "Windows Security Internals", chapter
 * 7): integrity, privileges, owner, DACL with the user and groups, DACL with the restricting SIDs, DACL with the
 * AppContainer's SIDs. Immutable and safe for use by many threads.
 */
public final class SecurityReferenceMonitor {
    private static final int ASS = AccessMask.ACCESS_SYSTEM_SECURITY.bits();
    private static final int WRITE_OWNER = AccessMask.WRITE_OWNER.bits();
    private static final int MAXIMUM_ALLOWED = AccessMask.MAXIMUM_ALLOWED.bits();
    private static final int OWNER_IMPLICIT = AccessMask.READ_CONTROL.bits() | AccessMask.WRITE_DAC.bits();

    /** No right that a file check can grant has this bit, so it marks a denial among granted masks. */
    private static final int DENIED = -1;

    private static final int NO_PRIVILEGE = -2;

    private final MonitorSwitches switches;
    private final GenericMapping mapping;
    private final int writeRights;

    /** A monitor for files under the given switches. */
    public SecurityReferenceMonitor(MonitorSwitches switches) {
        this(switches, GenericMapping.FILE);
    }

    /** A monitor for objects with another generic mapping. */
    public SecurityReferenceMonitor(MonitorSwitches switches, GenericMapping mapping) {
        this.switches = switches;
        this.mapping = mapping;
        this.writeRights = mapping.writeRestricted().bits();
    }

    /** The switches. */
    public MonitorSwitches switches() {
        return switches;
    }

    /**
     * Checks a request.
     *
     * @param desired rights, generic ones included, or {@link AccessMask#MAXIMUM_ALLOWED}
     * @throws UnmodelledAceException if the descriptor holds an entry that the model does not know
     */
    public AccessDecision check(VirtualToken token, SecurityDescriptor descriptor, AccessMask desired) {
        return decision(evaluate(token, descriptor, desired.bits(), null), ImmutableList.of());
    }

    /** Whether {@link #check} grants the request. */
    public boolean allows(VirtualToken token, SecurityDescriptor descriptor, AccessMask desired) {
        return evaluate(token, descriptor, desired.bits(), null) >= 0;
    }

    /** Checks a request and says, step by step, what decided. */
    public AccessDecision explain(VirtualToken token, SecurityDescriptor descriptor, AccessMask desired) {
        List<AccessDecision.Step> steps = new ArrayList<>();
        int granted = evaluate(token, descriptor, desired.bits(), steps);
        return decision(granted, ImmutableList.copyOf(steps));
    }

    private static AccessDecision decision(int granted, ImmutableList<AccessDecision.Step> steps) {
        if (granted >= 0) {
            return new AccessDecision(Status.GRANTED, AccessMask.of(granted), steps);
        }
        AccessDecision denied = granted == NO_PRIVILEGE ? AccessDecision.NO_PRIVILEGE : AccessDecision.DENIED;
        return steps.isEmpty() ? denied : new AccessDecision(denied.status(), AccessMask.NONE, steps);
    }

    private int evaluate(
            VirtualToken token, SecurityDescriptor descriptor, int desired, @Nullable List<AccessDecision.Step> trace) {
        int request = mapping.map(desired);
        if (request == 0) {
            note(trace, Rule.REQUEST, () -> "a request for nothing is denied");
            return DENIED;
        }
        refuseUnmodelled(descriptor);
        boolean maximum = (request & MAXIMUM_ALLOWED) != 0;
        int wanted = request & ~MAXIMUM_ALLOWED;

        int integrity = integrity(token, descriptor, trace);
        if ((wanted & ~integrity) != 0) {
            note(trace, Rule.INTEGRITY, () -> "refuses " + AccessMask.of(wanted & ~integrity));
            return DENIED;
        }
        int byPrivilege = privileges(token, maximum ? ASS | WRITE_OWNER : wanted, trace);
        int byOwner = owner(token, descriptor, trace) ? OWNER_IMPLICIT : 0;
        if (maximum) {
            return maximum(token, descriptor, wanted, integrity, byPrivilege, byOwner, trace);
        }
        int remaining = wanted & ~byPrivilege & ~byOwner;
        boolean contained = token.appContainer().isPresent();
        if (remaining == 0 && !contained) {
            return wanted;
        }
        if ((remaining & ASS) != 0) {
            note(trace, Rule.PRIVILEGE, () -> "ACCESS_SYSTEM_SECURITY needs SeSecurityPrivilege");
            return NO_PRIVILEGE;
        }
        DaclPass dacl = new DaclPass(descriptor, switches.conditions(), mapping);
        if (remaining != 0 && !dacl.grants(SidMatch.normal(token), remaining, Rule.NORMAL_PASS, trace)) {
            return DENIED;
        }
        int restricted = restrictedPart(token, remaining);
        if (restricted != 0 && !dacl.grants(SidMatch.restricting(token), restricted, Rule.RESTRICTED_PASS, trace)) {
            return DENIED;
        }
        // What a container asks for must come from its own SIDs; privileges excepted, the owner's rights included.
        int ofContainer = wanted & ~byPrivilege;
        if (contained
                && ofContainer != 0
                && !dacl.grants(SidMatch.appContainer(token), ofContainer, Rule.APP_CONTAINER_PASS, trace)) {
            return DENIED;
        }
        return wanted;
    }

    /** Which of the remaining rights have to be granted to the restricting SIDs as well. */
    private int restrictedPart(VirtualToken token, int remaining) {
        if (token.restricting().isEmpty()) {
            return 0;
        }
        if (!token.writeRestricted()) {
            return remaining;
        }
        int writes = remaining & writeRights;
        return writes != 0 && switches.restrictedScope() == RestrictedScope.WHOLE_REQUEST ? remaining : writes;
    }

    private int maximum(
            VirtualToken token,
            SecurityDescriptor descriptor,
            int wanted,
            int integrity,
            int byPrivilege,
            int byOwner,
            @Nullable List<AccessDecision.Step> trace) {
        DaclPass dacl = new DaclPass(descriptor, switches.conditions(), mapping);
        int all = mapping.all().bits();
        int granted = dacl.maximum(SidMatch.normal(token), all, Rule.NORMAL_PASS, trace);
        if (token.restricting().isPresent()) {
            int second = dacl.maximum(SidMatch.restricting(token), all, Rule.RESTRICTED_PASS, trace);
            granted = switches.restrictedMaximum() == RestrictedMaximum.UNION
                    ? granted | second
                    : granted & (token.writeRestricted() ? second | ~writeRights : second);
        }
        granted |= byOwner;
        if (token.appContainer().isPresent()) {
            granted &= dacl.maximum(SidMatch.appContainer(token), all, Rule.APP_CONTAINER_PASS, trace);
        }
        granted = (granted | byPrivilege) & integrity;
        if ((wanted & ~granted) != 0 || granted == 0) {
            int missing = wanted & ~granted;
            note(trace, Rule.REQUEST, () -> "not in the maximum: " + AccessMask.of(missing));
            return DENIED;
        }
        return granted;
    }

    /** The rights that the label leaves to this token; all bits if its level dominates. */
    private int integrity(
            VirtualToken token, SecurityDescriptor descriptor, @Nullable List<AccessDecision.Step> trace) {
        if (!token.mandatoryPolicy()) {
            note(trace, Rule.INTEGRITY, () -> "the token's policy switches labels off");
            return -1;
        }
        MandatoryLabel label = MandatoryLabel.of(descriptor);
        if (token.level().dominates(label.level())) {
            note(trace, Rule.INTEGRITY, () -> token.level() + " dominates the label " + label);
            return -1;
        }
        // The AppContainer's own pass takes the label's place up to Medium ("Windows Security Internals", listing
        // 7-23).
        if (token.appContainer().isPresent()
                && token.level().dominates(IntegrityLevel.LOW)
                && IntegrityLevel.MEDIUM.dominates(label.level())) {
            note(trace, Rule.INTEGRITY, () -> "an AppContainer is not held to the label " + label);
            return -1;
        }
        int byPrivilege = token.privileges().contains(Privilege.RELABEL) ? WRITE_OWNER : 0;
        int allowed = label.allowedBelow(mapping).bits() | byPrivilege;
        note(
                trace,
                Rule.INTEGRITY,
                () -> token.level() + " is below the label " + label + ", which leaves " + AccessMask.of(allowed));
        return allowed;
    }

    private static int privileges(VirtualToken token, int wanted, @Nullable List<AccessDecision.Step> trace) {
        int security = token.privileges().contains(Privilege.SECURITY) ? ASS : 0;
        boolean takes = token.privileges().contains(Privilege.TAKE_OWNERSHIP)
                || token.privileges().contains(Privilege.RELABEL);
        int granted = (security | (takes ? WRITE_OWNER : 0)) & wanted;
        if (granted != 0) {
            note(trace, Rule.PRIVILEGE, () -> "grants " + AccessMask.of(granted));
        }
        return granted;
    }

    /** Whether the token's process has READ_CONTROL and WRITE_DAC as the owner. */
    private boolean owner(
            VirtualToken token, SecurityDescriptor descriptor, @Nullable List<AccessDecision.Step> trace) {
        Sid owner = descriptor.owner();
        if (owner == null || !token.matchesAllow(owner)) {
            return false;
        }
        if (token.restricting().isPresent()
                && switches.restrictedOwner() == RestrictedOwner.NEEDS_RESTRICTING_SID
                && !token.restricting().get().contains(owner)) {
            note(trace, Rule.OWNER, () -> owner + " owns the object, but is no restricting SID of the token");
            return false;
        }
        if (DaclPass.hasOwnerRights(descriptor)) {
            note(trace, Rule.OWNER, () -> "OWNER RIGHTS in the DACL takes the place of the owner's implicit rights");
            return false;
        }
        note(trace, Rule.OWNER, () -> owner + " owns the object: " + AccessMask.of(OWNER_IMPLICIT));
        return true;
    }

    private static void refuseUnmodelled(SecurityDescriptor descriptor) {
        Acl sacl = descriptor.sacl();
        if (sacl == null) {
            return;
        }
        ImmutableList<Ace> aces = sacl.aces();
        for (int i = 0; i < aces.size(); i++) {
            // Trust labels, access filters and central policies decide; resource attributes and audits do not.
            if (aces.get(i) instanceof OpaqueAce ace
                    && (ace.type() == LabelAce.TYPE || (ace.type() >= 0x13 && ace.type() <= 0x15))) {
                throw new UnmodelledAceException(ace, "SACL");
            }
        }
    }

    /** The text is made only if somebody asked for an explanation: it would take ten times as long as the check. */
    static void note(@Nullable List<AccessDecision.Step> trace, Rule rule, Supplier<String> text) {
        if (trace != null) {
            trace.add(new AccessDecision.Step(rule, text.get()));
        }
    }
}
