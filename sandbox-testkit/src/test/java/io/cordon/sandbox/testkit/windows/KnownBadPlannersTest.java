package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.testkit.windows.Scenario.Kind;
import io.cordon.sandbox.testkit.windows.Scenario.Node;
import io.cordon.sandbox.testkit.windows.VolumeOperation.Delete;
import io.cordon.sandbox.testkit.windows.VolumeOperation.Rename;
import io.cordon.sandbox.testkit.windows.VolumeOperation.SetDacl;
import io.cordon.sandbox.testkit.windows.VolumeOperation.Write;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sid;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Planners with a mistake that somebody has made, or could: the named property must see it, on an attack that the real
 * planner's plan withstands.
 */
final class KnownBadPlannersTest {
    private static final String NORMAL = "O:USERG:USERD:" + Scenario.FULL;

    /** /me/ws/a/.git, of which the directory .git is carved out, and /me/ws/b, which leads to /me/docs. */
    private static Scenario scenario(PlanOptions options, VolumeSwitches.Fences fences) {
        VolumeSwitches volume = new VolumeSwitches(
                fences,
                VolumeSwitches.NewLabels.INHERITED_FIRST,
                VolumeSwitches.Propagation.UNPROTECTED,
                VolumeSwitches.HardLinks.NEED_WRITE_ATTRIBUTES);
        return new Scenario(
                ImmutableList.of(
                        new Node(2, 0, Kind.DIRECTORY, 0, NORMAL),
                        new Node(3, 2, Kind.DIRECTORY, 0, NORMAL),
                        new Node(2, 1, Kind.JUNCTION, 1, NORMAL)),
                ImmutableList.of(1),
                ImmutableList.of(),
                false,
                false,
                options,
                ImmutableList.of(),
                MonitorSwitches.DEFAULT,
                volume);
    }

    private static void isKilled(
            Scenario scenario,
            Function<Opened, List<String>> property,
            UnaryOperator<WindowsPlan> mistake,
            VolumeOperation... attack) {
        Opened good = Opened.open(scenario).orElseThrow();
        good.attack(List.of(attack));
        assertThat(property.apply(good)).as(() -> good.story("the real plan")).isEmpty();

        Opened bad = Opened.open(scenario, mistake).orElseThrow();
        assertThat(property.apply(bad)).as("before the attack").isEmpty();
        bad.attack(List.of(attack));
        assertThat(property.apply(bad))
                .as(() -> bad.story("the mistake was not seen"))
                .isNotEmpty();
    }

    private static WindowsPlan edits(WindowsPlan plan, Function<Edit, List<Edit>> change) {
        List<Edit> edits = new ArrayList<>();
        plan.edits().forEach(edit -> edits.addAll(change.apply(edit)));
        assertThat(edits).isNotEqualTo(plan.edits());
        return plan.replacingEdits(edits);
    }

    @Test
    void thatLeavesDeleteChildToTheChildIsKilledByP3() {
        isKilled(
                scenario(PlanOptions.DEFAULT, VolumeSwitches.Fences.NOTHING),
                PlanChecks::carveOutsUnchanged,
                plan -> edits(
                        plan,
                        edit -> edit instanceof Edit.AddAce add
                                        && add.ace().kind().denies()
                                ? List.of(new Edit.AddAce(
                                        add.path(),
                                        AccessAce.deny(
                                                add.ace().mask().minus(AccessMask.FILE_DELETE_CHILD),
                                                add.ace().sid()),
                                        add.tree(),
                                        add.reason()))
                                : List.of(edit)),
                new Delete("/me/ws/a/.git"));
    }

    @Test
    void thatGrantsDeleteChildToTheCapabilityIsKilledByP3() {
        isKilled(
                scenario(PlanOptions.WRITE_RESTRICTED, VolumeSwitches.Fences.NOTHING),
                PlanChecks::carveOutsUnchanged,
                plan -> edits(
                        plan,
                        edit -> edit instanceof Edit.AddAce add
                                        && add.ace().mask().equals(AccessMask.FILE_DELETE_CHILD)
                                ? List.of()
                                : edit instanceof Edit.AddAce grant
                                                && grant.ace().kind().allows()
                                        ? List.of(new Edit.AddAce(
                                                grant.path(),
                                                AccessAce.allow(
                                                        grant.ace().flags(),
                                                        grant.ace().mask().or(AccessMask.FILE_DELETE_CHILD),
                                                        grant.ace().sid()),
                                                true,
                                                grant.reason()))
                                        : List.of(edit)),
                new Delete("/me/ws/a/.git"));
    }

