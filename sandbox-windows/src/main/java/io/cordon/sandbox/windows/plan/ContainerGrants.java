package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;

/**
 * What descriptors grant to AppContainers. They get nothing that is not granted to a SID of theirs: package, capability,
 * or all packages; all of these are S-1-15-... A missing list grants them nothing either.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/implementing-an-appcontainer">Implementing an
 *     AppContainer</a>
 */
public final class ContainerGrants {
    /** SECURITY_APP_PACKAGE_AUTHORITY. */
    private static final int APP_PACKAGE_AUTHORITY = 15;

    /** Whatever changes an object or what is in it. */
    public static final AccessMask CHANGES =
            GenericMapping.FILE.writeRestricted().or(AccessMask.FILE_DELETE_CHILD);

    /** Reading, running or changing it. */
    public static final AccessMask USES = CHANGES.or(AccessMask.FILE_READ_DATA).or(AccessMask.FILE_EXECUTE);

    private ContainerGrants() {}

    /** Whether the SID can be one of an AppContainer. */
    public static boolean isOfContainer(Sid sid) {
        return sid.authority() == APP_PACKAGE_AUTHORITY;
    }

    /** Whether an entry grants one of these rights to some AppContainer, be it another one. */
    public static boolean grantsAnyOf(SecurityDescriptor descriptor, AccessMask rights) {
        Acl dacl = descriptor.dacl();
        return dacl != null
                && dacl.aces().stream()
                        .anyMatch(ace -> ace instanceof AccessAce access
                                && access.kind().allows()
                                && !access.isInheritOnly()
                                && isOfContainer(access.sid())
                                && AccessMask.of(GenericMapping.FILE.map(
                                                access.mask().bits()))
                                        .intersects(rights));
    }
}
