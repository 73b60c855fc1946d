package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.security.SecurityDescriptor.DACL_AUTO_INHERITED;
import static io.cordon.sandbox.windows.security.SecurityDescriptor.DACL_AUTO_INHERIT_REQ;
import static io.cordon.sandbox.windows.security.SecurityDescriptor.DACL_PROTECTED;
import static io.cordon.sandbox.windows.security.SecurityDescriptor.SACL_AUTO_INHERITED;
import static io.cordon.sandbox.windows.security.SecurityDescriptor.SACL_AUTO_INHERIT_REQ;
import static io.cordon.sandbox.windows.security.SecurityDescriptor.SACL_PROTECTED;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;

/**
 * What has to be asked of {@code SetKernelObjectSecurity} so that a part of a descriptor is stored as it is.
 *
 * <p>PROTECTED is stored as it is in the request. AUTO_INHERITED is stored only if AUTO_INHERIT_REQ is in the request as
 * well, which itself is never stored (MS-DTYP 2.4.6 names the flags; what is stored of them Samba's test_inheritance_flags
 * has seen on Windows). {@code (UN)PROTECTED_DACL_SECURITY_INFORMATION} are for {@code SetSecurityInfo}, which has no
 * descriptor to put the flag into.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-control">
 *     SECURITY_DESCRIPTOR_CONTROL</a>
 */
final class SetRequests {
    static final int DACL_SECURITY_INFORMATION = 0x4;
    static final int LABEL_SECURITY_INFORMATION = 0x10;

    private SetRequests() {}

    /**
     * For LABEL_SECURITY_INFORMATION. Without label it has a list without entry, which is known to withdraw one; what an
     * absent list does is not documented, and Wine takes it for no change.
     */
    static SecurityDescriptor label(SecurityDescriptor descriptor) {
        Acl sacl = descriptor.sacl();
        Acl labels = sacl == null
                ? Acl.EMPTY
                : sacl.withAces(sacl.aces().stream()
                        .filter(LabelAce.class::isInstance)
                        .collect(ImmutableList.toImmutableList()));
        return SecurityDescriptor.EMPTY
                .withSacl(labels)
                .withControl(requested(descriptor, SACL_AUTO_INHERITED, SACL_AUTO_INHERIT_REQ, SACL_PROTECTED), 0);
    }

    /**
     * For DACL_SECURITY_INFORMATION. The list is always present: absent it means the same as a null one, and no object
     * stores it so.
     */
    static SecurityDescriptor dacl(SecurityDescriptor descriptor) {
        return SecurityDescriptor.EMPTY
                .withDacl(descriptor.dacl())
                .withControl(requested(descriptor, DACL_AUTO_INHERITED, DACL_AUTO_INHERIT_REQ, DACL_PROTECTED), 0);
    }

    private static int requested(SecurityDescriptor descriptor, int autoInherited, int request, int isProtected) {
        return (descriptor.has(autoInherited) ? autoInherited | request : 0)
                | (descriptor.has(isProtected) ? isProtected : 0);
    }

    /**
     * A label that was withdrawn leaves a SACL without entry where there was none. It says nothing, and is no difference
     * to what was there before.
     */
    static SecurityDescriptor withoutEmptySacl(SecurityDescriptor descriptor) {
        Acl sacl = descriptor.sacl();
        return sacl == null || sacl.aces().isEmpty() ? descriptor.withoutSacl() : descriptor;
    }
}
