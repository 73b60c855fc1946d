package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.windows.edit.Owners;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A JVM halts in the middle of opening or closing a sandbox; the next one undoes what is left. Which calls the first one
 * came to is known from a file that it writes. {@link EveryCallTest} has every step, without the JVM.
 */
@Timeout(240)
final class HaltedJvmTest {
    private static final int SAMPLES = 24;

    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = HomeDirectory.make();
    }

    @AfterEach
    void deleteHome() throws IOException {
        HomeDirectory.delete(home);
    }

    private int steps(boolean close) throws Exception {
        int[] count = new int[1];
        Path own = home.resolve("whole");
        EditorRig rig = new EditorRig(EveryEdit.host(!HaltingChild.RESTRICTED), own, Owners.SYSTEM, step -> count[0]++);
        EditorRig.Sandbox sandbox = rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(HaltingChild.RESTRICTED));
        sandbox.open();
        EveryEdit.use(sandbox.host, sandbox.plan());
        int opening = count[0];
        sandbox.close();
        HomeDirectory.delete(own);
        return close ? count[0] : opening;
    }

    @Test
    void aJvmThatHaltsLeavesWhatTheNextOneUndoes() throws Exception {
        // given
        int opening = steps(false);
        int all = steps(true);
        String before = EditorRig.image(EveryEdit.host(!HaltingChild.RESTRICTED).volume());
        String after = afterClosing();
        Set<Integer> samples = new TreeSet<>(Set.of(1, opening, opening + 1, all));
        for (int i = 0; i < SAMPLES; i++) {
            samples.add(1 + i * (all - 1) / SAMPLES);
        }

        for (int step : samples) {
            String what = "step " + step + " of " + all + ", of which " + opening + " open";
            Path own = home.resolve("step" + step);
            Path file = home.resolve("trail" + step);

            // when
            assertThat(HaltingChild.run(own, file, step)).as(what).isEqualTo(HaltingChild.HALTED);

            // then
            VirtualHost host = EveryEdit.host(!HaltingChild.RESTRICTED);
            new MutationTrail(file).repeat(host, () -> EveryEdit.use(host, plan()));
            EditorRig next = new EditorRig(host, own);
            assertThat(next.recover().left()).as(what).isEmpty();
            assertThat(EditorRig.image(host.volume()).lines())
                    .as(what)
                    .containsExactlyElementsOf(
                            (step > opening ? after : before).lines().toList());
            assertThat(next.journal()).as(what).isEmpty();
        }
        assertThat(HaltingChild.run(home.resolve("whole"), home.resolve("trail"), all + 1))
                .as("the control: without a halt")
                .isZero();
        assertThat(Files.size(home.resolve("trail"))).isPositive();
        System.out.println("a JVM halted at " + samples.size() + " of " + all + " steps of the journal");
    }

    private String afterClosing() throws Exception {
        EditorRig rig = new EditorRig(EveryEdit.host(!HaltingChild.RESTRICTED), home.resolve("closed"));
        EditorRig.Sandbox sandbox = rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(HaltingChild.RESTRICTED));
        sandbox.open();
        EveryEdit.use(sandbox.host, sandbox.plan());
        sandbox.close();
        return EditorRig.image(rig.host.volume());
    }

    private static WindowsPlan plan() {
        VirtualHost host = EveryEdit.host(!HaltingChild.RESTRICTED);
        return WindowsPlanner.plan(
                        EveryEdit.policy(),
                        host.facts(EveryEdit.policy(), EveryEdit.options(HaltingChild.RESTRICTED)),
                        EveryEdit.options(HaltingChild.RESTRICTED))
                .orThrow();
    }
}
