package io.cordon.sandbox.testkit.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.spi.SandboxBackend;
import io.cordon.sandbox.windows.WindowsSandboxBackend;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** The Windows backend without a set-up, where the network is open: an integrity level below Medium. */
@Tag("windows")
@Timeout(300)
class LowIntegrityContractTest extends SandboxBackendContract {
    @BeforeAll
    static void requireEnforcing() {
        assumeTrue(!System.getProperty("cordon.test.wine", "").equals("stock"), "stock Wine enforces nothing");
    }

    @Override
    protected SandboxBackend backend() {
        return new WindowsSandboxBackend();
    }

    @Override
    protected NetworkAccess network() {
        return NetworkAccess.ALLOWED;
    }

    @Override
    protected Declarations declared() {
        Declarations declared = Declarations.NONE
                .partial(Capability.FILE_WRITE, "volumes without access lists")
                .partial(Capability.PROCESS_TREE, "a child can end processes of its user")
                .without("W14", "a process of low integrity reads what its user may read")
                .without("T05", "an integrity level does not keep a child from ending processes of its user");
        for (int number = 1; number <= 16; number++) {
            if (number != 10) {
                declared = declared.without(
                        "N%02d".formatted(number),
                        "an integrity level does not close the network, and that is refused");
            }
        }
        return declared;
    }
}
