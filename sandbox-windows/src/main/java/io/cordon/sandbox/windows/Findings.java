package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.util.Optional;

/**
 * What was read back and tried out, in sentences without a full stop. An empty list means that no gap was found.
 *
 * @param notConfined why nothing keeps a child from writing
 * @param writable where a child can write although it should not
 * @param changeable which protected places of the roots a child can change
 * @param readable which places that are denied for reading a child can read
 * @param treeNotKept why nothing keeps a tree together
 * @param processesReachable which processes outside of the tree a child can act on
 * @param limits the limits that a job was read back to have
 * @param ignoresLimits whether the host keeps limits, and does not enforce them
 * @param cpuRateRefused why the host does not take a cap of processor time
 * @param netRateRefused why a job does not slow the network down; empty if it does, or was not to
 * @param emulated whether this is Wine, which keeps rates and restrictions of the user interface, and enforces neither
 * @param hostConsole whether children have to share a console of the JVM
 * @param container what was found of the AppContainer, if children are in one
 * @param account what was found of the account, if children run as another one
 */
record Findings(
        ImmutableList<String> notConfined,
        ImmutableList<String> writable,
        ImmutableList<String> changeable,
        ImmutableList<String> readable,
        ImmutableList<String> treeNotKept,
        ImmutableList<String> processesReachable,
        JobLimits limits,
        boolean ignoresLimits,
        Optional<String> cpuRateRefused,
        Optional<String> netRateRefused,
        boolean emulated,
        boolean hostConsole,
        Optional<ContainerFindings> container,
        Optional<AccountFindings> account) {

    /** Findings of a host whose children are in no AppContainer. */
    Findings(
            ImmutableList<String> notConfined,
            ImmutableList<String> writable,
            ImmutableList<String> changeable,
            ImmutableList<String> readable,
            ImmutableList<String> treeNotKept,
            ImmutableList<String> processesReachable,
            JobLimits limits,
            boolean ignoresLimits,
            Optional<String> cpuRateRefused,
            boolean emulated,
            boolean hostConsole) {
        this(
                notConfined,
                writable,
                changeable,
                readable,
                treeNotKept,
                processesReachable,
                limits,
                ignoresLimits,
                cpuRateRefused,
                Optional.empty(),
                emulated,
                hostConsole,
                Optional.empty(),
                Optional.empty());
    }

    /** What a host that enforces everything shows. */
    static Findings withoutGap(
            JobLimits limits, Optional<ContainerShape> container, Optional<AccountFindings> account) {
        return new Findings(
                ImmutableList.of(),
                ImmutableList.of(),
                ImmutableList.of(),
                ImmutableList.of(),
                ImmutableList.of(),
                ImmutableList.of(),
                limits,
                false,
                Optional.empty(),
                Optional.empty(),
                false,
                false,
                container.map(ContainerFindings::withoutGap),
                account);
    }
}
