package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.testkit.windows.VolumeSwitches.Fences;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/**
 * What holds for every plan, over hostile trees, policies and attacks. Every try draws the switches of monitor and volume too, so that each property holds under all settings of every switch (P8).
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
        holds(scenario, true, PlanChecks::deniedUnreadable);
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
