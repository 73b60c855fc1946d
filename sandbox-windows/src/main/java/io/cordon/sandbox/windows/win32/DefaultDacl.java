package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The access list that a child gives to what it creates without naming one. */
public final class DefaultDacl {
    private DefaultDacl() {}

    /**
     * Everything for the user, for the system and for what restricts the child. The list of an elevated administrator
     * names Administrators instead of the user; in the child's token that group only denies, so that the child could not
     * open its own objects.
     *
     * @param restricting the restricting SIDs of the child; those that other processes have too are left out
     */
    public static byte[] of(Sid user, Set<Sid> restricting) {
        List<Ace> aces = new ArrayList<>();
        aces.add(all(user));
        aces.add(all(WellKnownSids.LOCAL_SYSTEM));
        restricting.stream().filter(DefaultDacl::isOwn).map(DefaultDacl::all).forEach(aces::add);
        return Acl.of(aces).encode();
    }

    private static AccessAce all(Sid sid) {
        return AccessAce.allow(AccessMask.GENERIC_ALL, sid);
    }

    /** A capability SID of ours looks like that of an account of a machine that does not exist: S-1-5-21-a-b-c-d. */
    private static boolean isOwn(Sid sid) {
        return sid.authority() == 5 && sid.subAuthorities().get(0) == 21;
    }

    /** Whether a SID is the system itself. */
    public static boolean isSystem(byte[] sid) {
        return Sid.decode(sid).equals(WellKnownSids.LOCAL_SYSTEM);
    }
}
