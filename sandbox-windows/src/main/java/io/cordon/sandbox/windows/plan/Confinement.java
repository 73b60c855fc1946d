package io.cordon.sandbox.windows.plan;

/** What holds the child. */
public enum Confinement {
    /** The user's own token, filtered, at a level below Medium. */
    LOW_INTEGRITY,
    /**
     * The user's own token, filtered, in an AppContainer without capabilities: it reads and writes what is granted to its
     * package, and the system gives it no network.
     */
    APP_CONTAINER,
    /** The token of a provisioned account at a level below Medium; network filters are bound to the account. */
    ACCOUNT
}
