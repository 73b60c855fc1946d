package io.cordon.sandbox;

import static io.cordon.sandbox.TestPaths.absolute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class EnforcementReportTest {
    private static final SandboxPolicy POLICY = SandboxPolicy.workspaceWrite(absolute("work"));

    @Test
    void aRequestedCapabilityWithoutAnAnswerIsNotEnforced() {
        EnforcementReport report = EnforcementReport.of(POLICY, List.of());

        assertThat(report.get(Capability.NETWORK))
                .isEqualTo(Enforcement.none(
                        Capability.NETWORK,
                        "the backend says nothing about it",
                        "use a backend that enforces NETWORK"));
    }

    @Test
    void thatARequestedCapabilityIsNotRequestedIsNoAnswer() {
        EnforcementReport report =
                EnforcementReport.of(POLICY, List.of(Enforcement.notRequested(Capability.FILE_WRITE)));

        assertThat(report.level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.NONE);
    }

    @Test
    void aCapabilityThatIsNotRequestedIsSaidToBeSoWhateverTheAnswer() {
        EnforcementReport report = EnforcementReport.of(
                POLICY, List.of(Enforcement.full(Capability.CPU, "cgroup"), none(Capability.MEMORY)));

        assertThat(report.level(Capability.CPU)).isEqualTo(EnforcementLevel.NOT_REQUESTED);
        assertThat(report.level(Capability.MEMORY)).isEqualTo(EnforcementLevel.NOT_REQUESTED);
    }

    @Test
    void everyCapabilityHasOneEntryInTheOrderOfTheEnum() {
        assertThat(EnforcementReport.of(POLICY, List.of()).entries())
                .extracting(Enforcement::capability)
                .containsExactly(Capability.values());
    }

    @Test
    void aCapabilityThatIsAnsweredTwiceIsRefused() {
        Enforcement full = Enforcement.full(Capability.NETWORK, "a");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EnforcementReport.of(POLICY, List.of(full, none(Capability.NETWORK))));
    }

    @Test
    void unmetIsWhatIsRequestedIncompleteAndNotAccepted() {
        EnforcementReport report = withGaps();
        SandboxPolicy.Builder policy = POLICY.toBuilder();

        assertThat(report.unmet(policy.build()))
                .extracting(Enforcement::capability)
                .containsExactly(Capability.NETWORK, Capability.PROCESS_TREE);
        assertThat(report.unmet(policy.bestEffort(Capability.NETWORK).build()))
                .extracting(Enforcement::capability)
                .containsExactly(Capability.PROCESS_TREE);
        assertThat(report.unmet(policy.bestEffort(Capability.PROCESS_TREE).build()))
                .isEmpty();
    }

    @Test
    void acceptPartialAcceptsGapsButNotNone() {
        EnforcementReport report = withGaps();
        SandboxPolicy policy = POLICY.toBuilder()
                .acceptPartial(Capability.NETWORK, Capability.PROCESS_TREE)
                .build();

        assertThat(report.unmet(policy)).extracting(Enforcement::capability).containsExactly(Capability.NETWORK);
    }

    @Test
    void theTextIsAnAlignedTableWithTheGapsBelowTheirLines() {
        EnforcementReport report = EnforcementReport.of(
                POLICY,
                List.of(
                        Enforcement.full(Capability.FILE_WRITE, "Landlock ABI 4")
                                .attested("a write was denied"),
                        Enforcement.partial(
                                Capability.PROCESS_TREE, "process groups", "a daemon escapes", "do not accept"),
                        none(Capability.NETWORK),
                        Enforcement.full(Capability.ENVIRONMENT, "execve")));

        assertThat(report).hasToString("""
                        FILE_WRITE            FULL           ATTESTED  Landlock ABI 4; a write was denied
                        FILE_WRITE_CARVE_OUT  NOT_REQUESTED
                        FILE_READ_DENY        NOT_REQUESTED
                        FILE_READ_LIMIT       NOT_REQUESTED
                        NETWORK               NONE
                                              gap: a test wants this
                        PROCESS_TREE          PARTIAL        DERIVED   process groups
                                              gap: a daemon escapes
                        MEMORY                NOT_REQUESTED
                        PROCESS_COUNT         NOT_REQUESTED
                        CPU                   NOT_REQUESTED
                        UI                    NOT_REQUESTED
                        ENVIRONMENT           FULL           DERIVED   execve
                        """);
    }

    @Test
    void theJsonHasEveryCapabilityInOrderAndAnyText() {
        EnforcementReport report = EnforcementReport.of(
                POLICY, List.of(Enforcement.partial(Capability.FILE_WRITE, "\"C:\\x\"", "a\nb\u0001é", "do\tit")));

        assertThat(report.toJson())
                .startsWith("[{\"capability\":\"FILE_WRITE\",\"level\":\"PARTIAL\",\"evidence\":\"DERIVED\","
                        + "\"mechanism\":\"\\\"C:\\\\x\\\"\",\"reason\":\"a\\u000ab\\u0001é\",\"remedy\":\"do\\u0009it\"},"
                        + "{\"capability\":\"FILE_WRITE_CARVE_OUT\",\"level\":\"NOT_REQUESTED\"")
                .endsWith("}]");
        assertThat(report.toJson().split("\"capability\"", -1)).hasSize(Capability.values().length + 1);
    }

    /** One gap, one thing that is not enforced, and one that is not even asked for. */
    private static EnforcementReport withGaps() {
        return EnforcementReport.of(
                POLICY,
                List.of(
                        Enforcement.full(Capability.FILE_WRITE, "landlock"),
                        Enforcement.partial(Capability.PROCESS_TREE, "groups", "daemons escape", "wait"),
                        none(Capability.NETWORK),
                        Enforcement.full(Capability.ENVIRONMENT, "execve"),
                        none(Capability.CPU)));
    }

    private static Enforcement none(Capability capability) {
        return Enforcement.none(capability, "a test wants this", "ask the test");
    }
}