    @Test
    void thatLabelsByPathThroughAJunctionIsKilledByP1() {
        MandatoryLabel writable = new MandatoryLabel(IntegrityLevel.MEDIUM_LOW, MandatoryLabel.NO_WRITE_UP);
        isKilled(
                scenario(PlanOptions.DEFAULT, VolumeSwitches.Fences.OBJECT_AND_ANCESTORS),
                PlanChecks::outsideUnchanged,
                plan -> edits(
                        plan,
                        edit -> edit.path().equals(VirtualVolume.toPath(Scenario.ROOT)) && edit instanceof Edit.SetLabel
                                ? List.of(
                                        edit,
                                        new Edit.SetLabel(
                                                VirtualVolume.toPath("/me/docs"), writable, true, "through /me/ws/b"))
                                : List.of(edit)),
                new Write("/me/ws/b/notes.txt", "attack"));
    }

    @Test
    void thatForgetsToKeepWriteDacFromTheChildIsKilledByP3() {
        isKilled(
                scenario(PlanOptions.WRITE_RESTRICTED, VolumeSwitches.Fences.NOTHING),
                PlanChecks::carveOutsUnchanged,
                plan -> edits(
                        plan,
                        edit -> edit instanceof Edit.AddAce grant
                                        && grant.ace().kind().allows()
                                ? List.of(new Edit.AddAce(
                                        grant.path(),
                                        AccessAce.allow(
                                                grant.ace().flags(),
                                                grant.ace().mask().or(AccessMask.WRITE_DAC),
                                                grant.ace().sid()),
                                        true,
                                        grant.reason()))
                                : List.of(edit)),
                new SetDacl("/me/ws/a", Scenario.acl("D:" + Scenario.FULL)),
                new Delete("/me/ws/a/.git"));
    }

    @Test
    void thatOnlyRestrictsWritesIsKilledByP1() {
        isKilled(
                scenario(PlanOptions.WRITE_RESTRICTED, VolumeSwitches.Fences.OBJECT_AND_ANCESTORS),
                PlanChecks::outsideUnchanged,
                plan -> plan.replacingToken(
                        new TokenShape(IntegrityLevel.MEDIUM, plan.token().restricting())),
                new Delete("/me/docs/notes.txt"));
    }

    @Test
    void thatProtectsTheCarveOutButNotItsAncestorIsKilledByP3() {
        isKilled(
                scenario(PlanOptions.DEFAULT, VolumeSwitches.Fences.OBJECT),
                PlanChecks::carveOutsUnchanged,
                plan -> edits(
                                plan,
                                edit -> edit.path().equals(VirtualVolume.toPath("/me/ws/a"))
                                        ? List.of()
                                        : List.of(edit))
                        .replacingFences(List.of(VirtualVolume.toPath("/me/ws/a/.git"))),
                new Rename("/me/ws/a", "/me/ws/new", false));
    }

    @Test
    void thatPutsTheUserOnTheRestrictingListIsKilledByP7() {
        assertThat(otherRootAfterAttack(plan -> plan)).isEmpty();
        assertThat(otherRootAfterAttack(plan -> plan.replacingToken(new TokenShape(
                        plan.token().level(),
                        Optional.of(ImmutableSet.<Sid>builder()
                                .addAll(plan.token().restricting().orElseThrow())
                                .add(Scenario.USER)
                                .build())))))
                .isNotEmpty();
    }

    private static List<String> otherRootAfterAttack(UnaryOperator<WindowsPlan> mistake) {
        Scenario scenario = scenario(PlanOptions.WRITE_RESTRICTED, VolumeSwitches.Fences.OBJECT_AND_ANCESTORS);
        Opened sandbox = Opened.open(scenario, mistake).orElseThrow();
        VirtualHost other = sandbox.host.another("/me/cordon/t2");
        SandboxPolicy policy = SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(VirtualVolume.toPath(Scenario.SECOND_ROOT))
                .build();
        WindowsPlan second = WindowsPlanner.plan(policy, other.facts(policy, scenario.options()), scenario.options())
                .orThrow();
        assertThat(second.isolatedFromOtherSandboxes()).isTrue();
        other.apply(second);
        VirtualVolume opened = sandbox.volume.copy();
        sandbox.attack(List.of(new VolumeOperation.CreateFile(Scenario.SECOND_ROOT + "/planted", null)));
        return PlanChecks.difference(opened, sandbox.volume, List.of(Scenario.SECOND_ROOT));
    }

    /**
     * Without write restriction a child owns the directories that hold a carve-out, and may rewrite their DACLs: the
     * limit that makes the fences necessary.
     */
    @Test
    void theRealPlanNeedsItsFencesAgainstAChildThatRewritesADacl() {
        VolumeOperation[] attack = {
            new SetDacl("/me/ws/a", Scenario.acl("D:" + Scenario.FULL)), new Delete("/me/ws/a/.git")
        };
        for (VolumeSwitches.Fences fences : VolumeSwitches.Fences.values()) {
            Opened sandbox = Opened.open(scenario(PlanOptions.DEFAULT, fences)).orElseThrow();
            sandbox.attack(List.of(attack));
            boolean holds = PlanChecks.carveOutsUnchanged(sandbox).isEmpty();
            assertThat(holds).as(fences.toString()).isEqualTo(fences != VolumeSwitches.Fences.NOTHING);
        }
    }
}
