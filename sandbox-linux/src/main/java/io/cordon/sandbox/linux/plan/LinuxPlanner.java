package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.spi.ResolvedPolicy;
import java.nio.file.Path;
import java.util.OptionalInt;

/** From a policy and facts about the host to a plan. Pure and deterministic. */
public final class LinuxPlanner {
    /**
     * Not among them: terminals (writing to the user's own types nothing, but shows what it likes), and {@code /dev/shm},
     * which is a directory that all processes share.
     */
    private static final ImmutableSet<Path> HARMLESS_DEVICES = ImmutableSet.of(
            Path.of("/dev/null"),
            Path.of("/dev/zero"),
            Path.of("/dev/full"),
            Path.of("/dev/random"),
            Path.of("/dev/urandom"));

    private static final int ABI_WITH_TCP = 4;
    private static final int ABI_WITH_SCOPES = 6;

    /** From here on, a domain without rules about files does not forbid mounts; Linux 6.7 to be sure, which has ABI 4. */
    private static final int ABI_WITH_RULES_APART = 4;

    private LinuxPlanner() {}

    /**
     * The plan for a policy on a host.
     *
     * @param proxyPort the TCP port of the proxy that the tree may connect to; without one nothing may be
     */
    public static LinuxPlan plan(ResolvedPolicy resolved, LinuxHostFacts facts, OptionalInt proxyPort) {
        int abi = facts.landlockAbi();
        NetworkMode network = NetworkMode.of(resolved.policy().network());
        String beyond = Barrier.beyondLandlock(resolved.policy());
        boolean namespaces = !beyond.isEmpty() && facts.bubblewrap().program().isPresent();
        boolean mediated = !namespaces && abi > 0 && facts.seccomp() && facts.notifies();
        return new ImmutableLinuxPlan.Builder()
                .policy(resolved.policy())
                .facts(facts)
                .barrier(namespaces ? Barrier.BUBBLEWRAP : Barrier.LANDLOCK)
                .beyondLandlock(beyond)
                // With rules about files, Landlock forbids the mounts that bubblewrap makes.
                .handled(namespaces ? ImmutableSet.of() : LandlockAccess.handled(abi))
                .writableRoots(resolved.roots())
                .grantedInRoots(LandlockAccess.grantedInRoots(abi))
                .writableDevices(HARMLESS_DEVICES)
                .grantedOnDevices(LandlockAccess.grantedOnDevices(abi))
                .carveOuts(resolved.carveOuts())
                .denyRead(resolved.denyRead())
                .mounts(namespaces ? MountPlanning.mounts(resolved, facts.missing()) : ImmutableList.of())
                .network(network)
                .landlockDeniesTcp(
                        network != NetworkMode.ALLOWED && abi >= (namespaces ? ABI_WITH_RULES_APART : ABI_WITH_TCP))
                .proxyPort(network == NetworkMode.PROXY ? proxyPort : OptionalInt.empty())
                .landlockScopes(abi >= ABI_WITH_SCOPES)
                .mediatesMetadata(mediated)
                .filter(
                        facts.seccomp()
                                ? SeccompFilter.program(facts.architecture(), network, mediated)
                                : ImmutableList.of())
                .build();
    }
}
