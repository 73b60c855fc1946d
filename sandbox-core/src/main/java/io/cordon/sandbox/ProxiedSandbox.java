package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.NetworkProxy;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import io.cordon.sandbox.spi.Preparation;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.ProxyConfiningBackend;
import io.cordon.sandbox.spi.SandboxBackend;
import java.io.File;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A prepared sandbox with a proxy that its children are told of, and that ends after they have. */
final class ProxiedSandbox implements PreparedSandbox {
    /** As on Windows. */
    private static final boolean IGNORE_CASE = File.separatorChar == '\\';

    private final PreparedSandbox sandbox;
    private final NetworkProxy proxy;

    private ProxiedSandbox(PreparedSandbox sandbox, NetworkProxy proxy) {
        this.sandbox = sandbox;
        this.proxy = proxy;
    }

    /** Prepares a sandbox, with a proxy if the policy names hosts. */
    static PreparedSandbox prepare(
            SandboxPolicy policy,
            SandboxBackend backend,
            NetworkProxyProvider proxies,
            Consumer<NetworkDecision> decisions)
            throws SandboxException {
        if (policy.network().hosts().isEmpty()) {
            return backend.prepare(policy);
        }
        NetworkProxy proxy = proxies.open(policy.network(), decisions);
        try {
            PreparedSandbox sandbox = backend instanceof ProxyConfiningBackend confining
                    ? confining.prepare(policy, proxy.port())
                    : backend.prepare(policy);
            return new ProxiedSandbox(sandbox, proxy);
        } catch (SandboxException | RuntimeException | Error e) {
            proxy.close();
            throw e;
        }
    }

    /**
     * The answers of a backend, but for the network where it knows nothing of proxies: what it says then is about
     * another request.
     */
    static EnforcementReport honest(SandboxPolicy policy, SandboxBackend backend, EnforcementReport answers) {
        if (policy.network().hosts().isEmpty() || backend instanceof ProxyConfiningBackend) {
            return answers;
        }
        return EnforcementReport.of(
                policy,
                answers.entries().stream()
                        .map(entry -> entry.capability() == Capability.NETWORK ? unconfined(backend) : entry)
                        .toList());
    }

    private static Enforcement unconfined(SandboxBackend backend) {
        return Enforcement.none(
                Capability.NETWORK,
                "the " + backend.name() + " backend cannot confine to a proxy, so that programs that ignore the proxy "
                        + "reach every host",
                "use network(NetworkAccess.NONE) where the backend enforces it, or NetworkAccess.ALLOWED");
    }

    @Override
    public EnforcementReport enforcement() {
        return sandbox.enforcement();
    }

    @Override
    public Preparation preparation() {
        return sandbox.preparation();
    }

    @Override
    public LaunchedProcess launch(LaunchRequest request) throws SandboxException {
        return sandbox.launch(
                request.withEnvironment(ProxyVariables.added(request.environment(), proxy.port(), IGNORE_CASE)));
    }

    @Override
    public Charset charset(CodePage codePage) throws SandboxException {
        return sandbox.charset(codePage);
    }

    @Override
    public ImmutableList<Path> violations() {
        return sandbox.violations();
    }

    @Override
    public void close() throws SandboxException {
        try {
            sandbox.close();
        } finally {
            proxy.close();
        }
    }
}
