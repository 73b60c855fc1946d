package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ConfinementReportTest {
    private static final SandboxPolicy POLICY = SandboxPolicy.builder()
            .writeNothing()
            .denyUi()
            .limits(limits -> limits.processes(3).memory(1 << 20).cpuPercent(50))
            .build();
    private static final JobLimits LIMITS = JobLimits.of(OptionalInt.of(3), OptionalLong.of(1 << 20));
    private static final ImmutableList<String> GAP = ImmutableList.of("a gap");
    private static final ImmutableList<String> NO_GAP = ImmutableList.of();

    private static EnforcementReport report(Findings findings) {
        return ConfinementReport.of(POLICY, LIMITS, findings, PlanFindings.NONE);
    }

    private static Findings findings(
            ImmutableList<String> notConfined,
            ImmutableList<String> writable,
            ImmutableList<String> treeNotKept,
            ImmutableList<String> processesReachable,
            JobLimits limits,
            boolean ignoresLimits) {
        return new Findings(
                notConfined,
                writable,
                NO_GAP,
                NO_GAP,
                treeNotKept,
                processesReachable,
                limits,
                ignoresLimits,
                Optional.empty(),
                false,
                false);
    }

    private static Findings cpu(Optional<String> refused, boolean emulated) {
        return new Findings(NO_GAP, NO_GAP, NO_GAP, NO_GAP, NO_GAP, NO_GAP, LIMITS, false, refused, emulated, false);
    }

    @Test
    void anOpenNetworkThatIsAcceptedIsNoneAndSaysWhatSlowsIt() {
        SandboxPolicy accepts = POLICY.toBuilder()
                .network(NetworkAccess.NONE)
                .bestEffort(Capability.NETWORK)
                .build();
        Findings slowed = Findings.withoutGap(LIMITS, Optional.empty(), Optional.empty());
        Findings refused = new Findings(
                NO_GAP,
                NO_GAP,
                NO_GAP,
                NO_GAP,
                NO_GAP,
                NO_GAP,
                LIMITS,
                false,
                Optional.empty(),
                Optional.of("the job takes no rate"),
                false,
                false,
                Optional.empty(),
                Optional.empty());

        assertThat(ConfinementReport.of(accepts, LIMITS, slowed, PlanFindings.NONE)
                        .get(Capability.NETWORK))
                .satisfies(entry -> {
                    assertThat(entry.level()).isEqualTo(EnforcementLevel.NONE);
                    assertThat(entry.reason())
                            .contains("send 1 byte a second", "was not measured", "a proxy that does");
                });
        assertThat(ConfinementReport.of(accepts, LIMITS, refused, PlanFindings.NONE)
                        .get(Capability.NETWORK)
                        .reason())
                .contains("without a limit of what is sent (the job takes no rate)");
        assertThat(report(slowed).get(Capability.NETWORK).reason()).doesNotContain("byte a second");
    }

    @Test
    void aCapOfProcessorTimeIsNeverFullBecauseItWasNotMeasured() {
        assertThat(report(cpu(Optional.empty(), false)).level(Capability.CPU)).isEqualTo(EnforcementLevel.PARTIAL);
        assertThat(report(cpu(Optional.empty(), true)).level(Capability.CPU)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report(cpu(Optional.of("refused"), false))
                        .get(Capability.CPU)
                        .reason())
                .isEqualTo("refused");
    }

    @Test
    void withoutAGapEverythingIsFullButWhatALevelCannotDo() {
        EnforcementReport report = report(Findings.withoutGap(LIMITS, Optional.empty(), Optional.empty()));
        assertThat(report.level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.PROCESS_TREE)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.MEMORY)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.PROCESS_COUNT)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.ENVIRONMENT)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.NETWORK)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.CPU)).isEqualTo(EnforcementLevel.PARTIAL);
        assertThat(report.level(Capability.UI)).isEqualTo(EnforcementLevel.NONE);
    }

    @Test
    void onlyWhatWasTriedIsAttested() {
        Findings noGap = Findings.withoutGap(LIMITS, Optional.empty(), Optional.empty());
        EnforcementReport tried = report(noGap);
        assertThat(tried.get(Capability.FILE_WRITE).evidence()).isEqualTo(Evidence.ATTESTED);
        assertThat(tried.get(Capability.PROCESS_TREE).evidence()).isEqualTo(Evidence.ATTESTED);
        assertThat(tried.get(Capability.PROCESS_COUNT).evidence()).isEqualTo(Evidence.ATTESTED);
        assertThat(tried.get(Capability.MEMORY).evidence()).isEqualTo(Evidence.DERIVED);
        assertThat(tried.get(Capability.NETWORK).evidence()).isEqualTo(Evidence.UNPROVED);

        EnforcementReport planned = ConfinementReport.derived(POLICY, LIMITS, noGap, PlanFindings.NONE);
        assertThat(planned.entries()).extracting(Enforcement::evidence).doesNotContain(Evidence.ATTESTED);
        assertThat(planned.level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.FULL);
    }

    @Test
    void aTokenThatHoldsNothingBackIsNoneAndAnOpenPlaceIsPartial() {
        assertThat(report(findings(GAP, NO_GAP, NO_GAP, NO_GAP, LIMITS, false)).get(Capability.FILE_WRITE))
                .satisfies(entry -> {
                    assertThat(entry.level()).isEqualTo(EnforcementLevel.NONE);
                    assertThat(entry.reason()).isEqualTo("a gap");
                });
        assertThat(report(findings(NO_GAP, GAP, NO_GAP, NO_GAP, LIMITS, false)).level(Capability.FILE_WRITE))
                .isEqualTo(EnforcementLevel.PARTIAL);
    }

    @Test
    void aJobThatKeepsNothingIsNoneAndAReachableProcessIsPartial() {
        assertThat(report(findings(NO_GAP, NO_GAP, GAP, GAP, LIMITS, false)).level(Capability.PROCESS_TREE))
                .isEqualTo(EnforcementLevel.NONE);
        assertThat(report(findings(NO_GAP, NO_GAP, NO_GAP, GAP, LIMITS, false)).level(Capability.PROCESS_TREE))
                .isEqualTo(EnforcementLevel.PARTIAL);
    }

    @Test
    void aLimitThatReadsBackDifferentlyOrIsIgnoredIsNone() {
        JobLimits other = JobLimits.of(OptionalInt.of(4), OptionalLong.of(1 << 20));
        EnforcementReport report = report(findings(NO_GAP, NO_GAP, NO_GAP, NO_GAP, other, false));
        assertThat(report.level(Capability.PROCESS_COUNT)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.MEMORY)).isEqualTo(EnforcementLevel.FULL);

        report = report(findings(NO_GAP, NO_GAP, NO_GAP, NO_GAP, LIMITS, true));
        assertThat(report.level(Capability.PROCESS_COUNT)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.MEMORY)).isEqualTo(EnforcementLevel.NONE);
    }

    private static EnforcementReport contained(
            ImmutableList<String> notContained, Optional<String> networkOpen, boolean emulated) {
        Findings plain = Findings.withoutGap(
                LIMITS, Optional.of(new ContainerShape(Sid.of(15, 2, 1, 2, 3, 4, 5, 6, 7), false)), Optional.empty());
        ContainerFindings container = new ContainerFindings(
                plain.container().orElseThrow().container(), notContained, networkOpen, "refused");
        return ConfinementReport.of(
                POLICY.toBuilder()
                        .network(NetworkAccess.NONE)
                        .allowRead(Path.of("tools").toAbsolutePath())
                        .build(),
                LIMITS,
                new Findings(
                        notContained,
                        plain.writable(),
                        plain.changeable(),
                        plain.readable(),
                        plain.treeNotKept(),
                        plain.processesReachable(),
                        plain.limits(),
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        emulated,
                        false,
                        Optional.of(container),
                        Optional.empty()),
                PlanFindings.NONE);
    }

    @Test
    void theNetworkIsClaimedOnlyWhereAConnectionWasRefused() {
        EnforcementReport shown = contained(NO_GAP, Optional.empty(), false);
        assertThat(shown.level(Capability.NETWORK)).isEqualTo(EnforcementLevel.FULL);
        assertThat(shown.get(Capability.NETWORK).mechanism()).contains("refused (refused)");
        assertThat(shown.level(Capability.FILE_READ_LIMIT)).isEqualTo(EnforcementLevel.FULL);
        assertThat(contained(NO_GAP, Optional.empty(), true).level(Capability.NETWORK))
                .isEqualTo(EnforcementLevel.PARTIAL);
        assertThat(contained(NO_GAP, Optional.of("it connected"), false).level(Capability.NETWORK))
                .isEqualTo(EnforcementLevel.NONE);
    }

    @Test
    void anAccountNeverClosesAllOfTheNetworkAndNothingOfItWhereAConnectionWasMade() {
        Findings refused = Findings.withoutGap(
                LIMITS, Optional.empty(), Optional.of(new AccountFindings("CordonOff-1", Optional.empty())));
        assertThat(report(refused).get(Capability.NETWORK)).satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(EnforcementLevel.PARTIAL);
            assertThat(entry.mechanism()).contains("CordonOff-1", "token and refused");
            assertThat(entry.reason()).contains("DNS Client");
        });
        assertThat(report(refused).get(Capability.UI).reason()).contains("cannot be nested");

        Findings reached = Findings.withoutGap(
                LIMITS, Optional.empty(), Optional.of(new AccountFindings("CordonOff-1", Optional.of("it connected"))));
        assertThat(report(reached).get(Capability.NETWORK)).satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(EnforcementLevel.NONE);
            assertThat(entry.reason()).isEqualTo("it connected");
            assertThat(entry.remedy()).contains("provision the account again");
        });
    }

    @Test
    void whoIsNotInTheContainerIsNotConfined() {
        EnforcementReport report = contained(GAP, Optional.empty(), false);
        assertThat(report.level(Capability.NETWORK)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.FILE_READ_LIMIT)).isEqualTo(EnforcementLevel.NONE);
    }
}
