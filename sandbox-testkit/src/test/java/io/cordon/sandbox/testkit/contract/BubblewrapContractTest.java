package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.linux.launch.BubblewrapProbe;
import org.junit.jupiter.api.BeforeAll;

/** The Linux backend where no gap of the tree is accepted, so that it takes bubblewrap. */
class BubblewrapContractTest extends LinuxContractTest {
    @BeforeAll
    static void requireBubblewrap() {
        String problem = BubblewrapProbe.probe().problem();
        if (System.getProperty("cordon.test.require", "").contains("bubblewrap")) {
            assertThat(problem).isEmpty();
        }
        assumeTrue(problem.isEmpty(), problem);
    }

    @Override
    protected Declarations declared() {
        return Declarations.NONE.partial(Capability.NETWORK, PORT);
    }
}
