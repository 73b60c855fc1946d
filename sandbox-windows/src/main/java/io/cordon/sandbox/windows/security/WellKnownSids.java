package io.cordon.sandbox.windows.security;

/** SIDs that are the same on every machine (MS-DTYP 2.4.2.4; Microsoft Learn, "Well-known SIDs"). */
public final class WellKnownSids {
    /** Nobody. */
    public static final Sid NULL = Sid.of(0, 0);
    /** Everyone but anonymous logons. */
    public static final Sid EVERYONE = Sid.of(1, 0);
    /** Users who logged on at this machine; in tokens of local and of remote-desktop sessions. */
    public static final Sid LOCAL = Sid.of(2, 0);
    /** In an inheritable ACE: replaced by the owner of the new object. */
    public static final Sid CREATOR_OWNER = Sid.of(3, 0);
    /** In an inheritable ACE: replaced by the primary group of the new object. */
    public static final Sid CREATOR_GROUP = Sid.of(3, 1);
    /** In a DACL: stands for the owner, and takes the place of the owner's implicit rights. */
    public static final Sid OWNER_RIGHTS = Sid.of(3, 4);
    /** Tokens of interactive logons. */
    public static final Sid INTERACTIVE = Sid.of(5, 4);
    /** PRINCIPAL_SELF: replaced by the principal that the caller of the check names. */
    public static final Sid SELF = Sid.of(5, 10);
    /** Users whose identity was verified. */
    public static final Sid AUTHENTICATED_USERS = Sid.of(5, 11);
    /** By convention in the restricting list of restricted tokens. */
    public static final Sid RESTRICTED = Sid.of(5, 12);
    /** The operating system itself. */
    public static final Sid LOCAL_SYSTEM = Sid.of(5, 18);
    /** By convention in the restricting list of write-restricted tokens. */
    public static final Sid WRITE_RESTRICTED = Sid.of(5, 33);
    /** The built-in Administrators group. */
    public static final Sid ADMINISTRATORS = Sid.of(5, 32, 544);
    /** The built-in Users group. */
    public static final Sid USERS = Sid.of(5, 32, 545);
    /** Every AppContainer but the less privileged ones. */
    public static final Sid ALL_APPLICATION_PACKAGES = Sid.of(15, 2, 1);
    /** Every AppContainer, less privileged ones included. */
    public static final Sid ALL_RESTRICTED_APPLICATION_PACKAGES = Sid.of(15, 2, 2);

    private WellKnownSids() {}
}
