package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.testkit.windows.VolumeSwitches.Fences;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsCollector;
import net.jqwik.api.statistics.StatisticsReport;

/**
 * What holds for every plan, over hostile trees, policies and attacks. Every try draws the switches of monitor and
 * volume too, so that each property holds under all settings of every switch (P8).
 */
final class PlanProperties {
    @Provide
    Arbitrary<Scenario> scenarios() {
        return ScenarioArbitraries.scenarios();
    }

    @Property
    void p1NothingOutsideTheRootsChanges(@ForAll("scenarios") Scenario scenario) {
        holds(scenario, true, PlanChecks::outsideUnchanged);
    }

    @Property
    void p2WhatIsInsideARootCanBeWorkedWith(@ForAll("scenarios") Scenario scenario) {
        holds(scenario, false, PlanChecks::insideWritable);
    }

    @Property
    void p3CarveOutsStayWhereAndWhatTheyAre(@ForAll("scenarios") Scenario scenario) {
        holds(scenario, true, PlanChecks::carveOutsUnchanged);
    }

    @Property
    void p4WhatIsDeniedCannotBeReadAndAllElseStillCan(@ForAll("scenarios") Scenario scenario) {
        holds(scenario, true, PlanChecks::readableAsPlanned);
    }

    @Property
    void p5PlanningAgainPlansNothing(@ForAll("scenarios") Scenario scenario) {
        Optional<Opened> opened = opened(scenario);
        opened.ifPresent(sandbox -> {
            PlanResult again = WindowsPlanner.plan(
                    sandbox.policy, sandbox.host.facts(sandbox.policy, scenario.options()), scenario.options());
            assertThat(again.orThrow().edits())
                    .as(() -> sandbox.story("planned again"))
                    .isEmpty();
            assertThat(again.orThrow().stamps()).isEqualTo(sandbox.plan.stamps());
        });
    }

    @Property
    void p5ThePlanIsAFunctionOfItsArguments(@ForAll("scenarios") Scenario scenario) {
        opened(scenario)
                .ifPresent(sandbox -> assertThat(WindowsPlanner.plan(sandbox.policy, sandbox.facts, scenario.options()))
                        .isEqualTo(new PlanResult.Planned(sandbox.plan)));
    }

    /** What somebody else does to a descriptor while the sandbox is open. */
    record ForeignEdit(int object, int kind, int entry) {}

