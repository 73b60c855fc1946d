package io.cordon.sandbox.windows.facts;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;

/**
 * Who may do what by a descriptor, asked of the system's own access check. Trees have few different descriptors, so the
 * answers are kept. Not safe for use by several threads.
 */
final class AccessQuestions implements AutoCloseable {
    private static final int KEPT = 4096;

    /** Whatever changes an object or what is in it. */
    private static final AccessMask CHANGES =
            GenericMapping.FILE.writeRestricted().or(AccessMask.FILE_DELETE_CHILD);

    /** One subject. */
    private final class Subject {
        private final OwnedHandle checking;
        private final Cache<SecurityDescriptor, AccessMask> answers =
                CacheBuilder.newBuilder().maximumSize(KEPT).build();

        Subject(OwnedHandle checking) {
            this.checking = checking;
        }

        AccessMask maximum(SecurityDescriptor descriptor) throws WindowsFailure {
            AccessMask known = answers.getIfPresent(descriptor);
            if (known == null) {
                known = tokens.maximumAccess(checking, complete(descriptor));
                answers.put(descriptor, known);
            }
            return known;
        }
    }

    private final TokenCalls tokens;
    private final ResourceScope scope = new ResourceScope();
    private final Sid userSid;
    private final Sid logonSid;
    private final Acl defaultDacl;
    private final Subject user;
    private final Subject child;
    private final Subject shared;

    /**
     * Questions about this process's user and a child of his at a level.
     *
     * @throws WindowsFailure if the tokens cannot be made
     */
    AccessQuestions(TokenCalls tokens, IntegrityLevel level) throws WindowsFailure {
        this.tokens = tokens;
        try (ResourceScope made = new ResourceScope()) {
            OwnedHandle own = made.own(tokens.ownToken());
            userSid = Sid.decode(tokens.user(own));
            // A service has no logon session of its own; nobody is the one SID that grants nothing.
            logonSid = tokens.logon(own).orElse(WellKnownSids.NULL);
            defaultDacl = Acl.of(
                    AccessAce.allow(AccessMask.GENERIC_ALL, userSid),
                    AccessAce.allow(AccessMask.GENERIC_ALL, WellKnownSids.LOCAL_SYSTEM));
            user = new Subject(scope.own(tokens.forChecking(own)));
            OwnedHandle confined = made.own(ConfinedToken.create(tokens, new TokenShape(level, Optional.empty())));
            child = new Subject(scope.own(tokens.forChecking(confined)));
            OwnedHandle restricted =
                    made.own(tokens.restrict(own, Optional.of(ImmutableSet.of(WellKnownSids.EVERYONE, logonSid))));
            shared = new Subject(scope.own(tokens.forChecking(restricted)));
        } catch (WindowsFailure | RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    /** A volume without descriptors has objects without owner, which the check does not take. */
    private static SecurityDescriptor complete(SecurityDescriptor descriptor) {
        SecurityDescriptor owned = descriptor.owner() == null ? descriptor.withOwner(WellKnownSids.NULL) : descriptor;
        return owned.group() == null ? owned.withGroup(WellKnownSids.NULL) : owned;
    }

    Sid userSid() {
        return userSid;
    }

    Sid logonSid() {
        return logonSid;
    }

    /** Whether the user has these rights. */
    boolean userMay(AccessMask rights, SecurityDescriptor descriptor) throws WindowsFailure {
        return user.maximum(descriptor).contains(rights);
    }

    /** Whether the user may set a label: WRITE_DAC is enough, with which he grants himself WRITE_OWNER. */
    boolean userMayLabel(SecurityDescriptor descriptor) throws WindowsFailure {
        return user.maximum(descriptor).intersects(AccessMask.WRITE_OWNER.or(AccessMask.WRITE_DAC));
    }

    /** Whether the child could change the object, or delete what is in it. */
    boolean childMayChange(SecurityDescriptor descriptor) throws WindowsFailure {
        return child.maximum(descriptor).intersects(CHANGES);
    }

    /** Whether the child could read or run the object. */
    boolean childMayRead(SecurityDescriptor descriptor) throws WindowsFailure {
        return child.maximum(descriptor).intersects(AccessMask.FILE_READ_DATA.or(AccessMask.FILE_EXECUTE));
    }

    /** Whether every write-restricted child can change the object, through Everyone or the logon session. */
    boolean everySandboxMayChange(SecurityDescriptor descriptor) throws WindowsFailure {
        return shared.maximum(descriptor).intersects(GenericMapping.FILE.writeRestricted());
    }

    /** Whether the user lacks DELETE on something that he makes in such a directory. */
    boolean newChildLacksDelete(SecurityDescriptor directory) throws WindowsFailure {
        return !userMay(AccessMask.DELETE, made(directory, true))
                || !userMay(AccessMask.DELETE, made(directory, false));
    }

    /** Whether the user may make a directory there and label it. */
    boolean userMayMakeIn(SecurityDescriptor directory) throws WindowsFailure {
        return userMay(AccessMask.FILE_APPEND_DATA, directory) && userMayLabel(made(directory, true));
    }

    private SecurityDescriptor made(SecurityDescriptor parent, boolean directory) {
        return Inheritance.newObject(parent, directory, userSid, userSid, defaultDacl);
    }

    @Override
    public void close() {
        scope.close();
    }
}
