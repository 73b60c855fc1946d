package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;

/** Starts the processes of a sandbox, here or elsewhere. Safe for use by several threads. */
public interface Launcher {
    /**
     * Starts a process.
     *
     * @param environment all variables of the child
     * @throws SandboxException if a step fails; then no process and no handle is left
     */
    ConfinedProcess launch(LaunchRequest request, ImmutableMap<String, String> environment) throws SandboxException;
}
