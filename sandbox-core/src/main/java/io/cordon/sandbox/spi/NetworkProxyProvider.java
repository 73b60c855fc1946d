package io.cordon.sandbox.spi;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision;
import io.cordon.sandbox.SandboxException;
import java.util.function.Consumer;

/**
 * Opens the proxies by which children reach allowed hosts. Found by {@link java.util.ServiceLoader}. Implementations have
 * a public constructor without parameters, and are safe for use by several threads.
 */
@FunctionalInterface
public interface NetworkProxyProvider {
    /**
     * Opens a proxy for one sandbox.
     *
     * @param access names hosts
     * @param decisions told of every decision, on any thread; does not block
     * @throws SandboxException if no port can be listened on; then nothing is left behind
     */
    NetworkProxy open(NetworkAccess access, Consumer<NetworkDecision> decisions) throws SandboxException;
}
