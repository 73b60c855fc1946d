package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.testkit.windows.AccessDecision.Rule;
import io.cordon.sandbox.testkit.windows.MonitorSwitches.Conditions;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Walks a DACL in stored order (MS-DTYP 2.5.3.2): an entry takes what it allows off the request, and a denying entry
 * that hits what is still wanted ends it.
 *
 * <p>MAXIMUM_ALLOWED depends on the order too, unlike the pseudocode of the specification: a deny behind an allow does
 * not take the right away (Samba's smb2.acls.OWNER-RIGHTS-DENY1, run against Windows).
 */
final class DaclPass {
    private final SecurityDescriptor descriptor;
    private final Conditions conditions;
    private final GenericMapping mapping;

    DaclPass(SecurityDescriptor descriptor, Conditions conditions, GenericMapping mapping) {
        this.descriptor = descriptor;
        this.conditions = conditions;
        this.mapping = mapping;
    }

    /** Whether an OWNER RIGHTS entry holds for the object; its mask does not matter. */
    static boolean hasOwnerRights(SecurityDescriptor descriptor) {
        Acl dacl = descriptor.dacl();
        if (dacl == null) {
            return false;
        }
        ImmutableList<Ace> aces = dacl.aces();
        for (int i = 0; i < aces.size(); i++) {
            if (aces.get(i) instanceof AccessAce ace
                    && !ace.isInheritOnly()
                    && ace.sid().equals(WellKnownSids.OWNER_RIGHTS)) {
                return true;
            }
        }
        return false;
    }

    boolean grants(SidMatch match, int wanted, Rule rule, @Nullable List<AccessDecision.Step> trace) {
        Acl dacl = descriptor.dacl();
        if (dacl == null) {
            note(
                    trace,
                    rule,
                    () -> match.nullDaclGrants() ? "there is no DACL: everything is granted" : "there is no DACL");
            return match.nullDaclGrants();
        }
        int remaining = wanted;
        ImmutableList<Ace> aces = dacl.aces();
        for (int i = 0; i < aces.size(); i++) {
            AccessAce ace = effective(aces.get(i));
            if (ace == null) {
                continue;
            }
            int hit = mapping.map(ace.mask().bits()) & remaining;
            if (hit == 0 || !applies(ace, match)) {
                continue;
            }
            if (ace.kind().denies()) {
                noteEntry(trace, rule, i, "denies", hit);
                return false;
            }
            noteEntry(trace, rule, i, "grants", hit);
            remaining &= ~hit;
            if (remaining == 0) {
                return true;
            }
        }
        noteMask(trace, rule, "no entry grants ", remaining);
        return false;
    }

    int maximum(SidMatch match, int all, Rule rule, @Nullable List<AccessDecision.Step> trace) {
        Acl dacl = descriptor.dacl();
        if (dacl == null) {
            return match.nullDaclGrants() ? all : 0;
        }
        int granted = 0;
        int denied = 0;
        for (Ace entry : dacl.aces()) {
            AccessAce ace = effective(entry);
            if (ace == null || !applies(ace, match)) {
                continue;
            }
            int mask = mapping.map(ace.mask().bits()) & all;
            if (ace.kind().denies()) {
                denied |= mask & ~granted;
            } else {
                granted |= mask & ~denied;
            }
        }
        noteMask(trace, rule, "at most ", granted);
        return granted;
    }

    /** The entry if it can decide; null for inherit-only ones and for audits, which do not belong here. */
    private static @Nullable AccessAce effective(Ace ace) {
        if (ace.isInheritOnly()) {
            return null;
        }
        if (ace instanceof AccessAce access) {
            return access.kind() == AccessAce.Kind.AUDIT ? null : access;
        }
        throw new UnmodelledAceException(ace, "DACL");
    }

    private boolean applies(AccessAce ace, SidMatch match) {
        Sid sid = ace.sid();
        if (sid.equals(WellKnownSids.OWNER_RIGHTS) && descriptor.owner() != null) {
            sid = descriptor.owner();
        }
        return switch (ace.kind()) {
            case ALLOW -> match.allow(sid);
            case DENY -> match.deny(sid);
            case ALLOW_CALLBACK -> conditions == Conditions.TRUE && match.allow(sid);
            case DENY_CALLBACK -> conditions != Conditions.FALSE && match.deny(sid);
            case AUDIT -> false;
        };
    }

    private void noteEntry(@Nullable List<AccessDecision.Step> trace, Rule rule, int index, String verb, int hit) {
        if (trace != null && descriptor.dacl() != null) {
            Ace ace = descriptor.dacl().aces().get(index);
            note(trace, rule, () -> "entry " + index + " " + ace + " " + verb + " " + AccessMask.of(hit));
        }
    }

    private static void noteMask(@Nullable List<AccessDecision.Step> trace, Rule rule, String what, int mask) {
        note(trace, rule, () -> what + AccessMask.of(mask));
    }

    private static void note(@Nullable List<AccessDecision.Step> trace, Rule rule, Supplier<String> text) {
        SecurityReferenceMonitor.note(trace, rule, text);
    }
}
