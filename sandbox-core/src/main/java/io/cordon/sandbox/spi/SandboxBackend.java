package io.cordon.sandbox.spi;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import java.nio.file.Path;

/**
 * One way of confining a process tree by an operating system. Found by {@link java.util.ServiceLoader}. Implementations
 * have a public constructor without parameters, and are safe for use by several threads.
 */
public interface SandboxBackend {
    /** A short lower-case name, such as {@code linux}. */
    String name();

    /** Whether this backend works on this machine. Changes nothing, throws nothing. */
    BackendProbe probe();

    /**
     * Facts of this machine that decide what is enforced, by their name in a few words, for the doctor. Changes nothing,
     * throws nothing; asked only of a backend that works.
     */
    default ImmutableMap<String, String> hostFacts() {
        return ImmutableMap.of();
    }

    /**
     * What {@link #prepare} would do for this policy, and what would be enforced. Changes nothing.
     *
     * @throws SandboxException if the policy's paths do not suit this machine
     */
    BackendPlan plan(SandboxPolicy policy) throws SandboxException;

    /**
     * Prepares the host. When this throws, everything that was done is undone.
     *
     * <p>An implementation does not judge whether the enforcement suffices; it reports truthfully what it saw to hold,
     * and core refuses to go on if that is too little.
     *
     * @throws SandboxException if a step fails
     */
    PreparedSandbox prepare(SandboxPolicy policy) throws SandboxException;

    /**
     * Undoes what sandboxes whose processes are gone left behind. Sandboxes that are open are not touched.
     *
     * @throws SandboxException if what is left behind cannot be found out
     */
    default CleanUpReport recover() throws SandboxException {
        return CleanUpReport.NOTHING;
    }

    /**
     * Undoes what was done to a root to stay when its sandbox closes.
     *
     * @throws SandboxException if a sandbox with that root is open, or what was done cannot be found out
     */
    default CleanUpReport cleanUp(Path root) throws SandboxException {
        return CleanUpReport.NOTHING;
    }
}
