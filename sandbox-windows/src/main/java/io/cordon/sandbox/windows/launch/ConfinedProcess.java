package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchedProcess;

/** A process tree of a sandbox. */
public interface ConfinedProcess extends LaunchedProcess {
    /**
     * Ends the tree, and waits until it has ended.
     *
     * @throws SandboxException if it does not end
     */
    void end() throws SandboxException;

    /** Windows has no request to end that every program understands. */
    @Override
    default boolean supportsNormalTermination() {
        return false;
    }

    @Override
    default void terminate() {
        kill();
    }
}
