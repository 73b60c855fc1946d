package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.testkit.windows.VolumeSwitches.Fences;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
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

    @Provide
    Arbitrary<List<ForeignEdit>> foreignEdits() {
        return ForeignEdit.lists();
    }

    @Property
    void p6UndoRestoresEveryDescriptorByteForByteAndKeepsWhatOthersDid(
            @ForAll("scenarios") Scenario scenario, @ForAll("foreignEdits") List<ForeignEdit> foreign) {
        opened(scenario).ifPresent(sandbox -> {
            VirtualVolume expected = sandbox.before.copy();
            List<Long> ids = sandbox.before.paths().values().asList();
            ForeignEdit.make(foreign, expected, sandbox.volume);

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
    void p10AnAppContainerReadsWhatItIsGrantedAndNothingElse(@ForAll("containers") Scenario scenario) {
        holds(scenario, false, PlanChecks::readsLimited);
    }

    @Property
    void p1ToP4HoldForAppContainers(@ForAll("containers") Scenario scenario) {
        holds(scenario, false, PlanChecks::insideWritable);
        holds(scenario, true, sandbox -> {
            List<String> wrong = new ArrayList<>(PlanChecks.outsideUnchanged(sandbox));
            wrong.addAll(PlanChecks.carveOutsUnchanged(sandbox));
            wrong.addAll(PlanChecks.deniedUnreadable(sandbox));
            return wrong;
        });
    }

    @Provide
    Arbitrary<Scenario> containers() {
        return ScenarioArbitraries.scenarios().filter(Scenario::isContained);
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