    @Provide
    Arbitrary<List<ForeignEdit>> foreignEdits() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 5))
                .as(ForeignEdit::new)
                .list()
                .ofMaxSize(6);
    }

    @Property
    void p6UndoRestoresEveryDescriptorByteForByteAndKeepsWhatOthersDid(
            @ForAll("scenarios") Scenario scenario, @ForAll("foreignEdits") List<ForeignEdit> foreign) {
        opened(scenario).ifPresent(sandbox -> {
            VirtualVolume expected = sandbox.before.copy();
            List<Long> ids = sandbox.before.paths().values().asList();
            for (ForeignEdit edit : foreign) {
                long id = Scenario.pick(ids, edit.object());
                SecurityDescriptor original = expected.object(id).descriptor();
                UnaryOperator<SecurityDescriptor> change = foreignChange(edit, original);
                expected.setDescriptor(id, change.apply(original));
                sandbox.volume.setDescriptor(
                        id, change.apply(sandbox.volume.object(id).descriptor()));
            }

            sandbox.applied.undo();

            assertThat(sandbox.volume.paths()).isEqualTo(expected.paths());
            for (long id : ids) {
                assertThat(SecurityDescriptorCodec.encode(
                                sandbox.volume.object(id).descriptor()))
                        .as(() -> sandbox.story("object " + id + " was "
                                + expected.object(id).descriptor() + " and is now "
                                + sandbox.volume.object(id).descriptor() + " after " + foreign))
                        .isEqualTo(SecurityDescriptorCodec.encode(
                                expected.object(id).descriptor()));
            }
        });
    }

    /** An edit that means the same on the original and on the changed descriptor: by entry, not by position. */
    private static UnaryOperator<SecurityDescriptor> foreignChange(ForeignEdit edit, SecurityDescriptor original) {
        AccessAce added = AccessAce.allow(AccessMask.of(1 << edit.entry()), WellKnownSids.ADMINISTRATORS);
        Acl dacl = original.dacl();
        if (edit.kind() == 3) {
            return now -> now.withOwner(WellKnownSids.ADMINISTRATORS);
        }
        if (edit.kind() == 4) {
            return now -> now.withControl(SecurityDescriptor.DACL_PROTECTED, 0);
        }
        if (dacl == null) {
            // There is no entry to edit, and one that somebody adds to the list that stands for the missing one is
            // another case.
            return now -> now;
        }
        return switch (edit.kind()) {
            case 0 -> now -> withDacl(now, aces -> aces.add(added));
            case 1 -> now -> withDacl(now, aces -> aces.add(0, added));
            default ->
                dacl.aces().isEmpty()
                        ? now -> now
                        : now -> withDacl(now, aces -> aces.remove(Scenario.pick(dacl.aces(), edit.entry())));
        };
    }

    private static SecurityDescriptor withDacl(SecurityDescriptor now, Consumer<List<Ace>> change) {
        Acl dacl = Objects.requireNonNull(now.dacl());
        List<Ace> aces = new ArrayList<>(dacl.aces());
        change.accept(aces);
        return now.withDacl(dacl.withAces(aces));
    }

    @Property
    void p7SandboxesWithDifferentRootsCannotWriteEachOthersRootsWhereBothPlansClaimIt(
            @ForAll("scenarios") Scenario any) {
        Scenario scenario = new Scenario(
                any.nodes(),
                any.denyWrite(),
                any.denyRead(),
                false,
                false,
                any.options().withWriteRestricted(true),
                any.attack(),
                any.monitorSwitches(),
                any.volumeSwitches());
        opened(scenario).ifPresent(sandbox -> {
            VirtualHost other = sandbox.host.another("/me/cordon/t2");
            SandboxPolicy policy = SandboxPolicy.builder()
                    .network(NetworkAccess.ALLOWED)
                    .allowWrite(VirtualVolume.toPath(Scenario.SECOND_ROOT))
                    .build();
            PlanResult second =
                    WindowsPlanner.plan(policy, other.facts(policy, scenario.options()), scenario.options());
            if (!(second instanceof PlanResult.Planned planned)) {
                return;
            }
            boolean claimed =
                    sandbox.plan.isolatedFromOtherSandboxes() && planned.plan().isolatedFromOtherSandboxes();
            Statistics.label("isolation claimed").collect(claimed);
            Statistics.label("isolation claimed")
                    .coverage(coverage -> coverage.check(true).percentage(p -> p > 10));
            if (!claimed) {
                return;
            }
            other.apply(planned.plan());
            VirtualVolume opened = sandbox.volume.copy();
            sandbox.attack();
            assertThat(PlanChecks.difference(opened, sandbox.volume, List.of(Scenario.SECOND_ROOT, "/me/cordon/t2")))
                    .as(() -> sandbox.story("the other sandbox's root changed"))
                    .isEmpty();
        });
    }

    /**
     * Every property above and below draws its switches as these scenarios do, so each of them was tried under every
     * setting of every switch.
     */
    @Property
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void p8EverySettingOfEverySwitchIsDrawn(@ForAll("scenarios") Scenario scenario) {
        MonitorSwitches monitor = scenario.monitorSwitches();
        VolumeSwitches volume = scenario.volumeSwitches();
        isDrawn(MonitorSwitches.RestrictedScope.values(), monitor.restrictedScope());
        isDrawn(MonitorSwitches.RestrictedOwner.values(), monitor.restrictedOwner());
        isDrawn(MonitorSwitches.RestrictedMaximum.values(), monitor.restrictedMaximum());
        isDrawn(MonitorSwitches.Conditions.values(), monitor.conditions());
        isDrawn(Fences.values(), volume.fences());
        isDrawn(VolumeSwitches.NewLabels.values(), volume.newLabels());
        isDrawn(VolumeSwitches.Propagation.values(), volume.propagation());
        isDrawn(VolumeSwitches.HardLinks.values(), volume.hardLinks());
    }

    private static void isDrawn(Enum<?>[] settings, Enum<?> drawn) {
        StatisticsCollector collector =
                Statistics.label(drawn.getDeclaringClass().getSimpleName());
        collector.collect(drawn);
        for (Enum<?> setting : settings) {
            collector.coverage(coverage -> coverage.check(setting).percentage(p -> p > 15));
        }
    }

    @Property
    void p9TheUserKeepsHisAccessDuringAndAfter(@ForAll("scenarios") Scenario scenario) {
        opened(scenario).ifPresent(sandbox -> {
            assertThat(PlanChecks.userKeepsAccess(sandbox, sandbox.volume))
                    .as(() -> sandbox.story("during"))
                    .isEmpty();
            sandbox.applied.undo();
            sandbox.anchors.clear();
            sandbox.carveOuts.clear();
            assertThat(PlanChecks.userKeepsAccess(sandbox, sandbox.volume))
                    .as(() -> sandbox.story("after"))
                    .isEmpty();
        });
    }

    private static void holds(Scenario scenario, boolean attack, Function<Opened, List<String>> check) {
        opened(scenario).ifPresent(sandbox -> {
            if (attack) {
                if (scenario.volumeSwitches().fences() == Fences.NOTHING && !sandbox.isHeldByDescriptors()) {
                    return; // the plan says that here the fences alone hold
                }
                sandbox.attack();
            }
            List<String> wrong = check.apply(sandbox);
            assertThat(wrong).as(() -> sandbox.story("violated")).isEmpty();
        });
    }

    private static Optional<Opened> opened(Scenario scenario) {
        Optional<Opened> opened = Opened.open(scenario);
        Statistics.label("planned").collect(opened.isPresent());
        Statistics.label("planned").coverage(coverage -> coverage.check(true).percentage(p -> p > 50));
        return opened;
    }
}
