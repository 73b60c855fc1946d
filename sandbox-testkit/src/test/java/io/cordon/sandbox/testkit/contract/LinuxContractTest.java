package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.linux.LinuxSandboxBackend;
import io.cordon.sandbox.linux.launch.BubblewrapProbe;
import io.cordon.sandbox.proxy.LoopbackProxyProvider;
import io.cordon.sandbox.proxy.ProxyLimits;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import io.cordon.sandbox.spi.SandboxBackend;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** The Linux backend on this kernel. */
@Timeout(300)
class LinuxContractTest extends SandboxBackendContract {
    static final String PORT = "Landlock's rule for the proxy is one for a port, of every address";

    @BeforeAll
    static void requireLinux() {
        boolean available = new LinuxSandboxBackend().probe().available();
        if (System.getProperty("cordon.test.require", "").contains("linux")) {
            assertThat(available).as("this machine can confine").isTrue();
        }
        assumeTrue(available, "this is no Linux that can confine");
    }

    @Override
    protected SandboxBackend backend() {
        return new LinuxSandboxBackend();
    }

    @Override
    protected Declarations declared() {
        Declarations landlock = Declarations.NONE
                .partial(Capability.PROCESS_TREE, "a daemon that hides outlives its sandbox")
                .partial(Capability.NETWORK, PORT);
        String problem = BubblewrapProbe.probe().problem();
        return problem.isEmpty()
                ? landlock
                : landlock.without("W12", problem).without("W13", problem).without("W14", problem);
    }

    @Override
    protected NetworkProxyProvider proxies() {
        return proxy();
    }

    /** One that alone knows the names. */
    static NetworkProxyProvider proxy() {
        return new LoopbackProxyProvider(
                host -> {
                    if (host.equals(ALLOWED_HOST) || host.equals(UNLISTED_HOST)) {
                        return List.of(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                    }
                    throw new UnknownHostException(host);
                },
                ProxyLimits.DEFAULT);
    }
}
