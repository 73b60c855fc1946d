package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.linux.LinuxSandboxBackend;
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
        return Declarations.NONE
                .partial(Capability.FILE_WRITE, "Landlock does not mediate modes, owners, times and attributes")
                .partial(Capability.PROCESS_TREE, "a daemon that hides outlives its sandbox")
                .partial(Capability.NETWORK, "Landlock's rule for the proxy is one for a port, of every address")
                .without("W12", "carve-outs are refused for now")
                .without("W13", "denied reads are refused for now")
                .without("W14", "limits of reading are refused for now");
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
