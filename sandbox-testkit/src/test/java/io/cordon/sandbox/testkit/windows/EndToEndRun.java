package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.PlanOpening;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.edit.Unreached;
import io.cordon.sandbox.windows.facts.CollectedFacts;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs scenarios on real files and on the model, one after the other. A difference is an AssertionError. */
final class EndToEndRun {
    /** One of so many sandboxes is attacked by a process, the others by a thread with the token of a child. */
    private static final int PROCESSES = 8;

    private static final String PLAN = "plan ";

    private final NativeCalls calls;
    private final EditRegister register;
    private final Path library;
    private final Path done;
    private final EndToEndCounts counts;
    private final RealUser user;
    private final Acl full;
    private int trees;

    EndToEndRun(NativeCalls calls, EditRegister register, Path library, Path done, EndToEndCounts counts)
            throws WindowsFailure {
        this.calls = calls;
        this.register = register;
        this.library = library;
        this.done = done;
        this.counts = counts;
        this.user = RealUser.of(calls.tokens());
        this.full = RealFiles.full(user.sid());
    }

    /**
     * One scenario from the first file to the last.
     *
     * @param more steps of the attack that are only done in writable places
     */
    void run(Scenario generated, List<Scenario.Step> more, String name) throws Exception {
        Scenario scenario = RealTree.possible(generated, counts);
        RealTree tree = RealTree.make(scenario, user, calls.files(), counts);
        counts.add("scenarios");
        EndToEndStory story = new EndToEndStory(name, scenario, tree);
        Optional<SandboxPolicy> policy = Opened.policy(scenario, tree.host);
        if (policy.isEmpty()) {
            counts.add("scenarios: no policy");
        } else {
            run(scenario, more, tree, policy.get(), story);
        }
        story.require(tree.contentDifferences(full), "names, identities and contents at the end");
        tree.putAway(done.resolve(Integer.toString(++trees)));
    }

    private void run(
            Scenario scenario, List<Scenario.Step> more, RealTree tree, SandboxPolicy policy, EndToEndStory story)
            throws Exception {
        RealSandbox sandbox = new RealSandbox(calls, register, user, tree, policy, scenario.options());
        VirtualVolume before = tree.host.volume().copy();
        String expected = plan(
                scenario,
                policy,
                () -> CollectedOnModel.collect(new VolumeCalls(tree.host), policy, scenario.options()));
        PlanOpening.Opened opened;
        try {
            opened = sandbox.open();
        } catch (SandboxException e) {
            refused(scenario, tree, policy, sandbox, expected, e, story);
            return;
        }
        counts.add("scenarios: opened");
        story.planned(opened.plan());
        story.requireSame("the plan", expected, text(opened.plan()));
        AppliedPlan applied = tree.host.apply(opened.plan());
        compareOpened(tree, sandbox, before, opened, story);
        VirtualVolume unattacked = tree.host.volume().copy();
        attack(scenario, more, tree, opened.plan(), story);
        VirtualVolume attacked = tree.host.volume().copy();
        CleanUpReport report = sandbox.close();
        applied.undo();
        counts.add(report.isClean() ? "scenarios: closed, nothing left" : "scenarios: closed, something left");
        compareClosed(tree, before, unattacked, attacked, opened.plan(), report, story);
    }

    /** Both refuse, or the user cannot open what the plan is to change; and nothing is left of it. */
    private void refused(
            Scenario scenario,
            RealTree tree,
            SandboxPolicy policy,
            RealSandbox sandbox,
            String expected,
            SandboxException failure,
            EndToEndStory story)
            throws Exception {
        String actual = plan(scenario, policy, () -> sandbox.facts(RecordedTrees.NONE));
        story.requireSame("the refusal", expected, actual);
        boolean planned = expected.startsWith(PLAN);
        if (planned && OutOfReach.of(tree.host.volume(), user.token()).isEmpty()) {
            throw new AssertionError(story.told(), failure);
        }
        counts.add(planned ? "scenarios: top out of reach" : "scenarios: refused");
        story.require(sandbox.close().left(), "what is left after a refusal");
        story.require(tree.differences(Set.of()), "descriptors after a refusal");
    }

    /** Looks at a machine. */
    private interface Collector {
        CollectedFacts collect() throws SandboxException;
    }

    private static String plan(Scenario scenario, SandboxPolicy policy, Collector collector) {
        try {
            PlanResult result = WindowsPlanner.plan(policy, collector.collect().facts(), scenario.options());
            return result instanceof PlanResult.Planned planned ? text(planned.plan()) : result.toString();
        } catch (SandboxException e) {
            return "refused by the collector: " + e.code();
        }
    }

    private static String text(WindowsPlan plan) {
        return PLAN + plan.token() + "\n" + plan.edits() + "\n" + plan.boundaries() + "\n" + plan.fences() + "\n"
                + plan.writable();
    }

