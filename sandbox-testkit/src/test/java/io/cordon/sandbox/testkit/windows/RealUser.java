package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.DefaultDacl;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import org.jspecify.annotations.Nullable;

/**
 * The user of this JVM, and the model's token of him. What cannot be asked for is as {@code src/wine/README.md} of
 * sandbox-windows has it: his groups, and the access list of what he makes.
 *
 * @param sid the user
 * @param logon his logon session
 */
record RealUser(Sid sid, Sid logon) {
    private static final int DOMAIN_USERS = 513;

    /** The one of this JVM. */
    static RealUser of(TokenCalls tokens) throws WindowsFailure {
        try (OwnedHandle own = tokens.ownToken()) {
            return new RealUser(Sid.decode(tokens.user(own)), tokens.logon(own).orElseThrow());
        }
    }

    VirtualToken token() {
        return VirtualToken.builder()
                .user(sid)
                .addGroups(
                        primaryGroup(),
                        WellKnownSids.EVERYONE,
                        WellKnownSids.USERS,
                        WellKnownSids.INTERACTIVE,
                        WellKnownSids.AUTHENTICATED_USERS,
                        WellKnownSids.LOCAL,
                        logon)
                .addPrivileges(Privilege.CHANGE_NOTIFY)
                .primaryGroup(primaryGroup())
                .defaultDacl(Acl.of(
                        AccessAce.allow(AccessMask.GENERIC_ALL, sid),
                        AccessAce.allow(AccessMask.GENERIC_ALL, WellKnownSids.LOCAL_SYSTEM),
                        AccessAce.allow(AccessMask.GENERIC_READ.or(AccessMask.GENERIC_EXECUTE), logon)))
                .build();
    }

    private Sid primaryGroup() {
        String text = sid.toString();
        return Sid.parse(text.substring(0, text.lastIndexOf('-') + 1) + DOMAIN_USERS);
    }

    /** The model's token of a child, with the access list that the launcher gives it for what it makes. */
    VirtualToken child(VirtualToken child, TokenShape shape) {
        ImmutableSet<Sid> restricting = shape.restricting().orElse(ImmutableSet.of());
        return VirtualToken.builder()
                .from(child)
                .defaultDacl(Acl.decode(DefaultDacl.of(sid, restricting)))
                .build();
    }

    /** A descriptor of a scenario with this user in the place of the scenario's. */
    SecurityDescriptor of(SecurityDescriptor descriptor) {
        Acl dacl = descriptor.dacl();
        return dacl == null ? descriptor : descriptor.withDacl(of(dacl));
    }

    private Acl of(Acl acl) {
        return acl.withAces(acl.aces().stream().map(this::of).toList());
    }

    private Ace of(Ace ace) {
        return ace instanceof AccessAce access
                ? new AccessAce(
                        access.kind(), access.flags(), access.mask(), of(access.sid()), access.applicationData())
                : ace;
    }

    private Sid of(Sid other) {
        return other.equals(Scenario.USER) ? sid : other.equals(Scenario.LOGON) ? logon : other;
    }

    /** The same for an operation. */
    VolumeOperation of(VolumeOperation operation) {
        if (operation instanceof VolumeOperation.CreateFile create) {
            return new VolumeOperation.CreateFile(create.path(), ofStated(create.dacl()));
        } else if (operation instanceof VolumeOperation.CreateDirectory create) {
            return new VolumeOperation.CreateDirectory(create.path(), ofStated(create.dacl()));
        } else if (operation instanceof VolumeOperation.SetDacl set) {
            return new VolumeOperation.SetDacl(set.path(), of(set.dacl()));
        } else if (operation instanceof VolumeOperation.SetOwner set) {
            return new VolumeOperation.SetOwner(set.path(), of(set.owner()));
        }
        return operation;
    }

    private @Nullable Acl ofStated(@Nullable Acl acl) {
        return acl == null ? null : of(acl);
    }
}
