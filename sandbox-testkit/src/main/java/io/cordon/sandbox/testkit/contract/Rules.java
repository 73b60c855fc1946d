package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.UnenforceablePolicyException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;

/** What the groups of rules share. */
abstract class Rules {
    private ContractScene scene;

    abstract SandboxBackendContract contract();

    @BeforeEach
    void makeScene() throws IOException {
        scene = new ContractScene(contract(), contract().directory);
    }

    final ContractScene scene() {
        return scene;
    }

    /** Goes on if a rule is to be kept. */
    final void unlessDeclared(String rule) {
        contract().declared().reason(rule).ifPresent(reason -> abort(rule + " is declared as not kept: " + reason));
    }

    /** Goes on if a rule is to be kept; if it is not, then what it is about may not be claimed in full. */
    final void unlessDeclared(String rule, Capability capability, NetworkAccess network) throws Exception {
        unlessDeclared(rule, capability, scene.policy(network));
    }

    /** The same for what this policy asks for. */
    final void unlessDeclared(String rule, Capability capability, SandboxPolicy.Builder policy) throws Exception {
        Optional<String> reason = contract().declared().reason(rule);
        if (reason.isEmpty()) {
            return;
        }
        try (Sandbox sandbox = scene.open(policy.build())) {
            assertThat(sandbox.enforcement().level(capability))
                    .as("%s is declared as not kept (%s), and yet claimed in full", rule, reason.get())
                    .isNotEqualTo(EnforcementLevel.FULL);
        } catch (UnenforceablePolicyException e) {
            assertThat(e.unmet())
                    .as("%s is declared as not kept, and another policy is refused", rule)
                    .extracting(Enforcement::capability)
                    .contains(capability);
        }
        unlessDeclared(rule);
    }

    /**
     * An attempt at the network that succeeds unconfined, and is denied in a sandbox. What counts is who came: the
     * listener is outside of every sandbox.
     *
     * @param before what the probe does before it attempts that, such as {@code grandchild}
     */
    final void denied(Sandbox sandbox, String kind, String... before) throws Exception {
        try (LoopbackListener listener = listener(kind)) {
            List<String> arguments = new ArrayList<>(List.of(before));
            arguments.addAll(List.of(kind, Integer.toString(listener.port())));
            String[] attempt = arguments.toArray(new String[0]);
            scene.unconfined(attempt).isOk("the control: " + arguments + " unconfined");
            int reached = listener.reached();
            assertThat(reached).as("the control came").isPositive();

            scene.confined(sandbox, attempt).isDenied(arguments + " confined");
            assertThat(listener.reached()).as("who came, %s", arguments).isEqualTo(reached);
        }
    }

    /** One on this machine; without IPv6 there is nothing to be denied. */
    static LoopbackListener listener(String kind) throws IOException {
        try {
            return LoopbackListener.open(kind);
        } catch (IOException e) {
            if (kind.endsWith("6")) {
                abort("this machine has no IPv6: " + e);
            }
            throw e;
        }
    }
}
