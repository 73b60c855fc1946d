package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scenarios of the planner's properties with real files on the enforcing Wine: planned, edited, attacked and closed by
 * the backend's own code, and compared with the model at every step. What it shows is shown on that Wine, not on Windows.
 *
 * <p>The system property {@code cordon.test.seed} takes other scenarios. The files are at the top of C:.
 */
@Tag("windows")
@Timeout(1500)
class EndToEndTest {
    private static final String SEED = "5";
    private static final int SCENARIOS = 210;
    private static final int MORE_STEPS = 60;
    private static final int SIZE = 1000;

    @TempDir
    Path temp;

    @Test
    void everySandboxDoesWhatTheModelSays() throws Throwable {
        String wine = System.getProperty("cordon.test.wine", "");
        assumeTrue(
                wine.equals("enforcing"),
                "the enforcing Wine is needed; stock Wine enforces nothing, and the top of "
                        + "C: is no place for files of tests on a real Windows");
        for (String top : RealTree.TOPS) {
            assertThat(VirtualVolume.toPath(top)).doesNotExist();
        }
        String property = System.getProperty("cordon.test.seed", "");
        long seed = Long.parseLong(property.isEmpty() ? SEED : property);
        EndToEndCounts counts = new EndToEndCounts();
        Path library = AttackingProcess.unpackLibrary(Files.createDirectory(temp.resolve("library")));
        EndToEndRun run = new EndToEndRun(
                NativeCalls.windows(), new EditRegister(temp.resolve("home")), library, temp.resolve("done"), counts);
        try {
            JqwikSession.run(() -> {
                RandomGenerator<Scenario> scenarios =
                        ScenarioArbitraries.scenarios().generator(SIZE, true);
                RandomGenerator<List<Scenario.Step>> steps =
                        ScenarioArbitraries.steps().list().ofSize(MORE_STEPS).generator(SIZE, true);
                for (int number = 0; number < SCENARIOS; number++) {
                    Random random = new Random(seed + number);
                    Scenario scenario = scenarios.next(random).value();
                    run.run(scenario, steps.next(random).value(), "cordon.test.seed=" + seed + ", scenario " + number);
                    JqwikSession.finishTry();
                }
            });
        } finally {
            System.out.println("[cordon] End to end, cordon.test.seed=" + seed + ":\n" + counts);
        }
        assertThat(counts.of("scenarios: opened")).isGreaterThan(SCENARIOS * 3 / 4);
        assertThat(counts.of("scenarios: attacked by a confined process")).isGreaterThanOrEqualTo(20);
        assertThat(counts.of("operations: done")).isGreaterThan(2 * SCENARIOS);
        assertThat(counts.of("operations: denied")).isGreaterThan(2 * SCENARIOS);
    }
}
