package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.HashCode;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * P1 to P4 and P9 for every tree of a few objects, every policy over them, and every attack of up to three steps: for
 * this scope they are proved, not sampled.
 *
 * <p>Trees of two objects are searched in every build, those of four in the nightly run; {@code cordon.test.universe} is
 * its greatest number of objects, and {@code cordon.test.universe.share} (such as {@code 3/16}) the share of the cases
 * that this run takes, so that several machines can do it together.
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
    private static final ImmutableList<String> DESCRIPTORS = descriptors(ACES, LABELS);

    private final AttackSearch.Reached reached = new AttackSearch.Reached();
    private final AtomicLong cases = new AtomicLong();
    private final LongAdder starts = new LongAdder();
    private final LongAdder operations = new LongAdder();
    private final LongAdder checks = new LongAdder();

    @Test
    void everyAttackOnEveryTreeOfTwoObjectsIsWithstood() {
        run(2, DESCRIPTORS, 0, 1);

        assertThat(cases.get()).isGreaterThan(2000);
    }

    @Test
    @Tag("nightly")
    void everyAttackOnEveryTreeOfTheUniverseIsWithstood() {
        List<String> share =
                List.of(System.getProperty("cordon.test.universe.share", "0/1").split("/", 2));
        run(
                Integer.getInteger("cordon.test.universe", 4),
                DESCRIPTORS,
                Integer.parseInt(share.get(0)),
                Integer.parseInt(share.get(1)));
    }

    /** What {@link DescriptorClasses} claims: the plan is the same, and so is all that the child can do. */
    @Test
    void alikeDescriptorsArePlannedAndSearchedAlike() {
        int[] compared = new int[1];
        new SmallUniverse(2, DESCRIPTORS, true, each -> {
                    SandboxPolicy policy = each.policy();
                    WindowsPlan plan = opened(each.host(), policy, same -> same).plan;
                    WindowsPlan alike = opened(each.representative(), policy, same -> same).plan;
                    assertThat(plan).as(policy::toString).isEqualTo(alike);
                    if (compared[0]++ % 20 == 0) {
                        assertThat(attacked(each.host(), policy))
                                .as(policy::toString)
                                .isEqualTo(attacked(each.representative(), policy));
                    }
                })
                .walk();

        assertThat(compared[0]).isGreaterThan(3000);
    }

    /**
     * What {@link AttackState} claims: from states that are the same to the child, an attack on a spoiled plan succeeds
     * from all or from none.
     */
    @ParameterizedTest
    @ValueSource(strings = {"without fences but those of the roots", "without labels on what is protected"})
    void whatIsTheSameToTheChildIsBreachedAlike(String mistake) {
        Map<HashCode, Boolean> verdicts = new HashMap<>();
        AttackState.Numbers numbers = new AttackState.Numbers();
        int[] compared = new int[1];
        ImmutableList<String> few = descriptors(List.of(ACES.get(0), ACES.get(2), ACES.get(5)), LABELS);
        new SmallUniverse(2, few, true, each -> {
                    Opened sandbox = opened(each.host(), each.policy(), plan -> spoiled(plan, mistake));
                    AttackSearch attacks = new AttackSearch(2, new AttackSearch.Reached());
                    HashCode start = AttackSearch.start(sandbox, numbers);
                    boolean breached = isBreached(attacks, sandbox);
                    Boolean before = verdicts.putIfAbsent(start, breached);
                    assertThat(before == null || before == breached)
                            .as(() -> sandbox.told("breached: " + breached))
                            .isTrue();
                    compared[0]++;
                })
                .walk();

        assertThat(verdicts.size()).isLessThan(compared[0] / 4);
        assertThat(verdicts).containsValues(true, false);
    }

    private static WindowsPlan spoiled(WindowsPlan plan, String mistake) {
        return mistake.startsWith("without fences")
                ? plan.replacingFences(
                        plan.fences().stream().filter(plan.writable()::contains).toList())
                : plan.replacingEdits(plan.edits().stream()
                        .filter(edit -> !(edit instanceof Edit.SetLabel label)
                                || plan.writable().contains(label.path()))
                        .toList());
    }

    private static boolean isBreached(AttackSearch attacks, Opened sandbox) {
        try {
            attacks.search(sandbox);
            return false;
        } catch (AssertionError e) {
            return true;
        }
    }

    private static ImmutableList<Long> attacked(VirtualHost host, SandboxPolicy policy) {
        AttackSearch attacks = new AttackSearch(2, new AttackSearch.Reached());
        attacks.search(opened(host, policy, plan -> plan));
        return ImmutableList.of(attacks.operations(), attacks.checks());
    }

    /** Every thread walks through all cases and takes each so-many-th. */
    private void run(int most, ImmutableList<String> descriptors, int share, int shares) {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<CompletableFuture<Void>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int part = share + i * shares;
                parts.add(CompletableFuture.runAsync(() -> take(most, descriptors, part, shares * threads), pool));
            }
            parts.forEach(CompletableFuture::join);
        } finally {
            pool.shutdownNow();
        }
        System.out.println("small universe: up to " + most + " objects, " + ACES.size() + " entries, " + LABELS.size()
                + " labels, share " + share + "/" + shares + ": " + cases + " trees with policies, all planned, "
                + starts
                + " different to the child and attacked with up to " + STEPS + " steps, " + operations
                + " operations tried, " + checks + " states checked");
    }

    private void take(int most, ImmutableList<String> descriptors, int part, int parts) {
        AttackSearch attacks = new AttackSearch(STEPS, reached);
        long[] number = new long[1];
        for (int objects = 1; objects <= most; objects++) {
            new SmallUniverse(objects, descriptors, false, each -> {
                        if (number[0]++ % parts == part
                                && !Thread.currentThread().isInterrupted()) {
                            visit(opened(each.host(), each.policy(), plan -> plan), attacks);
                        }
                    })
                    .walk();
        }
        starts.add(attacks.starts());
        operations.add(attacks.operations());
        checks.add(attacks.checks());
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

    private static Opened opened(VirtualHost host, SandboxPolicy policy, UnaryOperator<WindowsPlan> spoil) {
        HostFacts facts = host.facts(policy, PlanOptions.DEFAULT);
        return Opened.of(
                host,
                policy,
                facts,
                spoil.apply(WindowsPlanner.plan(policy, facts).orThrow()));
    }

    private void visit(Opened sandbox, AttackSearch attacks) {
        assertThat(PlanChecks.insideWritable(sandbox))
                .as(() -> sandbox.told("P2"))
                .isEmpty();
        assertThat(PlanChecks.readableAsPlanned(sandbox))
                .as(() -> sandbox.told("P4"))
                .isEmpty();
        assertThat(PlanChecks.userKeepsAccess(sandbox, sandbox.volume))
                .as(() -> sandbox.told("P9"))
                .isEmpty();
        attacks.search(sandbox);
        sandbox.applied.undo();
        assertThat(isAsBefore(sandbox))
                .as(() -> sandbox.told("P6, and with it P9 afterwards"))
                .isTrue();
        long done = cases.incrementAndGet();
        if (done % 1_000_000 == 0) {
            System.out.println("small universe: " + done + " trees with policies so far");
        }
    }

    private static boolean isAsBefore(Opened sandbox) {
        if (!sandbox.before.paths().equals(sandbox.volume.paths())) {
            return false;
        }
        boolean[] same = {true};
        sandbox.before.walk((path, object) -> same[0] &=
                object.descriptor().equals(sandbox.volume.object(object.id()).descriptor()));
        return same[0];
    }
}