    private void compareOpened(
            RealTree tree, RealSandbox sandbox, VirtualVolume before, PlanOpening.Opened opened, EndToEndStory story)
            throws WindowsFailure {
        VirtualVolume volume = tree.host.volume();
        Set<Long> excused = OutOfReach.of(before, user.token());
        story.require(tree.differences(excused), "descriptors after the opening, " + opened.outcome());
        VirtualVolume now = tree.readBack();
        for (Map.Entry<String, Long> each : volume.paths().entrySet()) {
            long id = each.getValue();
            SecurityDescriptor actual = now.object(id).descriptor();
            if (excused.contains(id)) {
                if (!actual.equals(volume.object(id).descriptor())) {
                    counts.add("objects out of the editor's reach");
                    boolean changed = !actual.equals(before.object(id).descriptor());
                    story.require(changed ? List.of(each.getKey()) : List.of(), "an object out of reach was changed");
                }
                volume.setDescriptor(id, actual);
            } else {
                counts.add("objects edited as the model says");
            }
        }
        for (Unreached missed : sandbox.fences().missed()) {
            counts.add("fences that the user may not hold");
            volume.unfence(volume.object(VirtualVolume.fromPath(Path.of(missed.path())))
                    .id());
        }
    }

    private void attack(
            Scenario scenario, List<Scenario.Step> more, RealTree tree, WindowsPlan plan, EndToEndStory story)
            throws Exception {
        VirtualVolume volume = tree.host.volume();
        VirtualToken child = user.child(tree.host.child(plan), plan.token());
        boolean process = counts.of("scenarios: opened") % PROCESSES == 0;
        if (process) {
            counts.add("scenarios: attacked by a confined process");
        }
        try (Attacker attacker = process
                ? AttackingProcess.start(calls, plan.token(), library)
                : Attacker.impersonating(calls.tokens(), ConfinedToken.create(calls.tokens(), plan.token()))) {
            for (Scenario.Step step : scenario.attack()) {
                perform(user.of(Scenario.operation(step, volume)), tree, child, attacker, story);
            }
            // Most of what a scenario tries is denied everywhere outside of the roots; more is tried in them.
            for (Scenario.Step step : more) {
                VolumeOperation operation = user.of(Scenario.operation(step, volume));
                if (isWritable(plan, Win32Prediction.opened(operation))) {
                    perform(operation, tree, child, attacker, story);
                }
            }
        }
        story.require(tree.differences(Set.of()), "descriptors after the attack");
    }

    /** In any spelling. */
    private static boolean isWritable(WindowsPlan plan, String path) {
        String name = path.toLowerCase(Locale.ROOT);
        return plan.writable().stream()
                .map(writable -> VirtualVolume.fromPath(writable).toLowerCase(Locale.ROOT))
                .anyMatch(writable -> name.equals(writable) || name.startsWith(writable + "/"));
    }

    private void perform(
            VolumeOperation operation, RealTree tree, VirtualToken child, Attacker attacker, EndToEndStory story)
            throws Exception {
        Optional<String> leftOut = LeftOut.of(operation);
        if (leftOut.isPresent()) {
            counts.add("left out: " + leftOut.get());
            return;
        }
        VirtualVolume volume = tree.host.volume();
        VirtualVolume state = volume.copy();
        VolumeOutcome predicted = Win32Prediction.run(operation, volume, child);
        int code = attacker.perform(Win32Attack.line(operation));
        story.step(operation, predicted, code);
        counts.add("operations: " + (code == 0 ? "done" : "denied"));
        counts.add("operations: " + operation.getClass().getSimpleName() + " " + predicted.status());
        story.requireSame(operation, state, child, predicted, code);
    }

    /**
     * What the attack left alone is as it was; what it changed or made has nothing of the sandbox on it. The rest is as the
     * attack left it.
     */
    private void compareClosed(
            RealTree tree,
            VirtualVolume before,
            VirtualVolume unattacked,
            VirtualVolume attacked,
            WindowsPlan plan,
            CleanUpReport report,
            EndToEndStory story)
            throws WindowsFailure {
        VirtualVolume now = tree.readBack();
        List<String> wrong = new ArrayList<>();
        now.paths().forEach((path, id) -> {
            VirtualObject was = before.byId(id);
            VirtualObject changed = attacked.byId(id);
            VirtualObject opened = unattacked.byId(id);
            if (was == null || changed == null || opened == null || isLeft(report, path)) {
                return;
            }
            if (changed.descriptor().equals(opened.descriptor())) {
                SecurityDescriptor actual = now.object(id).descriptor();
                counts.add("objects restored");
                if (!actual.equals(was.descriptor())) {
                    wrong.add(path + "\n    first " + was.descriptor() + "\n    now   " + actual);
                }
            } else {
                counts.add("objects that the attack secured otherwise");
            }
        });
        for (Residue residue : Residue.of(before, now, plan, user.sid(), user.logon())) {
            if (tree.hasNumberOfDeleted(residue.path(), residue.object())) {
                counts.add("left out: a new object has the number of a deleted one");
            } else if (!isLeft(report, residue.path())) {
                wrong.add(residue.toString());
            }
        }
        story.require(wrong, "descriptors after closing");
    }

    private static boolean isLeft(CleanUpReport report, String path) {
        return report.left().stream().anyMatch(left -> left.startsWith(VirtualVolume.toPath(path) + ":"));
    }
}
