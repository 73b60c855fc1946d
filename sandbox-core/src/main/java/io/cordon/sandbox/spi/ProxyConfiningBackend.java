package io.cordon.sandbox.spi;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;

/**
 * A backend that confines a tree to a proxy on loopback. Of any other backend core reports that it does not enforce a
 * policy that names hosts.
 */
public interface ProxyConfiningBackend extends SandboxBackend {
    /**
     * Prepares the host for a policy that names hosts; as {@link #prepare(SandboxPolicy)}, which for such a policy lets
     * nothing be reached.
     *
     * @param proxyPort the TCP port of {@code 127.0.0.1} that the tree may connect to
     * @throws SandboxException if a step fails
     */
    PreparedSandbox prepare(SandboxPolicy policy, int proxyPort) throws SandboxException;
}
