package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.security.Sid;

/**
 * Which confinement, and why. A weaker one is never chosen silently: what it does not enforce is a gap.
 *
 * @param confinement the confinement
 * @param reason why this one
 * @param gaps what it does not enforce of the policy
 */
record ConfinementChoice(Confinement confinement, String reason, ImmutableList<Gap> gaps) {
    static ConfinementChoice of(SandboxPolicy policy, HostFacts facts) {
        if (policy.network().equals(NetworkAccess.ALLOWED)) {
            return lowIntegrity(
                    "the policy allows the network, and this one runs most programs as they are",
                    unlimited(
                            policy,
                            "close the network with NetworkAccess.NONE, for which an AppContainer is used",
                            "leave out allowRead"));
        }
        if (!policy.network().equals(NetworkAccess.NONE)) {
            return lowIntegrity(
                    "the policy accepts the network as best effort",
                    unlimited(policy, "close the network with NetworkAccess.NONE, for which an AppContainer is used"),
                    Gap.none(
                            Capability.NETWORK,
                            "nothing here lets a child reach the proxy for " + policy.network() + " and nothing else",
                            "close the network with NetworkAccess.NONE",
                            "allow the network with NetworkAccess.ALLOWED",
                            "accept it with bestEffort(Capability.NETWORK)"));
        }
        boolean limited = !policy.allowRead().isEmpty();
        if (limited && facts.appContainer().isPresent()) {
            // Also where an account is provisioned, which would not limit what is read.
            return new ConfinementChoice(
                    Confinement.APP_CONTAINER,
                    "the policy closes the network and limits what is read, and an AppContainer without capabilities "
                            + "enforces both",
                    ImmutableList.of());
        }
        boolean healthy = facts.account().map(AccountFacts::healthy).orElse(false);
        if (healthy) {
            return new ConfinementChoice(
                    Confinement.ACCOUNT,
                    "the policy closes the network, and the filters of the provisioned account enforce that",
                    unlimited(policy, "leave out allowRead"));
        }
        String state =
                facts.account().isPresent() ? "the provisioned account is not healthy" : "no account is provisioned";
        String container = facts.appContainer().isPresent()
                ? "an AppContainer needs the policy to say what is read"
                : "this system has no AppContainers";
        ImmutableList.Builder<String> remedies = ImmutableList.builder();
        remedies.add(provision(facts));
        remedies.add(
                facts.appContainer().isPresent()
                        ? "limit what is read with allowRead, for which an AppContainer is used"
                        : "use Windows 10 or later and limit what is read with allowRead, for which an AppContainer is "
                                + "used");
        remedies.add("accept it with bestEffort(Capability.NETWORK)");
        return lowIntegrity(
                "the policy accepts the network as best effort, " + state + ", and " + container,
                unlimited(policy, "use Windows 10 or later", "leave out allowRead"),
                new Gap(
                        Capability.NETWORK,
                        EnforcementLevel.NONE,
                        "an integrity level does not close the network, " + state + ", and " + container,
                        remedies.build(),
                        true));
    }

    private static ConfinementChoice lowIntegrity(String reason, ImmutableList<Gap> gaps, Gap... more) {
        return new ConfinementChoice(
                Confinement.LOW_INTEGRITY,
                reason,
                ImmutableList.<Gap>builder().addAll(gaps).add(more).build());
    }

    private static String provision(HostFacts facts) {
        return facts.account().isPresent()
                ? "provision the account again, elevated"
                : "provision an account once, elevated";
    }

    /** Whoever is no AppContainer reads what its user may read. */
    private static ImmutableList<Gap> unlimited(SandboxPolicy policy, String... remedies) {
        return policy.allowRead().isEmpty()
                ? ImmutableList.of()
                : ImmutableList.of(Gap.none(
                        Capability.FILE_READ_LIMIT,
                        "of the confinements only an AppContainer limits what is read, and here none is used",
                        remedies));
    }

    /** Whom denying entries name: who the child is to the access check. */
    Sid principal(HostFacts facts) {
        return confinement == Confinement.ACCOUNT
                ? facts.account().orElseThrow().sid()
                : facts.user();
    }
}
