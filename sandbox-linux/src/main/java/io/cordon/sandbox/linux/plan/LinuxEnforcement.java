package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementReport;
import java.util.ArrayList;
import java.util.List;

/** What a plan enforces, and where it has gaps. The kernel's documentation decides; what was tried can only lower it. */
final class LinuxEnforcement {
    private static final String LATER = "not done by this version of the Linux backend";

    private LinuxEnforcement() {}

    static EnforcementReport expected(LinuxPlan plan) {
        return EnforcementReport.of(
                plan.policy(),
                ImmutableList.of(
                        fileWrite(plan),
                        needsNamespaces(
                                plan,
                                Capability.FILE_WRITE_CARVE_OUT,
                                "Landlock grants a directory as a whole, without a carve-out inside"),
                        needsNamespaces(
                                plan,
                                Capability.FILE_READ_DENY,
                                "the rules of Landlock here are about changes, not about reads"),
                        needsNamespaces(
                                plan,
                                Capability.FILE_READ_LIMIT,
                                "the rules of Landlock here are about changes, not about reads"),
                        network(plan),
                        processTree(plan),
                        limit(Capability.MEMORY),
                        limit(Capability.PROCESS_COUNT),
                        limit(Capability.CPU),
                        Enforcement.full(
                                Capability.ENVIRONMENT,
                                "the child's environment is made from the policy"
                                        + (plan.handled().isEmpty()
                                                ? ""
                                                : "; Landlock hides that of processes outside"))));
    }

    /** What was expected, lowered or confirmed by what the confined thread was denied when it tried. */
    static EnforcementReport observed(LinuxPlan plan, Trial trial) {
        EnforcementReport expected = plan.expected();
        return EnforcementReport.of(
                plan.policy(),
                expected.entries().stream()
                        .map(entry -> switch (entry.capability()) {
                            case FILE_WRITE -> fileWrite(plan, entry, trial);
                            case NETWORK ->
                                judged(
                                        entry,
                                        trial.network(),
                                        plan.allowsTcpSockets()
                                                ? "a UDP socket, and TCP to another port,"
                                                : "a TCP socket");
                            default -> entry;
                        })
                        .toList());
    }

    private static Enforcement fileWrite(LinuxPlan plan, Enforcement expected, Trial trial) {
        Enforcement written = judged(expected, trial.writeOutside(), "a write outside");
        return plan.mediatesMetadata() ? judged(written, trial.metadataOutside(), "a change of mode outside") : written;
    }

    private static Enforcement judged(Enforcement expected, int error, String what) {
        return judged(expected, error == 0, what);
    }

    static Enforcement judged(Enforcement expected, boolean succeeded, String what) {
        if (expected.mechanism().isEmpty()) {
            return expected;
        }
        if (succeeded) {
            return Enforcement.none(
                    expected.capability(),
                    what + " was tried and succeeded, although every step of the confinement did",
                    "report this kernel to the project");
        }
        return expected.attested(what + " was tried and denied");
    }

    /** Of a requested capability, it is known why bubblewrap was not taken. */
    private static Enforcement needsNamespaces(LinuxPlan plan, Capability capability, String reason) {
        String problem = plan.facts().bubblewrap().problem();
        return Enforcement.none(
                capability, reason, problem.isEmpty() ? "ask for it: then bubblewrap is taken" : problem);
    }

    static Enforcement limit(Capability capability) {
        return Enforcement.none(
                capability, "limits of the whole tree are " + LATER, "run the JVM in a control group with this limit");
    }

    private static Enforcement fileWrite(LinuxPlan plan) {
        int abi = plan.facts().landlockAbi();
        if (abi < 1) {
            return Enforcement.none(
                    Capability.FILE_WRITE,
                    "this kernel has no Landlock",
                    "use Linux 5.13 or later with landlock in its list of security modules (boot parameter lsm=)");
        }
        List<String> gaps = new ArrayList<>();
        if (abi < 3) {
            gaps.add("Landlock ABI " + abi + " does not mediate truncating files outside (Linux 6.2 does)");
        }
        if (!plan.mediatesMetadata()) {
            gaps.add(
                    "Landlock does not mediate mode, owner, times and extended attributes of files outside, and this "
                            + "kernel gives no seccomp notification to a supervisor that does (or gives it to another one already)");
        }
        String mechanism = "Landlock ABI " + abi
                + (plan.mediatesMetadata() ? "; seccomp: metadata is changed by a supervisor, inside only" : "");
        if (gaps.isEmpty()) {
            return Enforcement.full(Capability.FILE_WRITE, mechanism);
        }
        return Enforcement.partial(
                Capability.FILE_WRITE,
                mechanism,
                String.join("; ", gaps),
                "use Linux 6.2 or later, with CONFIG_SECCOMP_FILTER");
    }

    static Enforcement network(LinuxPlan plan) {
        if (plan.filter().isEmpty()) {
            return Enforcement.none(
                    Capability.NETWORK,
                    "this kernel takes no seccomp filter",
                    "use a kernel with CONFIG_SECCOMP_FILTER, or allow the network");
        }
        if (plan.network() == NetworkMode.PROXY) {
            return toProxyOnly(plan);
        }
        return Enforcement.full(
                Capability.NETWORK,
                "seccomp: no socket of any family" + (plan.separatesNetwork() ? "; a network namespace" : "")
                        + (plan.landlockDeniesTcp() ? "; Landlock: no TCP" : ""));
    }

    private static Enforcement toProxyOnly(LinuxPlan plan) {
        if (!plan.landlockDeniesTcp()) {
            return Enforcement.none(
                    Capability.NETWORK,
                    "Landlock ABI " + plan.facts().landlockAbi()
                            + " does not mediate TCP, so that programs that ignore the proxy reach every host",
                    "use Linux 6.7 or later, or network(NetworkAccess.NONE)");
        }
        String port = plan.proxyPort().isPresent() ? "port " + plan.proxyPort().getAsInt() : "the proxy's port";
        return Enforcement.partial(
                Capability.NETWORK,
                "Landlock: no TCP but to " + port + "; seccomp: TCP clients only; a proxy that checks names",
                "Landlock grants a port and not an address, so that a child reaches " + port
                        + " of every host, and whoever waits for it there",
                "use network(NetworkAccess.NONE) where the child might be hostile");
    }

    private static Enforcement processTree(LinuxPlan plan) {
        List<String> gaps = new ArrayList<>();
        if (!plan.landlockScopes()) {
            gaps.add("this kernel lets a child send signals to other processes of the user (Linux 6.12 does not)");
        }
        if (plan.filter().isEmpty()) {
            gaps.add("without seccomp, children can make namespaces and reach shared memory");
        }
        gaps.add("a daemon that leaves its session and clears its environment outlives the sandbox, "
                + "and so does the tree if the JVM is killed");
        return Enforcement.partial(
                Capability.PROCESS_TREE,
                "confinement is inherited by every descendant; the tree is found by session and environment",
                String.join("; ", gaps),
                plan.facts().bubblewrap().problem().isEmpty()
                        ? "leave out acceptPartial(PROCESS_TREE): then bubblewrap is taken"
                        : plan.facts().bubblewrap().problem() + "; or run the JVM in a container that ends with it");
    }
}
