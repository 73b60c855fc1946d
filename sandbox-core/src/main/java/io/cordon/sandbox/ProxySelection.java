package io.cordon.sandbox;

import io.cordon.sandbox.spi.NetworkProxy;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/** The proxy that is installed, looked for when it is needed. */
final class ProxySelection implements NetworkProxyProvider {
    @Override
    public NetworkProxy open(NetworkAccess access, Consumer<NetworkDecision> decisions) throws SandboxException {
        try {
            Optional<NetworkProxyProvider> found =
                    ServiceLoader.load(NetworkProxyProvider.class).findFirst();
            if (found.isEmpty()) { // the context class loader need not know what core's own does
                found = ServiceLoader.load(NetworkProxyProvider.class, ProxySelection.class.getClassLoader())
                        .findFirst();
            }
            return found.orElseThrow(() -> new SandboxException(
                            SandboxErrorCode.PROXY_UNAVAILABLE,
                            "network(" + access
                                    + ") needs a proxy, and there is none on the class path or module path; "
                                    + "add io.cordon:sandbox-proxy, or use NetworkAccess.NONE"))
                    .open(access, decisions);
        } catch (ServiceConfigurationError e) {
            throw new SandboxException(
                    SandboxErrorCode.PROXY_UNAVAILABLE, "the proxy could not be loaded: " + e.getMessage(), e);
        }
    }
}
