package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementReport;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/** What a plan with bubblewrap enforces, and where it has gaps. */
final class BubblewrapEnforcement {
    private BubblewrapEnforcement() {}

    static EnforcementReport expected(LinuxPlan plan) {
        return EnforcementReport.of(
                plan.policy(),
                ImmutableList.of(
                        Enforcement.full(
                                Capability.FILE_WRITE,
                                "bubblewrap: a mount namespace in which everything but the roots is read-only, "
                                        + "metadata too"),
                        carveOuts(plan),
                        denyRead(plan),
                        Enforcement.full(
                                Capability.FILE_READ_LIMIT, "bubblewrap: a mount namespace without anything else"),
                        LinuxEnforcement.network(plan),
                        processTree(plan),
                        LinuxEnforcement.limit(Capability.MEMORY),
                        LinuxEnforcement.limit(Capability.PROCESS_COUNT),
                        LinuxEnforcement.limit(Capability.CPU),
                        Enforcement.full(
                                Capability.ENVIRONMENT,
                                "the child's environment is made from the policy; a PID namespace hides that of "
                                        + "processes outside")));
    }

    private static Enforcement carveOuts(LinuxPlan plan) {
        String mechanism =
                "bubblewrap: carve-outs are read-only mounts, and the directories above them cannot be renamed";
        Set<Path> missing = missing(plan, plan.carveOuts());
        if (missing.isEmpty()) {
            return Enforcement.full(Capability.FILE_WRITE_CARVE_OUT, mechanism);
        }
        return Enforcement.partial(
                Capability.FILE_WRITE_CARVE_OUT,
                mechanism,
                "there is nothing yet at " + names(missing) + ", and a child can make it",
                "create it before the sandbox is opened");
    }

    private static Enforcement denyRead(LinuxPlan plan) {
        String mechanism = "bubblewrap: something unreadable is mounted over what must not be read";
        Set<Path> missing = missing(plan, plan.denyRead());
        if (missing.isEmpty()) {
            return Enforcement.full(Capability.FILE_READ_DENY, mechanism);
        }
        return Enforcement.full(
                Capability.FILE_READ_DENY,
                mechanism + "; there is nothing at " + names(missing) + " that could be read");
    }

    private static Set<Path> missing(LinuxPlan plan, Set<Path> paths) {
        return paths.stream().filter(plan.facts().missing()::contains).collect(Collectors.toSet());
    }

    private static String names(Set<Path> paths) {
        return paths.stream().sorted().map(Path::toString).collect(Collectors.joining(", "));
    }

    private static Enforcement processTree(LinuxPlan plan) {
        String mechanism = "bubblewrap: a PID namespace that ends with its first process, and this with the JVM";
        if (plan.filter().isEmpty()) {
            return Enforcement.partial(
                    Capability.PROCESS_TREE,
                    mechanism,
                    "this kernel takes no seccomp filter, so that children can make namespaces of their own",
                    "use a kernel with CONFIG_SECCOMP_FILTER");
        }
        return Enforcement.full(Capability.PROCESS_TREE, mechanism);
    }

    /** What was expected, lowered or confirmed by what a confined process could do when it tried. */
    static EnforcementReport observed(LinuxPlan plan, NamespaceTrial trial) {
        return EnforcementReport.of(
                plan.policy(),
                plan.expected().entries().stream()
                        .map(entry -> switch (entry.capability()) {
                            case FILE_WRITE ->
                                LinuxEnforcement.judged(
                                        entry, trial.changedOutside(), "a write or change of mode outside");
                            case FILE_WRITE_CARVE_OUT ->
                                LinuxEnforcement.judged(
                                        entry, trial.changedCarveOut(), "access for writing to each carve-out");
                            case FILE_READ_DENY ->
                                LinuxEnforcement.judged(
                                        entry, trial.readDenied(), "access for reading to each denied place");
                            case PROCESS_TREE ->
                                LinuxEnforcement.judged(
                                        entry, trial.sharesProcesses(), "staying in the PID namespace of the JVM");
                            case NETWORK -> network(plan, entry, trial);
                            default -> entry;
                        })
                        .toList());
    }

    private static Enforcement network(LinuxPlan plan, Enforcement entry, NamespaceTrial trial) {
        return plan.network() == NetworkMode.NONE
                ? LinuxEnforcement.judged(entry, trial.network(), "finding a network device")
                : entry;
    }
}
