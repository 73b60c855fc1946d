package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * P1 to P4 and P9 for every tree of a few objects, every policy over them, and every attack of up to three steps: for
 * this scope they are proved, not sampled.
 *
 * <p>A slice runs in every build. The nightly run takes the whole alphabet; {@code cordon.test.universe} is its
 * greatest number of objects, and {@code cordon.test.universe.share} (such as {@code 3/16}) the share of the cases that
 * this run takes, so that several machines can do it together.
 */
final class SmallUniverseTest {
    private static final int STEPS = 3;
    private static final ImmutableList<String> ACES = ImmutableList.of(
            "(A;OICI;FA;;;USER)",
            "(A;OICI;0x1200a9;;;USER)",
            "(A;;FA;;;USER)",
            "(A;OICI;FA;;;WD)",
            "(A;OICI;0x1301bf;;;AU)",
            "(D;OICI;SD;;;USER)");
    private static final ImmutableList<String> LABELS =
            ImmutableList.of("", "S:(ML;OICI;NW;;;S-1-16-6144)", "S:(ML;;NWNR;;;ME)");

    private long cases;
    private long planned;

    @Test
    void everyAttackOnEveryTreeOfTheSliceIsWithstood() {
        run(2, ACES.subList(0, 2), LABELS.subList(0, 2), 0, 1);

        assertThat(planned).isGreaterThan(100);
    }

    @Test
    void whatIsTheSameToTheChildIsSearchedAlike() {
        AttackSearch attacks = new AttackSearch(2);
        List<String> aces = List.of(ACES.get(0), ACES.get(2), ACES.get(3), ACES.get(5));
        new SmallUniverse(
                        2,
                        descriptors(aces, LABELS),
                        (host, policy) -> opened(host.get(), policy.get()).ifPresent(sandbox -> {
                            assertThat(attacks.isAsSearchedBefore(sandbox))
                                    .as(() -> sandbox.told("searched alike"))
                                    .isTrue();
                            planned++;
                        }))
                .walk();

        assertThat(attacks.starts()).isLessThan(planned / 4);
    }

    @Test
    @Tag("nightly")
    void everyAttackOnEveryTreeOfTheUniverseIsWithstood() {
        List<String> share =
                List.of(System.getProperty("cordon.test.universe.share", "0/1").split("/", 2));
        run(
                Integer.getInteger("cordon.test.universe", 3),
                ACES,
                LABELS,
                Integer.parseInt(share.get(0)),
                Integer.parseInt(share.get(1)));
    }

    private void run(int most, List<String> aces, List<String> labels, int share, int shares) {
        AttackSearch attacks = new AttackSearch(STEPS);
        for (int objects = 1; objects <= most; objects++) {
            new SmallUniverse(objects, descriptors(aces, labels), (host, policy) -> {
                        if (cases++ % shares == share) {
                            opened(host.get(), policy.get()).ifPresent(sandbox -> visit(sandbox, attacks));
                        }
                    })
                    .walk();
        }
        System.out.println("small universe: up to " + most + " objects, " + aces.size() + " entries, " + labels.size()
                + " labels, share " + share + "/" + shares + " of " + cases + " trees with policies; " + planned
                + " planned, " + attacks.starts() + " different states attacked with up to " + STEPS + " steps, "
                + attacks.operations() + " operations tried, " + attacks.states() + " states checked");
    }

    private static ImmutableList<String> descriptors(List<String> aces, List<String> labels) {
        ImmutableList.Builder<String> descriptors = ImmutableList.builder();
        for (String ace : aces) {
            for (String label : labels) {
                descriptors.add("O:USERG:USERD:" + ace + label);
            }
        }
        return descriptors.build();
    }

    private static Optional<Opened> opened(VirtualHost host, SandboxPolicy policy) {
        return WindowsPlanner.plan(policy, host.facts(policy, PlanOptions.DEFAULT)) instanceof PlanResult.Planned plan
                ? Optional.of(Opened.of(host, policy, plan.plan()))
                : Optional.empty();
    }

    private void visit(Opened sandbox, AttackSearch attacks) {
        planned++;
        assertThat(PlanChecks.insideWritable(sandbox))
                .as(() -> sandbox.told("P2"))
                .isEmpty();
        assertThat(PlanChecks.deniedUnreadable(sandbox))
                .as(() -> sandbox.told("P4"))
                .isEmpty();
        assertThat(PlanChecks.userKeepsAccess(sandbox, sandbox.volume))
                .as(() -> sandbox.told("P9"))
                .isEmpty();
        attacks.search(sandbox);
        sandbox.applied.undo();
        assertThat(Opened.dump(sandbox.volume))
                .as(() -> sandbox.told("P6, and with it P9 afterwards"))
                .isEqualTo(Opened.dump(sandbox.before));
    }
}
