package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LowIntegrityReportTest {
    private static final SandboxPolicy POLICY = SandboxPolicy.builder()
            .writeNothing()
            .limits(limits -> limits.processes(3).memory(1 << 20).cpuPercent(50))
            .build();
    private static final JobLimits LIMITS = JobLimits.of(OptionalInt.of(3), OptionalLong.of(1 << 20));
    private static final ImmutableList<String> GAP = ImmutableList.of("a gap");
    private static final ImmutableList<String> NO_GAP = ImmutableList.of();

    private static EnforcementReport report(Findings findings) {
        return LowIntegrityReport.of(POLICY, LIMITS, findings);
    }

    @Test
    void withoutAGapEverythingIsFullButWhatALevelCannotDo() {
        EnforcementReport report = report(Findings.withoutGap(LIMITS));
        assertThat(report.level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.PROCESS_TREE)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.MEMORY)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.PROCESS_COUNT)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.ENVIRONMENT)).isEqualTo(EnforcementLevel.FULL);
        assertThat(report.level(Capability.NETWORK)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.CPU)).isEqualTo(EnforcementLevel.NONE);
    }

    @Test
    void aTokenThatHoldsNothingBackIsNoneAndAnOpenPlaceIsPartial() {
        assertThat(report(new Findings(GAP, NO_GAP, NO_GAP, NO_GAP, LIMITS, false))
                        .get(Capability.FILE_WRITE))
                .satisfies(entry -> {
                    assertThat(entry.level()).isEqualTo(EnforcementLevel.NONE);
                    assertThat(entry.reason()).isEqualTo("a gap");
                });
        assertThat(report(new Findings(NO_GAP, GAP, NO_GAP, NO_GAP, LIMITS, false))
                        .level(Capability.FILE_WRITE))
                .isEqualTo(EnforcementLevel.PARTIAL);
    }

    @Test
    void aJobThatKeepsNothingIsNoneAndAReachableProcessIsPartial() {
        assertThat(report(new Findings(NO_GAP, NO_GAP, GAP, GAP, LIMITS, false)).level(Capability.PROCESS_TREE))
                .isEqualTo(EnforcementLevel.NONE);
        assertThat(report(new Findings(NO_GAP, NO_GAP, NO_GAP, GAP, LIMITS, false))
                        .level(Capability.PROCESS_TREE))
                .isEqualTo(EnforcementLevel.PARTIAL);
    }

    @Test
    void aLimitThatReadsBackDifferentlyOrIsIgnoredIsNone() {
        JobLimits other = JobLimits.of(OptionalInt.of(4), OptionalLong.of(1 << 20));
        EnforcementReport report = report(new Findings(NO_GAP, NO_GAP, NO_GAP, NO_GAP, other, false));
        assertThat(report.level(Capability.PROCESS_COUNT)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.MEMORY)).isEqualTo(EnforcementLevel.FULL);

        report = report(new Findings(NO_GAP, NO_GAP, NO_GAP, NO_GAP, LIMITS, true));
        assertThat(report.level(Capability.PROCESS_COUNT)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.MEMORY)).isEqualTo(EnforcementLevel.NONE);
    }
}
