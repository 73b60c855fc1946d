package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.InvalidPolicyException;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.PlanEditor;
import io.cordon.sandbox.windows.plan.AceChange;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.LabelChange;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;
import net.jqwik.api.statistics.Statistics;

/** The backend's editor does to a volume what the model's plan does, and takes back exactly that. */
final class EditorProperties {
    private Path home = Path.of("");

    @BeforeTry
    void makeHome() throws IOException {
        home = HomeDirectory.make();
    }

    @AfterTry
    void deleteHome() throws IOException {
        HomeDirectory.delete(home);
    }

    @Provide
    Arbitrary<Scenario> scenarios() {
        return ScenarioArbitraries.scenarios();
    }

    @Provide
    Arbitrary<List<ForeignEdit>> foreignEdits() {
        return ForeignEdit.lists();
    }

    /** A sandbox that the editor opened. */
    private record Edited(Scenario scenario, VirtualVolume before, EditorRig rig, EditorRig.Sandbox sandbox) {
        VirtualVolume volume() {
            return rig.host.volume();
        }

        String story(String what) {
            return what + "\n" + scenario + "\n" + sandbox.plan().explain() + "\n"
                    + sandbox.opened().outcome() + "\nbefore:\n" + Opened.dump(before) + "now:\n"
                    + Opened.dump(volume());
        }
    }

    /** Opens a sandbox, as far as there is a plan. */
    private Optional<Edited> open(Scenario scenario) throws SandboxException {
        EditorRig rig = new EditorRig(scenario.build(), home);
        VirtualVolume before = rig.host.volume().copy();
        SandboxPolicy policy;
        try {
            policy = scenario.policy(before);
        } catch (InvalidPolicyException e) {
            return Optional.empty();
        }
        EditorRig.Sandbox sandbox = rig.sandbox("t1", policy, scenario.options());
        try {
            sandbox.open();
        } catch (SandboxException e) {
            sandbox.close();
            assertThat(EditorRig.image(rig.host.volume()).equals(EditorRig.image(before)))
                    .as(() -> e + "\n" + scenario + "\nbefore:\n" + Opened.dump(before) + "now:\n"
                            + Opened.dump(rig.host.volume()))
                    .isTrue();
            boolean outOfReach = e instanceof NativeStepException;
            assertThat(outOfReach || e.code() == SandboxErrorCode.POLICY_UNENFORCEABLE)
                    .as(() -> e + "\n" + scenario)
                    .isTrue();
            Statistics.label("opened").collect(outOfReach ? "top out of reach" : "no plan");
            return Optional.empty();
        }
        Statistics.label("opened").collect("opened");
        Statistics.label("opened").coverage(coverage -> coverage.check("opened").percentage(p -> p > 40));
        return Optional.of(new Edited(scenario, before, rig, sandbox));
    }

    @Property
    void theEditorDoesWhatTheModelDoes(@ForAll("scenarios") Scenario scenario) throws Exception {
        Optional<Edited> opened = open(scenario);
        if (opened.isEmpty()) {
            return;
        }
        Edited edited = opened.get();
        VirtualVolume before = edited.before;
        WindowsPlan plan = edited.sandbox.plan();
        VirtualHost model = edited.rig.host.on(before.copy());
        model.apply(plan);

        assertThat(edited.volume().paths()).isEqualTo(model.volume().paths());
        Set<Long> outOfReach = OutOfReach.of(before, Scenario.TOKEN);
        for (Map.Entry<String, Long> path : model.volume().paths().entrySet()) {
            VirtualObject expected = model.volume().object(path.getValue());
            VirtualObject actual = edited.volume().object(path.getValue());
            boolean excused = outOfReach.contains(path.getValue())
                    && isLeftOrNamed(plan, path.getKey(), before.object(path.getValue()), actual.descriptor());
            Statistics.label("object").collect(excused ? "out of reach" : "as the model");
            if (!excused) {
                assertThat(actual.descriptor())
                        .as(() -> edited.story(path.getKey()))
                        .isEqualTo(expected.descriptor());
            }
        }
        assertHeldInPlace(edited);
        edited.sandbox.close();
        assertThat(edited.rig.calls.openHandles()).isEmpty();
    }

    /**
     * Whether the object is as it was, or as the changes make it that name it: what the user cannot find by listing he can
     * open by name. The model goes everywhere.
     */
    private static boolean isLeftOrNamed(WindowsPlan plan, String path, VirtualObject was, SecurityDescriptor actual) {
        SecurityDescriptor named = was.descriptor();
        for (Edit edit : plan.edits()) {
            if (VirtualVolume.fromPath(edit.path()).equals(path)) {
                if (edit instanceof Edit.AddAce add) {
                    named = AceChange.apply(named, add.ace());
                } else if (edit instanceof Edit.SetLabel label) {
                    named = LabelChange.apply(named, label.ace(true, was.isDirectory()));
                }
            }
        }
        return actual.equals(was.descriptor()) || actual.equals(named);
    }

    private static void assertHeldInPlace(Edited edited) {
        if (edited.scenario.volumeSwitches().fences() == VolumeSwitches.Fences.NOTHING) {
            return;
        }
        Set<String> missed = new HashSet<>();
        edited.sandbox.fences().missed().forEach(object -> missed.add(object.path()));
        for (Path fence : edited.sandbox.plan().fences()) {
            VolumeSession user = edited.volume().copy().as(Scenario.TOKEN);
            VolumeOutcome moved = user.rename(VirtualVolume.fromPath(fence), "/me/elsewhere", false);
            assertThat(missed.contains(fence.toString()) || moved.status() == VolumeOutcome.Status.SHARING_VIOLATION)
                    .as(() -> edited.story(fence + " is not held: " + moved))
                    .isTrue();
        }
        Statistics.label("fences missed").collect(missed.size());
    }

