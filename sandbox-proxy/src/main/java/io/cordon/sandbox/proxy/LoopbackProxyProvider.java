package io.cordon.sandbox.proxy;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.NetworkProxy;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import java.util.function.Consumer;

/**
 * Opens a proxy on a free port of {@code 127.0.0.1}, with a thread of its own.
 *
 * <p>Whoever connects to the port is served, without credentials: the HTTP clients of the JDK take none from outside of
 * the program, and do not send them through tunnels (jdk.http.auth.tunneling.disabledSchemes). So other users of the
 * machine can reach the allowed hosts through it while the sandbox is open.
 *
 * <p>Sources of the rules: RFC 9110 and 9112 (HTTP, its tunnels and proxies), RFC 1928 (SOCKS5), RFC 9209 (Proxy-Status).
 */
public final class LoopbackProxyProvider implements NetworkProxyProvider {
    private final HostResolver resolver;
    private final ProxyLimits limits;

    /** With the resolver of this JVM and {@link ProxyLimits#DEFAULT}; for {@link java.util.ServiceLoader}. */
    public LoopbackProxyProvider() {
        this(HostResolver.OF_THIS_JVM, ProxyLimits.DEFAULT);
    }

    /**
     * With another resolver and other limits; for {@link io.cordon.sandbox.Sandbox#open(io.cordon.sandbox.SandboxPolicy,
     * io.cordon.sandbox.spi.SandboxBackend, NetworkProxyProvider)}. The addresses that the resolver finds are judged like
     * any others.
     */
    public LoopbackProxyProvider(HostResolver resolver, ProxyLimits limits) {
        this.resolver = resolver;
        this.limits = limits;
    }

    @Override
    public NetworkProxy open(NetworkAccess access, Consumer<NetworkDecision> decisions) throws SandboxException {
        return LoopbackProxy.open(access, decisions, resolver, limits);
    }
}
