package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How often the detection of denials is right on outputs of real tools in a sandbox. The rules were made while looking at
 * the commands with even numbers; the figures that count are those of the others. See {@code docs/denials.md}.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the policies have the paths of Unix")
class DenialCorpusTest {
    private static final ImmutableList<String> SYSTEMS = ImmutableList.of("linux", "wine");
    private static final List<DenialRecord> CORPUS = new ArrayList<>();

    @BeforeAll
    static void read() throws Exception {
        CORPUS.clear();
        for (String system : SYSTEMS) {
            CORPUS.addAll(DenialRecord.corpus(system));
        }
    }

    /** Right and wrong answers on some records. */
    private record Score(int truePositives, int falsePositives, int falseNegatives, int trueNegatives) {
        static Score of(Predicate<DenialRecord> which, Predicate<DenialRecord> found) {
            int[] counts = new int[4];
            CORPUS.stream().filter(which).forEach(record -> {
                boolean said = found.test(record);
                counts[said ? (record.denied() ? 0 : 1) : (record.denied() ? 2 : 3)]++;
            });
            return new Score(counts[0], counts[1], counts[2], counts[3]);
        }

        double precision() {
            return (double) truePositives / (truePositives + falsePositives);
        }

        double recall() {
            return (double) truePositives / (truePositives + falseNegatives);
        }

        String row(String name) {
            return String.format(
                    Locale.ROOT,
                    "%-34s %7d %6d %6d %6d %6d   %.3f  %.3f",
                    name,
                    truePositives + falsePositives + falseNegatives + trueNegatives,
                    truePositives,
                    falsePositives,
                    falseNegatives,
                    trueNegatives,
                    precision(),
                    recall());
        }
    }

    private static boolean withPolicy(DenialRecord record) {
        return record.result().denial(record.policy()).isPresent();
    }

    private static boolean withoutPolicy(DenialRecord record) {
        return record.result().likelyDenied();
    }

    private static boolean tuned(DenialRecord record) {
        return record.number() % 2 == 0;
    }

    @Test
    void theTable() {
        List<String> rows = new ArrayList<>();
        rows.add(String.format(
                "%-34s %7s %6s %6s %6s %6s   %s  %s",
                "", "records", "hit", "false", "missed", "silent", "prec.", "recall"));
        for (String system : SYSTEMS) {
            Predicate<DenialRecord> of = record -> record.system().equals(system);
            Predicate<DenialRecord> held = of.and(record -> !tuned(record));
            rows.add(Score.of(of.and(DenialCorpusTest::tuned), DenialCorpusTest::withPolicy)
                    .row(system + ", tuned on, with policy"));
            rows.add(Score.of(held, DenialCorpusTest::withPolicy).row(system + ", held out, with policy"));
            rows.add(Score.of(of.and(DenialCorpusTest::tuned), DenialCorpusTest::withoutPolicy)
                    .row(system + ", tuned on, without"));
            rows.add(Score.of(held, DenialCorpusTest::withoutPolicy).row(system + ", held out, without"));
        }
        System.out.println(String.join("\n", rows));
        misses().forEach(System.out::println);

        assertThat(CORPUS).hasSizeGreaterThan(200);
        assertThat(CORPUS.stream().filter(DenialRecord::denied).count() / (double) CORPUS.size())
                .isBetween(0.4, 0.6);
        assertThat(CORPUS.stream()
                                .filter(record -> !record.language().equals("C.UTF-8"))
                                .count()
                        / (double) CORPUS.size())
                .isGreaterThan(0.25);
    }

    /** Those of the half that may be looked at. */
    private static List<String> misses() {
        return CORPUS.stream()
                .filter(DenialCorpusTest::tuned)
                .filter(record -> withPolicy(record) != record.denied())
                .map(record -> "wrong: " + record.system() + " " + record.number() + " " + record.language() + " "
                        + record.command() + "  -> " + record.result().denial(record.policy()))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux", "wine"})
    void whatWasNotLookedAtIsJudgedAsWell(String system) {
        Score score =
                Score.of(record -> record.system().equals(system) && !tuned(record), DenialCorpusTest::withPolicy);

        assertThat(score.precision()).as("%s", score).isGreaterThanOrEqualTo(0.97);
        assertThat(score.recall()).as("%s", score).isGreaterThanOrEqualTo(0.9);
    }

    @ParameterizedTest
    @ValueSource(strings = {"linux", "wine"})
    void withoutThePolicyLessIsFound(String system) {
        Score score =
                Score.of(record -> record.system().equals(system) && !tuned(record), DenialCorpusTest::withoutPolicy);

        assertThat(score.precision()).as("%s", score).isGreaterThanOrEqualTo(0.9);
        assertThat(score.recall()).as("%s", score).isGreaterThanOrEqualTo(0.8);
    }

    @Test
    void theCapabilityIsNotThatOfAnotherThing() {
        assertThat(CORPUS.stream()
                        .filter(record -> record.denied() && record.system().equals("linux"))
                        .filter(DenialCorpusTest::withPolicy))
                .allSatisfy(record -> assertThat(record.result()
                                .denial(record.policy())
                                .orElseThrow()
                                .capability())
                        .as("%s", record)
                        .contains(record.aboutNetwork() ? Capability.NETWORK : Capability.FILE_WRITE));
    }

    @Test
    void noMachineIsInTheCorpus() {
        assertThat(CORPUS)
                .allSatisfy(record -> assertThat(record.format())
                        .doesNotContain("/work/")
                        .doesNotContain("/root/")
                        .doesNotContain(Path.of("").toAbsolutePath().toString()));
    }
}