    @Property
    void p6UndoRestoresEveryDescriptorByteForByteAndKeepsWhatOthersDid(
            @ForAll("scenarios") Scenario scenario, @ForAll("foreignEdits") List<ForeignEdit> foreign)
            throws Exception {
        Optional<Edited> opened = open(scenario);
        if (opened.isEmpty()) {
            return;
        }
        Edited edited = opened.get();
        VirtualVolume expected = edited.before.copy();
        ForeignEdit.make(foreign, expected, edited.volume());
        VirtualVolume changed = edited.volume().copy();

        CleanUpReport report = edited.sandbox.close();

        assertThat(edited.rig.calls.openHandles()).isEmpty();
        VolumeSession user = changed.as(Scenario.TOKEN);
        for (Map.Entry<String, Long> path : changed.paths().entrySet()) {
            VirtualObject now = edited.volume().byId(path.getValue());
            VirtualObject was = expected.byId(path.getValue());
            boolean same = (now == null || was == null)
                    ? now == was
                    : Arrays.equals(
                            SecurityDescriptorCodec.encode(now.descriptor()),
                            SecurityDescriptorCodec.encode(was.descriptor()));
            if (!same) {
                assertThat(report.left())
                        .as(() -> edited.story(path.getKey() + " after " + foreign + "\n" + report + "\nexpected\n"
                                + Opened.dump(expected)))
                        .anyMatch(left -> isAbout(left, changed, path.getValue()));
                AccessMask needed = was == null ? AccessMask.DELETE : OutOfReach.ALWAYS.or(AccessMask.WRITE_DAC);
                assertThat(user.has(path.getKey(), needed))
                        .as(() -> edited.story(path.getKey() + " after " + foreign + "\n" + report))
                        .isFalse();
            }
        }
        Statistics.label("left").collect(!report.isClean());
        if (report.isClean()) {
            assertThat(edited.rig.journal()).isEmpty();
        }
    }

    @Property
    void nothingOfTheChildsRemains(@ForAll("scenarios") Scenario scenario) throws Exception {
        Optional<Edited> opened = open(scenario);
        if (opened.isEmpty()) {
            return;
        }
        Edited edited = opened.get();
        VirtualVolume volume = edited.volume();
        WindowsPlan plan = edited.sandbox.plan();
        VirtualToken child = edited.sandbox.host.child(plan);
        List<String> done = new ArrayList<>();
        for (Scenario.Step step : scenario.attack()) {
            VolumeOperation operation = Scenario.operation(step, volume);
            VolumeOutcome outcome = operation.run(volume.as(child));
            done.add(outcome.status() + " " + operation);
            Statistics.label("attack").collect(outcome.isDone() ? "done" : "denied");
        }
        VirtualVolume attacked = volume.copy();

        CleanUpReport report = edited.sandbox.close();

        assertThat(edited.rig.calls.openHandles()).isEmpty();
        List<String> wrong = Residue.of(edited.before, volume, plan).stream()
                .filter(residue -> report.left().stream().noneMatch(left -> isAbout(left, attacked, residue.object())))
                .filter(residue -> !isInUnlisted(edited, residue.path()))
                .map(Residue::toString)
                .toList();
        assertThat(wrong)
                .as(() -> edited.story("residue\n" + String.join("\n", done) + "\n" + report + "\nattacked:\n"
                        + Opened.dump(attacked)))
                .isEmpty();
        Set<String> writable = new HashSet<>();
        plan.writable().forEach(path -> writable.add(VirtualVolume.fromPath(path)));
        edited.before.walk((path, object) -> {
            VirtualObject now = volume.find(path);
            if (names(edited.before, object.id()).stream().noneMatch(name -> isIn(name, writable))
                    && !isToldToBeChangeable(edited, path)) {
                assertThat(now != null && now.descriptor().equals(object.descriptor()))
                        .as(() -> edited.story(
                                path + " is outside and changed\n" + String.join("\n", done) + "\n" + report))
                        .isTrue();
            }
        });
        Statistics.label("left").collect(report.left().size());
        if (report.isClean()) {
            assertThat(edited.rig.journal()).isEmpty();
        }
    }

    /** Whether it is in a directory that the user cannot list, so that he was told of that when he opened the sandbox. */
    private static boolean isInUnlisted(Edited edited, String path) {
        return !OutOfReach.isListed(edited.before.as(Scenario.TOKEN), path)
                && edited.sandbox.opened().outcome().unreached().stream()
                        .anyMatch(object -> VirtualVolume.toPath(path).startsWith(object.path()));
    }

    /** Whether the opening named it, or a directory that it is in: then FILE_WRITE is not claimed. */
    private static boolean isToldToBeChangeable(Edited edited, String path) {
        return edited.sandbox.opened().outcome().exposed().stream()
                .filter(PlanEditor.Exposed::changeable)
                .anyMatch(told ->
                        VirtualVolume.toPath(path).startsWith(told.object().path()));
    }

    private static boolean isIn(String path, Set<String> places) {
        return places.stream().anyMatch(place -> path.equals(place) || path.startsWith(place + "/"));
    }

    private static List<String> names(VirtualVolume volume, long id) {
        return volume.paths().entrySet().stream()
                .filter(path -> path.getValue() == id)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Whether a line of the report names the object, by any of its names. */
    private static boolean isAbout(String left, VirtualVolume volume, long id) {
        return names(volume, id).stream().anyMatch(path -> left.startsWith(VirtualVolume.toPath(path) + ":"));
    }
}
