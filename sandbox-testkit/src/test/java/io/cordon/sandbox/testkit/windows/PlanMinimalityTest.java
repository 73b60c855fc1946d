package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.testkit.windows.Scenario.Kind;
import io.cordon.sandbox.testkit.windows.Scenario.Node;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** P5: every edit of a plan is there for something. Dropped, it breaks a property on this tree. */
final class PlanMinimalityTest {
    private static final String NORMAL = "O:USERG:USERD:" + Scenario.FULL;
    /** Open to everyone, so that a write-restricted token is not held by its own list either. */
    private static final String LOW = "O:USERG:USERD:(A;OICI;FA;;;WD)S:(ML;OICI;NW;;;S-1-16-6144)";

    /**
     * A tree in which nothing is protected by accident: the carve-out, a file with a name outside and a place outside
     * carry the child's level already, as an earlier sandbox may have left them.
     */
    private static Scenario scenario(boolean restricted) {
        return new Scenario(
                ImmutableList.of(
                        new Node(2, 0, Kind.DIRECTORY, 0, NORMAL), // /me/ws/a
                        new Node(3, 2, Kind.DIRECTORY, 0, LOW), // /me/ws/a/.git, carved out
                        new Node(4, 0, Kind.FILE, 0, LOW), // /me/ws/a/.git/a
                        new Node(2, 1, Kind.FILE, 0, NORMAL), // /me/ws/b
                        new Node(1, 1, Kind.FILE, 0, NORMAL), // /me/docs/b, denied for reading
                        new Node(6, 1, Kind.FILE, 0, LOW), // /shared/b, exposed
                        new Node(1, 2, Kind.FILE, 0, LOW), // /me/docs/.git
                        new Node(2, 2, Kind.HARD_LINK, 0, NORMAL)), // /me/ws/.git, the same file
                ImmutableList.of(2),
                ImmutableList.of(2),
                false,
                false,
                PlanOptions.DEFAULT.withWriteRestricted(restricted).withHardLinks(PlanOptions.HardLinks.SKIP),
                ImmutableList.of(),
                MonitorSwitches.DEFAULT,
                new VolumeSwitches(
                        VolumeSwitches.Fences.NOTHING,
                        VolumeSwitches.NewLabels.INHERITED_FIRST,
                        VolumeSwitches.Propagation.UNPROTECTED,
                        VolumeSwitches.HardLinks.NEED_WRITE_ATTRIBUTES));
    }

    @TestFactory
    List<DynamicTest> everyEditIsNeeded() {
        List<DynamicTest> tests = new ArrayList<>();
        for (boolean restricted : new boolean[] {false, true}) {
            Scenario scenario = scenario(restricted);
            Opened whole = Opened.open(scenario).orElseThrow();
            tests.add(DynamicTest.dynamicTest(
                    "the whole plan breaks nothing, write-restricted " + restricted,
                    () -> assertThat(broken(scenario, whole.plan))
                            .as(whole.story(""))
                            .isEmpty()));
            for (Edit dropped : whole.plan.edits()) {
                WindowsPlan rest = whole.plan.replacingEdits(whole.plan.edits().stream()
                        .filter(edit -> edit != dropped)
                        .toList());
                tests.add(DynamicTest.dynamicTest(
                        "write-restricted " + restricted + " without " + dropped,
                        () -> assertThat(broken(scenario, rest))
                                .as(whole.story("" + dropped))
                                .isNotEmpty()));
            }
        }
        return tests;
    }

    /** What the plan breaks under one operation of the child, or of a child of another sandbox. */
    private static List<String> broken(Scenario scenario, WindowsPlan plan) {
        Opened opened = Opened.open(scenario, real -> plan).orElseThrow();
        List<String> broken = new ArrayList<>();
        broken.addAll(PlanChecks.insideWritable(opened));
        broken.addAll(PlanChecks.readableAsPlanned(opened));
        if (!new VolumeOperation.CreateFile(Scenario.TEMP + "/new", null)
                .run(opened.volume.as(opened.child))
                .isDone()) {
            broken.add("the child cannot use its temp directory");
        }
        for (VolumeOperation operation : operations(opened)) {
            Opened fresh = Opened.open(scenario, real -> plan).orElseThrow();
            fresh.attack(List.of(operation));
            broken.addAll(PlanChecks.outsideUnchanged(fresh));
            broken.addAll(PlanChecks.carveOutsUnchanged(fresh));
        }
        if (plan.isolatedFromOtherSandboxes()) {
            VirtualToken stranger = Scenario.TOKEN
                    .unprivileged()
                    .atLevel(plan.token().level())
                    .restrictedTo(
                            ImmutableSet.of(Sid.of(5, 21, 9, 9, 9, 9), Scenario.LOGON, WellKnownSids.EVERYONE), true);
            for (String file : List.of("/me/ws/b", Scenario.TEMP + "/new")) {
                if (new VolumeOperation.Delete(file)
                        .run(opened.volume.as(stranger))
                        .isDone()) {
                    broken.add("another sandbox deleted " + file);
                }
            }
        }
        return broken;
    }

    private static List<VolumeOperation> operations(Opened opened) {
        List<VolumeOperation> operations = new ArrayList<>();
        for (String path : opened.volume.paths().keySet()) {
            operations.add(new VolumeOperation.Write(path, "attack"));
            operations.add(new VolumeOperation.SetAttributes(path));
            operations.add(new VolumeOperation.Delete(path));
            operations.add(new VolumeOperation.Rename(path, Scenario.TEMP + "/moved", false));
            operations.add(new VolumeOperation.Rename(path, Scenario.ROOT + "/moved", false));
        }
        return operations;
    }
}
