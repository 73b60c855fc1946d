package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.Optional;
import org.immutables.value.Value;

/**
 * What of an access token decides an access check.
 *
 * <p>Made as Windows makes them: from a user's token by filtering ({@link #filtered}, {@link #restrictedTo}, {@link
 * #unprivileged}) and by lowering the level.
 */
@Value.Immutable
public abstract class VirtualToken {
    VirtualToken() {}

    /** The user. Matches allowing and denying entries. */
    public abstract Sid user();

    /** Enabled groups, the logon SID included. They match allowing and denying entries. */
    public abstract ImmutableSet<Sid> groups();

    /** Groups for denies only: SE_GROUP_USE_FOR_DENY_ONLY. */
    public abstract ImmutableSet<Sid> denyOnly();

    /** Enabled privileges. */
    public abstract ImmutableSet<Privilege> privileges();

    /** The restricting SIDs, if the token is restricted. An empty set restricts everything. */
    public abstract Optional<ImmutableSet<Sid>> restricting();

    /** Whether the restricting SIDs count for write access only: WRITE_RESTRICTED. */
    @Value.Default
    public boolean writeRestricted() {
        return false;
    }

    /** The integrity level. */
    @Value.Default
    public IntegrityLevel level() {
        return IntegrityLevel.MEDIUM;
    }

    /** TOKEN_MANDATORY_POLICY_NO_WRITE_UP: labels are checked at all. */
    @Value.Default
    public boolean mandatoryPolicy() {
        return true;
    }

    /** The AppContainer that the token belongs to. */
    public abstract Optional<AppContainer> appContainer();

    /** The primary group of what the token's process creates. */
    @Value.Default
    public Sid primaryGroup() {
        return user();
    }

    /** The DACL of new objects that inherit none: by default the user and SYSTEM in full, as Windows has it. */
    @Value.Default
    public Acl defaultDacl() {
        return Acl.of(
                AccessAce.allow(AccessMask.GENERIC_ALL, user()),
                AccessAce.allow(AccessMask.GENERIC_ALL, WellKnownSids.LOCAL_SYSTEM));
    }

    /**
     * An AppContainer's identity.
     *
     * @param packageSid S-1-15-2-...
     * @param capabilities capability SIDs, S-1-15-3-...
     * @param lessPrivileged whether ALL APPLICATION PACKAGES does not count for it
     */
    public record AppContainer(Sid packageSid, ImmutableSet<Sid> capabilities, boolean lessPrivileged) {
        /** Whether an allowing entry for {@code sid} counts for this container. */
        boolean matches(Sid sid) {
            return sid.equals(packageSid)
                    || sid.equals(WellKnownSids.ALL_RESTRICTED_APPLICATION_PACKAGES)
                    || (!lessPrivileged && sid.equals(WellKnownSids.ALL_APPLICATION_PACKAGES))
                    || capabilities.contains(sid);
        }
    }

    static ImmutableVirtualToken.Builder builder() {
        return new ImmutableVirtualToken.Builder();
    }

    /** The token of {@code user} with exactly these groups and privileges, at Medium. */
    public static VirtualToken of(Sid user, Iterable<Sid> groups, Privilege... privileges) {
        return builder()
                .user(user)
                .addAllGroups(groups)
                .addPrivileges(privileges)
                .build();
    }

    /**
     * The token of an ordinary interactive user: Everyone, Users, INTERACTIVE, Authenticated Users, Medium, and no
     * privilege but SeChangeNotify.
     *
     * @param user the user
     * @param logonSid the SID of the logon session, S-1-5-5-x-y
     */
    public static VirtualToken ofUser(Sid user, Sid logonSid) {
        return builder()
                .user(user)
                .addGroups(
                        WellKnownSids.EVERYONE,
                        WellKnownSids.USERS,
                        WellKnownSids.INTERACTIVE,
                        WellKnownSids.AUTHENTICATED_USERS,
                        logonSid)
                .addPrivileges(Privilege.CHANGE_NOTIFY)
                .build();
    }

    /** The same with {@code sids} for denies only, as far as they are enabled groups. */
    public VirtualToken filtered(Iterable<Sid> sids) {
        ImmutableSet<Sid> disabled = ImmutableSet.copyOf(sids);
        ImmutableVirtualToken.Builder builder = builder()
                .from(this)
                .groups(groups().stream().filter(sid -> !disabled.contains(sid)).toList());
        groups().stream().filter(disabled::contains).forEach(builder::addDenyOnly);
        return builder.build();
    }

    /**
     * The same with restricting SIDs; of an already restricted token only the common ones stay (CreateRestrictedToken).
     */
    public VirtualToken restrictedTo(ImmutableSet<Sid> sids, boolean forWritesOnly) {
        ImmutableSet<Sid> common = restricting()
                .map(old -> old.stream().filter(sids::contains).collect(ImmutableSet.toImmutableSet()))
                .orElse(sids);
        return builder()
                .from(this)
                .restricting(common)
                .writeRestricted(restricting().isPresent() ? writeRestricted() && forWritesOnly : forWritesOnly)
                .build();
    }

    /** The same without any privilege but SeChangeNotify: DISABLE_MAX_PRIVILEGE. */
    public VirtualToken unprivileged() {
        return builder()
                .from(this)
                .privileges(
                        privileges().contains(Privilege.CHANGE_NOTIFY)
                                ? ImmutableSet.of(Privilege.CHANGE_NOTIFY)
                                : ImmutableSet.of())
                .build();
    }

    /** The same at another level. */
    public VirtualToken atLevel(IntegrityLevel newLevel) {
        return builder().from(this).level(newLevel).build();
    }

    /** The same in an AppContainer, which always runs at Low. */
    public VirtualToken inAppContainer(AppContainer container) {
        return builder()
                .from(this)
                .appContainer(container)
                .level(IntegrityLevel.LOW)
                .build();
    }

    /** Whether an allowing entry for {@code sid} counts in the normal pass. */
    boolean matchesAllow(Sid sid) {
        return sid.equals(user()) || groups().contains(sid);
    }

    /** Whether a denying entry for {@code sid} counts in the normal pass. */
    boolean matchesDeny(Sid sid) {
        return matchesAllow(sid) || denyOnly().contains(sid);
    }
}
