package io.cordon.sandbox.testkit.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.SandboxBackend;
import io.cordon.sandbox.windows.WindowsSandboxBackend;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** The Windows backend where a policy limits reading: an AppContainer when the network is closed. */
@Tag("windows")
@Timeout(300)
class AppContainerContractTest extends SandboxBackendContract {
    @BeforeAll
    static void requireEnforcing() {
        assumeTrue(!System.getProperty("cordon.test.wine", "").equals("stock"), "stock Wine enforces nothing");
    }

    @Override
    protected SandboxBackend backend() {
        return new WindowsSandboxBackend();
    }

    @Override
    protected void prepare(SandboxPolicy.Builder policy, NetworkAccess network) {
        // With an open network there is no AppContainer, and nothing that limits reading.
        if (!network.equals(NetworkAccess.ALLOWED)) {
            policy.allowRead(Path.of(System.getProperty("java.home")));
        }
    }

    @Override
    protected Declarations declared() {
        String noProxy = "an AppContainer has the network or has it not, until there is a relay to the proxy";
        Declarations declared = Declarations.NONE
                .partial(Capability.FILE_WRITE, "places that Windows leaves open to all AppContainers")
                .partial(Capability.PROCESS_TREE, "a child at low integrity can end processes of its user")
                .partial(
                        Capability.NETWORK,
                        "Wine resolves names for an AppContainer; on Windows it is enforced in full")
                .without("N09", "an AppContainer may listen on loopback, where its own package alone reaches it");
        for (String rule : new String[] {"N12", "N13", "N14", "N15", "N16"}) {
            declared = declared.without(rule, noProxy);
        }
        return declared;
    }
}
