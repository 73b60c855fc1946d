package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.Unreached;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.util.List;

/** From what was found on a host to what is enforced on it. */
final class ConfinementReport {
    private static final String MECHANISM =
            "integrity level 0x1800 of the token, against objects that are Medium unless labelled";
    private static final String CONTAINER =
            "AppContainer: only what the access list grants to its package or to all packages";
    private static final String USE_WINDOWS = "run on Windows 10 or later, where the kernel enforces it";

    private ConfinementReport() {}

    /**
     * The report of a sandbox in which all of this was tried.
     *
     * @param wanted the limits that the policy asks for
     * @param found what became of the plan
     */
    static EnforcementReport of(SandboxPolicy policy, JobLimits wanted, Findings findings, PlanFindings found) {
        return EnforcementReport.of(
                policy,
                Lists.transform(
                        derived(policy, wanted, findings, found).entries(), entry -> attested(entry, findings)));
    }

    /**
     * What was tried, each with its control. Opening a file or process with an access tries whatever needs that access:
     * this is where the kernel decides.
     */
    private static Enforcement attested(Enforcement derived, Findings findings) {
        if (derived.mechanism().isEmpty()) {
            return derived;
        }
        return switch (derived.capability()) {
            case FILE_WRITE ->
                derived.attested("creating, writing, appending, renaming, deleting, and changing attributes, owner and "
                        + "access list outside were tried with a child's token and denied");
            case FILE_WRITE_CARVE_OUT ->
                derived.attested(
                        "the same was tried on each of these places that is there and that the user can change");
            case FILE_READ_DENY ->
                derived.attested(
                        "reading and executing were tried with a child's token on each of these places that is there and that the "
                                + "user can read");
            case FILE_READ_LIMIT ->
                derived.attested("reading a file of the user's was tried with a child's token and denied");
            case NETWORK ->
                derived.attested("TCP to a listener of the JVM, which the JVM itself reached, was tried with a child's "
                        + "token and refused"
                        + findings.container()
                                .map(container -> " (" + container.refusal() + ")")
                                .orElse(""));
            case PROCESS_TREE ->
                derived.attested(
                        "a child was found in its job; opening the JVM's process was tried with a child's token");
            case PROCESS_COUNT -> derived.attested("a job that was limited to one process refused a second");
            default -> derived;
        };
    }

    /** What a plan comes to, of which nothing was tried yet. */
    static EnforcementReport derived(SandboxPolicy policy, JobLimits wanted, Findings findings, PlanFindings found) {
        return EnforcementReport.of(
                policy,
                ImmutableList.of(
                        writing(findings, found),
                        protection(
                                Capability.FILE_WRITE_CARVE_OUT,
                                findings.container().isPresent()
                                        ? "no grant to the package, entries that deny deleting, and handles that hold the "
                                                + "place"
                                        : "labels above the child's level, entries that deny deleting, and handles that hold "
                                                + "the place",
                                findings.changeable(),
                                findings,
                                found),
                        protection(
                                Capability.FILE_READ_DENY,
                                findings.container().isPresent()
                                        ? "no grant to the package"
                                        : "labels above the child's level that forbid reading and executing",
                                findings.readable(),
                                findings,
                                found),
                        readLimit(policy, findings, found),
                        network(policy, findings),
                        tree(findings),
                        limit(
                                Capability.MEMORY,
                                wanted.memoryLimit().equals(findings.limits().memoryLimit()),
                                findings),
                        limit(
                                Capability.PROCESS_COUNT,
                                wanted.processLimit().equals(findings.limits().processLimit()),
                                findings),
                        cpu(findings),
                        Enforcement.none(
                                Capability.UI, userInterface(findings), "accept it with bestEffort(Capability.UI)"),
                        Enforcement.full(
                                Capability.ENVIRONMENT, "environment block, made of the policy's variables only")));
    }

    private static String userInterface(Findings findings) {
        if (findings.account().isPresent()) {
            return "a job with restrictions of the user interface cannot be nested, and children of a broker are in its job";
        }
        return (findings.container().isPresent() ? "" : "a private desktop and ")
                + "the restrictions of the job are set, and nothing here can try whether they hold";
    }

    private static Enforcement writing(Findings findings, PlanFindings found) {
        if (!findings.notConfined().isEmpty()) {
            return Enforcement.none(Capability.FILE_WRITE, String.join("; ", findings.notConfined()), USE_WINDOWS);
        }
        String mechanism = (findings.container().isPresent() ? CONTAINER : MECHANISM) + readOnly(found.unreached());
        ImmutableList<String> gaps = ImmutableList.<String>builder()
                .addAll(findings.writable())
                .addAll(found.gaps().get(Capability.FILE_WRITE))
                .build();
        return gaps.isEmpty()
                ? Enforcement.full(Capability.FILE_WRITE, mechanism)
                : Enforcement.partial(
                        Capability.FILE_WRITE,
                        mechanism,
                        String.join("; ", gaps),
                        "keep nothing of value in these places");
    }

    /** What stays read-only although it is in a root keeps nobody safe or unsafe, but somebody will wonder. */
    private static String readOnly(List<Unreached> unreached) {
        if (unreached.isEmpty()) {
            return "";
        }
        return "; " + unreached.size() + " objects in the roots could not be opened for the child: "
                + PlanFindings.firstOf(unreached);
    }

