package io.cordon.sandbox.spi;

import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxException;

/** A host that is prepared for one policy. Safe for use by several threads. */
public interface PreparedSandbox extends AutoCloseable {
    /** What was seen to be enforced. */
    EnforcementReport enforcement();

    /**
     * Starts a process, confined before its first instruction.
     *
     * @throws SandboxException if a step fails; then no process and no descriptor is left
     */
    LaunchedProcess launch(LaunchRequest request) throws SandboxException;

    /**
     * Ends every process tree that was launched, and undoes what preparing did. Closing again does nothing.
     *
     * @throws SandboxException if something could not be undone; the message says what
     */
    @Override
    void close() throws SandboxException;
}
