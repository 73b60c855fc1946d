package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.security.Sid;
import java.util.Optional;

/**
 * Which confinement, and why. A weaker one is never chosen silently: what it does not enforce is a gap.
 *
 * @param confinement the confinement
 * @param reason why this one
 * @param gap what it does not enforce of the policy
 */
record ConfinementChoice(Confinement confinement, String reason, Optional<Gap> gap) {
    static ConfinementChoice of(SandboxPolicy policy, HostFacts facts) {
        if (policy.network().equals(NetworkAccess.ALLOWED)) {
            return new ConfinementChoice(
                    Confinement.LOW_INTEGRITY,
                    "the policy allows the network, and this one runs most programs as they are",
                    Optional.empty());
        }
        if (!policy.network().hosts().isEmpty()) {
            return new ConfinementChoice(
                    Confinement.LOW_INTEGRITY,
                    "the policy accepts the network as best effort",
                    Optional.of(Gap.none(
                            Capability.NETWORK,
                            "nothing here lets a child reach the proxy for " + policy.network() + " and nothing else",
                            "close the network with NetworkAccess.NONE",
                            "allow the network with NetworkAccess.ALLOWED",
                            "accept it with bestEffort(Capability.NETWORK)")));
        }
        boolean healthy = facts.account().map(AccountFacts::healthy).orElse(false);
        if (healthy) {
            return new ConfinementChoice(
                    Confinement.ACCOUNT,
                    "the policy closes the network, and the filters of the provisioned account enforce that",
                    Optional.empty());
        }
        String state =
                facts.account().isPresent() ? "the provisioned account is not healthy" : "no account is provisioned";
        return new ConfinementChoice(
                Confinement.LOW_INTEGRITY,
                "the policy accepts the network as best effort, and " + state,
                Optional.of(Gap.none(
                        Capability.NETWORK,
                        "an integrity level does not close the network, and " + state,
                        facts.account().isPresent()
                                ? "provision the account again, elevated"
                                : "provision an account once, elevated",
                        "allow the network with NetworkAccess.ALLOWED",
                        "accept it with bestEffort(Capability.NETWORK)")));
    }

    /** Whom denying entries name: who the child is to the access check. */
    Sid principal(HostFacts facts) {
        return confinement == Confinement.ACCOUNT
                ? facts.account().orElseThrow().sid()
                : facts.user();
    }
}