    private static Enforcement network(SandboxPolicy policy, Findings findings) {
        if (findings.account().isPresent()) {
            return network(findings.account().get());
        }
        if (findings.container().isEmpty()) {
            return Enforcement.none(
                    Capability.NETWORK,
                    "Windows does not take the network from a process of low integrity" + missing(policy)
                            + slowed(policy, findings),
                    "provision an account once, elevated, or limit what is read with allowRead, so that an AppContainer "
                            + "is used (Windows 10 or later)");
        }
        ContainerFindings container = findings.container().get();
        ImmutableList<String> open = ImmutableList.<String>builder()
                .addAll(container.notContained())
                .addAll(container.networkOpen().stream().toList())
                .build();
        if (!open.isEmpty()) {
            return Enforcement.none(Capability.NETWORK, String.join("; ", open), USE_WINDOWS);
        }
        String mechanism = "AppContainer without capabilities";
        return findings.emulated()
                ? Enforcement.partial(
                        Capability.NETWORK,
                        mechanism,
                        "Wine resolves names for an AppContainer, and lets its ICMP and datagrams that arrive through",
                        USE_WINDOWS)
                : Enforcement.full(Capability.NETWORK, mechanism);
    }

    private static Enforcement network(AccountFindings account) {
        String mechanism = "filters of the Windows Filtering Platform on the account " + account.account()
                + ", which children run as";
        return account.networkOpen()
                .map(open -> Enforcement.none(Capability.NETWORK, open, "provision the account again, elevated"))
                .orElseGet(() -> Enforcement.partial(
                        Capability.NETWORK,
                        mechanism,
                        "the DNS Client service asks for every account, so that names can leave the machine",
                        "accept it with acceptPartial(Capability.NETWORK), or limit what is read, for which an "
                                + "AppContainer is used"));
    }

    /** What is done where an open network is accepted. It keeps nobody who means it from the network. */
    private static String slowed(SandboxPolicy policy, Findings findings) {
        if (!policy.network().equals(NetworkAccess.NONE)
                || !policy.accepts(Capability.NETWORK, EnforcementLevel.NONE)) {
            return "";
        }
        return "; as accepted, it stays open, with variables that name a proxy that does not answer and "
                + findings.netRateRefused()
                        .map(why -> "without a limit of what is sent (" + why + ")")
                        .orElse("a job that is told to send " + JobSetup.CRAWL_BYTES_PER_SECOND
                                + " byte a second, which spares loopback and was not measured");
    }

    /** Why the policy got no AppContainer although it is one for it. */
    private static String missing(SandboxPolicy policy) {
        return ContainerProfiles.isFor(policy) ? ", and this system has no AppContainers" : "";
    }

    private static Enforcement readLimit(SandboxPolicy policy, Findings findings, PlanFindings found) {
        if (findings.container().isEmpty()) {
            return Enforcement.none(
                    Capability.FILE_READ_LIMIT,
                    "a process of low integrity reads what its user may read" + missing(policy),
                    "close the network too, so that an AppContainer is used");
        }
        return protection(
                Capability.FILE_READ_LIMIT,
                CONTAINER + "; all packages may read what Windows and installers grant them",
                ImmutableList.of(),
                findings,
                found);
    }

    private static Enforcement protection(
            Capability capability, String mechanism, List<String> seen, Findings findings, PlanFindings found) {
        if (!findings.notConfined().isEmpty()) {
            return Enforcement.none(capability, String.join("; ", findings.notConfined()), USE_WINDOWS);
        }
        ImmutableList<String> gaps = ImmutableList.<String>builder()
                .addAll(Lists.transform(seen, what -> "a child can " + what))
                .addAll(found.gaps().get(capability))
                .build();
        return gaps.isEmpty()
                ? Enforcement.full(capability, mechanism)
                : Enforcement.partial(
                        capability, mechanism, String.join("; ", gaps), "keep such things outside of the roots");
    }

    private static Enforcement tree(Findings findings) {
        if (!findings.treeNotKept().isEmpty()) {
            return Enforcement.none(Capability.PROCESS_TREE, String.join("; ", findings.treeNotKept()), USE_WINDOWS);
        }
        String mechanism = "job object (KILL_ON_JOB_CLOSE, no breakaway)";
        if (!findings.processesReachable().isEmpty()) {
            return Enforcement.partial(
                    Capability.PROCESS_TREE,
                    mechanism,
                    String.join("; ", findings.processesReachable()),
                    "run what must not be ended as another user");
        }
        return Enforcement.full(
                Capability.PROCESS_TREE,
                mechanism
                        + (findings.container().isPresent()
                                ? ", AppContainer against other processes"
                                : ", integrity level 0x1800 against other processes"));
    }

    private static Enforcement cpu(Findings findings) {
        if (findings.cpuRateRefused().isPresent()) {
            return Enforcement.none(
                    Capability.CPU, findings.cpuRateRefused().get(), "remove cpuPercent from the limits");
        }
        if (findings.emulated()) {
            return Enforcement.none(
                    Capability.CPU, "Wine keeps the cap of a job, and does not enforce it", USE_WINDOWS);
        }
        return Enforcement.partial(
                Capability.CPU,
                "hard cap of the job object",
                "the cap was read back; whether it holds was not measured",
                "accept it with acceptPartial(Capability.CPU)");
    }

    private static Enforcement limit(Capability capability, boolean readBack, Findings findings) {
        if (!readBack) {
            return Enforcement.none(capability, "the job was told the limit, and reads back without it", USE_WINDOWS);
        }
        if (findings.ignoresLimits()) {
            return Enforcement.none(
                    capability,
                    "a job that was limited to one process let a second one in, so that limits of jobs are kept and not "
                            + "enforced here",
                    USE_WINDOWS);
        }
        return Enforcement.full(capability, "limit of the job object");
    }
}
