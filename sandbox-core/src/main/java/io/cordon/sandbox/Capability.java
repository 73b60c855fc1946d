package io.cordon.sandbox;

/**
 * What a sandbox can be asked to enforce. A policy requests capabilities by what it says (see
 * {@link SandboxPolicy#requested()}); the {@link EnforcementReport} answers each of them.
 */
public enum Capability {
    /** Nothing outside the writable roots, the private temp directory and the harmless devices is changed or deleted. */
    FILE_WRITE,
    /** A path inside a writable root stays as it is: not written, moved, deleted, or shadowed by moving an ancestor. */
    FILE_WRITE_CARVE_OUT,
    /** A path that the user could read cannot be read. */
    FILE_READ_DENY,
    /**
     * Nothing of the user's is read but the places of {@link SandboxPolicy#allowRead()}, the writable roots and the
     * private temp directory. What the system gives every program to read stays readable.
     */
    FILE_READ_LIMIT,
    /**
     * No network of any protocol or address family, loopback included; where the policy names hosts, a proxy that hands
     * on to these hosts, and nothing else.
     */
    NETWORK,
    /** Every descendant is confined, ends with the sandbox, and acts on no process outside of it. */
    PROCESS_TREE,
    /** The memory of the whole tree is bounded. */
    MEMORY,
    /** The number of processes of the whole tree is bounded. */
    PROCESS_COUNT,
    /** The processor time of the whole tree is bounded. */
    CPU,
    /** No window, clipboard or desktop of the user can be reached. */
    UI,
    /** The child sees only the environment variables that the policy gives it. */
    ENVIRONMENT
}
