package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.List;

/** Adding an entry to a DACL, and taking exactly it away again, as functions of descriptors. */
public final class AceChange {
    /** What a missing DACL grants, as an entry: a list that is to hold anything else needs it. */
    private static final AccessAce EVERYTHING = AccessAce.allow(AccessMask.FILE_ALL_ACCESS, WellKnownSids.EVERYONE);

    private AceChange() {}

    /** Whether the DACL holds the entry. */
    public static boolean isIn(SecurityDescriptor descriptor, AccessAce ace) {
        return descriptor.dacl() != null && descriptor.dacl().aces().contains(ace);
    }

    /**
     * The descriptor with the entry: a denying one in front, an allowing one in front of the first that allows, so that
     * nothing behind it takes the grant away.
     *
     * @return {@code descriptor} itself if the entry is there
     */
    public static SecurityDescriptor apply(SecurityDescriptor descriptor, AccessAce ace) {
        if (isIn(descriptor, ace)) {
            return descriptor;
        }
        Acl dacl = descriptor.dacl();
        if (dacl == null) {
            return addsToMissingList(ace) ? descriptor.withDacl(Acl.of(ace, EVERYTHING)) : descriptor;
        }
        List<Ace> aces = new ArrayList<>(dacl.aces());
        aces.add(position(dacl, ace), ace);
        return descriptor.withDacl(dacl.withAces(aces));
    }

    /**
     * Whether the entry says something that a missing list does not: it denies nothing and grants everything, but to
     * AppContainers, which it grants nothing.
     */
    public static boolean addsToMissingList(AccessAce ace) {
        return ace.kind().denies() || ContainerGrants.isOfContainer(ace.sid());
    }

    private static int position(Acl dacl, AccessAce added) {
        int position = 0;
        while (!added.kind().denies()
                && position < dacl.aces().size()
                && dacl.aces().get(position) instanceof AccessAce present
                && present.kind().denies()) {
            position++;
        }
        return position;
    }

    /**
     * The descriptor without the entry.
     *
     * @param current the descriptor as it is now, perhaps changed by others meanwhile
     * @param before the descriptor to which {@code ace} was applied
     */
    public static SecurityDescriptor undo(SecurityDescriptor current, SecurityDescriptor before, AccessAce ace) {
        Acl dacl = current.dacl();
        if (dacl == null || isIn(before, ace) || !isIn(current, ace)) {
            return current;
        }
        List<Ace> aces = new ArrayList<>(dacl.aces());
        aces.remove(ace);
        if (before.dacl() == null && aces.equals(List.of(EVERYTHING))) {
            return before.has(SecurityDescriptor.DACL_PRESENT) ? current.withDacl(null) : current.withoutDacl();
        }
        return current.withDacl(dacl.withAces(aces));
    }
}
