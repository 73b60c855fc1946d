package io.cordon.sandbox.testkit.windows;

/** The privileges that change the outcome of an access check (MS-DTYP 2.5.3.2 and 2.5.3.3). */
public enum Privilege {
    /** SeSecurityPrivilege: grants ACCESS_SYSTEM_SECURITY. */
    SECURITY,
    /** SeTakeOwnershipPrivilege: grants WRITE_OWNER after the integrity check. */
    TAKE_OWNERSHIP,
    /** SeRelabelPrivilege: grants WRITE_OWNER, also against NO_WRITE_UP, and labels above the own level. */
    RELABEL,
    /** SeCreateSymbolicLinkPrivilege: allows symbolic links to be made. */
    CREATE_SYMBOLIC_LINK,
    /**
     * SeChangeNotifyPrivilege: directories on the way to an object are not checked. Every token that Cordon makes keeps
     * it, so the model never checks them.
     */
    CHANGE_NOTIFY
}
