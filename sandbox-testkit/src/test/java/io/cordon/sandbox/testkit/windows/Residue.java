package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Something of a sandbox that an object shows after the sandbox was closed, and did not show before. */
record Residue(long object, String path, String what) {
    static List<Residue> of(VirtualVolume before, VirtualVolume now, WindowsPlan plan) {
        return of(before, now, plan, Scenario.USER, Scenario.LOGON);
    }

    static List<Residue> of(VirtualVolume before, VirtualVolume now, WindowsPlan plan, Sid user, Sid logon) {
        Set<Sid> capabilities = new HashSet<>(plan.token().restricting().orElse(ImmutableSet.of()));
        capabilities.remove(logon);
        capabilities.remove(WellKnownSids.EVERYONE);
        List<Residue> residue = new ArrayList<>();
        now.walk((path, object) -> {
            VirtualObject old = before.byId(object.id());
            SecurityDescriptor was = old == null ? SecurityDescriptor.EMPTY : old.descriptor();
            LabelAce label = MandatoryLabel.aceOf(object.descriptor());
            if (label != null
                    && plan.token().level().dominates(label.level())
                    && !label.equals(MandatoryLabel.aceOf(was))) {
                residue.add(new Residue(object.id(), path, "has the label " + label));
            }
            for (Ace ace : entries(object.descriptor())) {
                if (ace instanceof AccessAce access && !entries(was).contains(ace)) {
                    // Those of a sandbox are handed on to directories at most; others the user's own directory made.
                    boolean denial = access.kind().denies()
                            && (access.flags().bits() & AceFlags.OBJECT_INHERIT.bits()) == 0
                            && access.sid().equals(user)
                            && AccessMask.DELETE
                                    .or(AccessMask.FILE_DELETE_CHILD)
                                    .contains(access.mask());
                    boolean inherited = denial && isHandedOn(before, now, path, object.isDirectory(), access);
                    if ((denial && !inherited) || capabilities.contains(access.sid())) {
                        residue.add(new Residue(object.id(), path, "has the entry " + ace));
                    }
                }
            }
        });
        return residue;
    }

    /** Whether the directory handed the entry on before there was a sandbox: then it is the user's own. */
    private static boolean isHandedOn(
            VirtualVolume before, VirtualVolume now, String path, boolean directory, AccessAce entry) {
        VirtualObject parent = now.find(Opened.parent(path));
        VirtualObject old = parent == null ? null : before.byId(parent.id());
        return old != null
                && Inheritance.inherit(
                                old.descriptor().dacl(), directory, entry.sid(), entry.sid(), entry.isInherited())
                        .aces()
                        .contains(entry);
    }

    private static List<Ace> entries(SecurityDescriptor descriptor) {
        Acl dacl = descriptor.dacl();
        return dacl == null ? List.of() : dacl.aces();
    }
}
