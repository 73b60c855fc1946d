package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The descriptor that a new object gets from the directory that it is in (MS-DTYP 2.5.3.4, with the flags that Samba's
 * test_inheritance has seen on Windows). Of CREATOR OWNER and of generic rights it knows nothing.
 */
final class FakeInheritance {
    private static final Sid USERS_GROUP = Sid.of(5, 21, 1, 2, 3, 513);

    private FakeInheritance() {}

    /** What belongs to the user, and is in no directory that was put there. */
    private static SecurityDescriptor ofTheUser() {
        AccessAce all = AccessAce.allow(AccessMask.FILE_ALL_ACCESS, FakeTokenCalls.USER);
        return SecurityDescriptor.of(
                        FakeTokenCalls.USER,
                        USERS_GROUP,
                        Acl.of(all.withFlags(AceFlags.INHERIT.with(AceFlags.INHERITED))))
                .withControl(SecurityDescriptor.DACL_AUTO_INHERITED, 0);
    }

    /** A new object's descriptor; without parent it has what the user's directories have. */
    static SecurityDescriptor newIn(Optional<SecurityDescriptor> parent, boolean directory) {
        SecurityDescriptor from = parent.orElseGet(FakeInheritance::ofTheUser);
        Acl dacl = inherited(from.dacl(), directory);
        SecurityDescriptor made =
                ofTheUser().withDacl(dacl == null || dacl.aces().isEmpty() ? tokenDefault() : dacl);
        Acl sacl = inherited(from.sacl(), directory);
        return sacl == null || sacl.aces().isEmpty() ? made : made.withSacl(sacl);
    }

    private static Acl tokenDefault() {
        return Acl.of(AccessAce.allow(AccessMask.FILE_ALL_ACCESS, FakeTokenCalls.USER));
    }

    private static @Nullable Acl inherited(@Nullable Acl list, boolean directory) {
        if (list == null) {
            return null;
        }
        ImmutableList.Builder<Ace> aces = ImmutableList.builder();
        for (Ace ace : list.aces()) {
            flags(ace.flags(), directory).ifPresent(flags -> aces.add(ace.withFlags(flags)));
        }
        return list.withAces(aces.build());
    }

    private static Optional<AceFlags> flags(AceFlags flags, boolean directory) {
        boolean applies = flags.has(directory ? AceFlags.CONTAINER_INHERIT : AceFlags.OBJECT_INHERIT);
        boolean goesOn = directory && !flags.has(AceFlags.NO_PROPAGATE);
        AceFlags kept = new AceFlags(flags.bits() & AceFlags.INHERIT.bits()).with(AceFlags.INHERITED);
        if (applies) {
            return Optional.of(goesOn ? kept : AceFlags.INHERITED);
        }
        return goesOn && flags.has(AceFlags.OBJECT_INHERIT)
                ? Optional.of(kept.with(AceFlags.INHERIT_ONLY))
                : Optional.empty();
    }
}
