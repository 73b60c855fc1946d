package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/** Access tokens. */
public interface TokenCalls {
    /** The JVM's own primary token, to be looked at and to be restricted. */
    OwnedHandle ownToken() throws WindowsFailure;

    /** The primary token of another process, to be looked at. */
    OwnedHandle tokenOf(OwnedHandle process) throws WindowsFailure;

    /** The same, to {@linkplain #impersonate act} with. */
    OwnedHandle actingTokenOf(OwnedHandle process) throws WindowsFailure;

    /**
     * A copy without privileges but SeChangeNotifyPrivilege, in which administrators and their like only deny
     * (DISABLE_MAX_PRIVILEGE, LUA_TOKEN).
     *
     * @param restricting if given, writing needs a grant to one of these too (WRITE_RESTRICTED); not empty
     * @see <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-createrestrictedtoken">
     *     CreateRestrictedToken</a>
     */
    OwnedHandle restrict(OwnedHandle token, Optional<ImmutableSet<Sid>> restricting) throws WindowsFailure;

    /**
     * The restricting SIDs; none if the token is not restricted. Fails where the system does not tell them, as stock
     * Wine does: an unknown list is not an empty one.
     */
    ImmutableSet<Sid> restricting(OwnedHandle token) throws WindowsFailure;

    /** The SID of the logon session, which services started by the system itself do not have. */
    Optional<Sid> logon(OwnedHandle token) throws WindowsFailure;

    /** A copy as a primary token, on whose object the caller has every access. */
    OwnedHandle duplicate(OwnedHandle token) throws WindowsFailure;

    /** The level of the subject, as the last part of its SID: 0x2000 is Medium. */
    int integrityLevel(OwnedHandle token) throws WindowsFailure;

    /** Lowers the level of the subject. */
    void setIntegrityLevel(OwnedHandle token, int level) throws WindowsFailure;

    /** Sets the access list of objects that the subject creates without naming one. */
    void setDefaultDacl(OwnedHandle token, byte[] acl) throws WindowsFailure;

    /** Sets the label of the token itself, which is an object like any other. */
    void setLabel(OwnedHandle token, byte[] acl) throws WindowsFailure;

    /** The label of the token itself; an empty array if it has none. */
    byte[] label(OwnedHandle token) throws WindowsFailure;

    /** The SID of the user. */
    byte[] user(OwnedHandle token) throws WindowsFailure;

    /** Whether an administrator's rights are in force. */
    boolean elevated(OwnedHandle token) throws WindowsFailure;

    /** Lets the calling thread act with this token, until {@link #revertToSelf}. */
    void impersonate(OwnedHandle token) throws WindowsFailure;

    /** Gives the calling thread the process's own rights back. */
    void revertToSelf() throws WindowsFailure;

    /** A copy with which access can be checked, and nothing else (SecurityIdentification). */
    OwnedHandle forChecking(OwnedHandle token) throws WindowsFailure;

    /**
     * All that a file with this descriptor would grant (MAXIMUM_ALLOWED), its label taken into account; what a
     * directory grants on what is in it is not.
     *
     * @param checking from {@link #forChecking}
     * @param descriptor with owner and group
     * @see <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-accesscheck">
     *     AccessCheck</a>
     */
    AccessMask maximumAccess(OwnedHandle checking, SecurityDescriptor descriptor) throws WindowsFailure;
}
