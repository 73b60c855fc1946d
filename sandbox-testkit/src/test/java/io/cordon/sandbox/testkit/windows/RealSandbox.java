package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.Fences;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.Owner;
import io.cordon.sandbox.windows.edit.PlanOpening;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.edit.Settlement;
import io.cordon.sandbox.windows.facts.CollectedFacts;
import io.cordon.sandbox.windows.facts.FactPlaces;
import io.cordon.sandbox.windows.facts.HostState;
import io.cordon.sandbox.windows.facts.WindowsFacts;
import io.cordon.sandbox.windows.plan.Elevation;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** The backend's own collector, planner and editor at work on the real files of a {@link RealTree}. */
final class RealSandbox {
    private final NativeCalls calls;
    private final EditRegister register;
    private final RealUser user;
    private final RealTree tree;
    private final SandboxPolicy policy;
    private final PlanOptions options;
    private final Lease lease = new Lease(UUID.randomUUID(), Owner.current(), "t1", Instant.now(), ImmutableSet.of());
    private Fences fences;

    RealSandbox(
            NativeCalls calls,
            EditRegister register,
            RealUser user,
            RealTree tree,
            SandboxPolicy policy,
            PlanOptions options) {
        this.calls = calls;
        this.register = register;
        this.user = user;
        this.tree = tree;
        this.policy = policy;
        this.options = options;
        this.fences = Fences.hold(calls.files(), ImmutableList.of());
    }

    /** What the collector sees of the files. */
    CollectedFacts facts(RecordedTrees recorded) throws SandboxException {
        Path temp = VirtualVolume.toPath(Scenario.TEMP);
        FactPlaces places = new FactPlaces(
                ImmutableSet.of(temp.resolveSibling("")),
                ImmutableSet.of(VirtualVolume.toPath("/")),
                temp,
                RealTree.TOPS.stream().map(VirtualVolume::toPath).collect(ImmutableList.toImmutableList()));
        return new WindowsFacts(
                        calls.files(),
                        calls.tokens(),
                        new HostState(Elevation.STANDARD, 0, false),
                        places,
                        // as the collector on the model has it
                        directory -> Sid.of(5, 21, 1, 2, 3, tree.object(directory.fileIndex())),
                        recorded)
                .collect(policy, options, EditProgress.NONE);
    }

    /** Makes the edits and holds the fences. After a failure it has to be closed all the same. */
    PlanOpening.Opened open() throws SandboxException {
        PlanOpening.Opened opened;
        try (RegisterTransaction transaction = register.begin()) {
            transaction.write(lease);
            opened = new PlanOpening(transaction, calls.files(), user.sid(), EditProgress.NONE)
                    .open(planner(), lease, Lifetime.SESSION);
        }
        fences = Fences.hold(calls.files(), opened.plan().fences());
        return opened;
    }

    Fences fences() {
        return fences;
    }

    private PlanOpening.Planner planner() {
        return new PlanOpening.Planner() {
            @Override
            public PlanOpening.Seen facts(RecordedTrees recorded) throws SandboxException {
                CollectedFacts seen = RealSandbox.this.facts(recorded);
                return new PlanOpening.Seen(seen.facts(), seen.shape());
            }

            @Override
            public WindowsPlan plan(HostFacts facts) throws SandboxException {
                if (WindowsPlanner.plan(policy, facts, options) instanceof PlanResult.Planned planned) {
                    return planned.plan();
                }
                throw new SandboxException(SandboxErrorCode.POLICY_UNENFORCEABLE, "refused by the planner");
            }
        };
    }

    /** Lets go of everything, as the backend does when a sandbox is closed. */
    CleanUpReport close() throws SandboxException {
        fences.close();
        try (RegisterTransaction transaction = register.begin()) {
            transaction.removeLease(lease.sandbox());
            return new Settlement(calls.files(), user.sid()).settle(transaction, layer -> false);
        }
    }
}
