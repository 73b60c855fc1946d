package io.cordon.sandbox.windows.plan;

/** What kind of process the host is. */
public enum Elevation {
    /** An ordinary process of a user. */
    STANDARD,
    /** An elevated administrator: the child's token is filtered. */
    ELEVATED,
    /** A service account without a user behind it: refused. */
    SYSTEM
}
