package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.testkit.windows.Scenario.Kind;
import io.cordon.sandbox.testkit.windows.Scenario.Node;
import io.cordon.sandbox.testkit.windows.Scenario.Step;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Generators of hostile trees, policies and attacks. */
final class ScenarioArbitraries {
    private ScenarioArbitraries() {}

    /** Descriptors as they are met, and as somebody who wants to break the mapping would set them. */
    static Arbitrary<String> descriptors() {
        Arbitrary<String> owners = Arbitraries.frequency(
                Tuple.of(6, "USER"), Tuple.of(1, "SY"), Tuple.of(1, "BA"), Tuple.of(1, "S-1-5-21-1-2-3-1001"));
        Arbitrary<String> dacls = Arbitraries.frequency(
                Tuple.of(8, "D:AI(A;OICIID;FA;;;USER)(A;OICIID;FA;;;SY)"),
                Tuple.of(4, "D:" + Scenario.FULL),
                Tuple.of(2, "D:P" + Scenario.FULL),
                Tuple.of(2, "D:(A;OICI;0x1301bf;;;AU)(A;OICI;FA;;;BA)"),
                Tuple.of(1, "D:P(A;;FA;;;USER)"),
                Tuple.of(1, "D:(A;OICI;FA;;;WD)"),
                Tuple.of(1, "D:(A;OICI;FR;;;WD)"),
                Tuple.of(1, "D:(D;OICI;SD;;;USER)" + Scenario.FULL),
                Tuple.of(1, "D:(D;;0x2;;;WD)" + Scenario.FULL),
                Tuple.of(1, "D:" + Scenario.FULL + "(D;OICI;FA;;;WD)"),
                Tuple.of(1, "D:(A;OICI;0x1200a9;;;USER)(A;;FA;;;USER)"),
                Tuple.of(1, "D:(A;OICI;FA;;;CO)(A;;FA;;;USER)"),
                Tuple.of(1, "D:(A;;RC;;;OW)(A;OICI;FA;;;USER)"),
                Tuple.of(1, "D:(A;OICI;RCWD;;;OW)(A;OICI;0x1200a9;;;BU)"),
                Tuple.of(1, "D:NO_ACCESS_CONTROL"),
                Tuple.of(1, "D:" + Scenario.FULL + "(A;OICI;0x1200a9;;;AC)"),
                Tuple.of(1, "D:" + Scenario.FULL + "(A;OICI;FA;;;S-1-15-2-2)"),
                Tuple.of(1, "D:"),
                Tuple.of(1, ""));
        Arbitrary<String> labels = Arbitraries.frequency(
                Tuple.of(24, ""),
                Tuple.of(1, "S:(ML;OICI;NW;;;LW)"),
                Tuple.of(1, "S:(ML;;NW;;;S-1-16-6144)"),
                Tuple.of(1, "S:(ML;OICI;NW;;;S-1-16-0)"),
                Tuple.of(1, "S:(ML;OICI;NW;;;ME)"),
                Tuple.of(1, "S:(ML;;NR;;;ME)"),
                Tuple.of(1, "S:(ML;;NWNR;;;ME)"),
                Tuple.of(1, "S:(ML;OICIIO;NW;;;LW)"),
                Tuple.of(1, "S:(ML;;NWNRNX;;;HI)"),
                Tuple.of(1, "S:AI(ML;OICIID;NW;;;LW)"));
        return Combinators.combine(owners, dacls, labels)
                .as((owner, dacl, label) -> "O:" + owner + "G:" + owner + dacl + label);
    }

    static Arbitrary<Node> nodes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 11),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.frequency(
                                Tuple.of(6, Kind.DIRECTORY),
                                Tuple.of(6, Kind.FILE),
                                Tuple.of(1, Kind.HARD_LINK),
                                Tuple.of(1, Kind.JUNCTION)),
                        Arbitraries.integers().between(0, 11),
                        descriptors())
                .as(Node::new);
    }

    static Arbitrary<Step> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 17),
                        Arbitraries.integers().between(0, 60),
                        Arbitraries.integers().between(0, 120),
                        Arbitraries.integers().between(0, 20))
                .as(Step::new);
    }

    static Arbitrary<PlanOptions> options() {
        return Combinators.combine(
                        Arbitraries.of(IntegrityLevel.MEDIUM_LOW, IntegrityLevel.LOW),
                        Arbitraries.of(true, false),
                        Arbitraries.of(PlanOptions.HardLinks.REFUSE, PlanOptions.HardLinks.SKIP),
                        Arbitraries.frequencyOf(
                                Tuple.of(7, Arbitraries.just(PlanOptions.ExposedPlaces.SHIELD)),
                                Tuple.of(1, Arbitraries.just(PlanOptions.ExposedPlaces.REFUSE))),
                        Arbitraries.of(true, false),
                        Arbitraries.just(Lifetime.SESSION), // plans do not depend on it
                        Arbitraries.of(true, false, false))
                .as(PlanOptions::new);
    }

    static Arbitrary<Scenario> scenarios() {
        return Combinators.combine(
                        nodes().list().ofMaxSize(9).map(ImmutableList::copyOf),
                        Arbitraries.integers()
                                .between(0, 11)
                                .list()
                                .ofMaxSize(2)
                                .map(ImmutableList::copyOf),
                        Arbitraries.integers()
                                .between(0, 15)
                                .list()
                                .ofMaxSize(1)
                                .map(ImmutableList::copyOf),
                        Arbitraries.integers().between(0, 127),
                        options(),
                        steps().list().ofMinSize(1).ofMaxSize(30).map(ImmutableList::copyOf),
                        Arbitraries.of(MonitorSwitches.all()),
                        Arbitraries.of(VolumeSwitches.all()))
                .as((nodes, denyWrite, denyRead, shape, options, steps, monitor, volume) -> new Scenario(
                        nodes,
                        denyWrite,
                        denyRead,
                        shape % 2 == 1,
                        shape % 8 >= 6,
                        shape % 8 == 4 || shape % 8 == 5 ? ImmutableList.of(shape / 8) : ImmutableList.of(),
                        options,
                        steps,
                        monitor,
                        volume));
    }
}
