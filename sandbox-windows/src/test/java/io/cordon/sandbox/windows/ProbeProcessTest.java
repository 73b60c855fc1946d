package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.ResolvedPolicy;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.win32.FakeProcess;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a fake of Windows: the probe tells what it saw, and whatever fails, no process ran and nothing is left. */
@Timeout(60)
class ProbeProcessTest {
    private static final JobLimits LIMITS = JobLimits.of(OptionalInt.of(8), OptionalLong.of(1 << 20));
    private static final SandboxPolicy POLICY = SandboxPolicy.readOnly().toBuilder()
            .limits(limits -> limits.processes(8).memory(1 << 20).cpuPercent(50))
            .build();
    private static final TokenShape TOKEN = new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty());

    private static ProbeProcess.Seen examine(NativeCalls calls) throws Exception {
        WindowsPlaces places = new WindowsPlaces(ImmutableMap.of(), Path.of("home"));
        HostPlan plan = new HostPlan(
                new ResolvedPolicy(POLICY, ImmutableSet.of(), ImmutableSet.of(), ImmutableSet.of(), ImmutableSet.of()),
                () -> "",
                Optional::empty,
                Optional::empty);
        try (OwnedHandle token = ConfinedToken.create(calls.tokens(), TOKEN)) {
            return new ProbeProcess(calls, places, Optional.empty()).examine(token, plan);
        }
    }

    private static void assertNothingRanAndNothingIsLeft(FakeWindows windows, String when) {
        assertThat(windows.processes()).as(when).noneMatch(FakeProcess::hasRun);
        assertThat(windows.left()).as(when).isEmpty();
        assertThat(windows.misuse()).as(when).isEmpty();
    }

    @Test
    void itTellsWhatWindowsDoes() throws Exception {
        FakeWindows windows = new FakeWindows();
        assertThat(examine(windows.calls()))
                .isEqualTo(new ProbeProcess.Seen(ConfinedToken.LEVEL, true, LIMITS, false, Optional.empty()));
        assertThat(windows.processes()).hasSize(2);
        assertNothingRanAndNothingIsLeft(windows, "at the end");
    }

    @Test
    void itTellsWhatAnEmulatorIgnores() throws Exception {
        FakeWindows windows = new FakeWindows()
                .startsAt(FakeWindows.HOST_LEVEL)
                .ignoresJobLists()
                .ignoresProcessLimits();
        assertThat(examine(windows.calls()))
                .isEqualTo(new ProbeProcess.Seen(FakeWindows.HOST_LEVEL, false, LIMITS, true, Optional.empty()));
        assertThat(windows.processes()).hasSize(3);
        assertNothingRanAndNothingIsLeft(windows, "at the end");
    }

    @Test
    void whicheverCallFailsNothingIsLeft() throws Exception {
        FaultInjection none = new FaultInjection(0);
        examine(none.around(new FakeWindows().calls()));
        assertThat(none.count()).isGreaterThan(15);

        for (int n = 1; n <= none.count(); n++) {
            FakeWindows windows = new FakeWindows();
            FaultInjection faults = new FaultInjection(n);
            String when = "with call " + n + " of " + none.count();
            String told;
            try {
                told = examine(faults.around(windows.calls())).cpuRateRefused().orElse("nothing");
                assertThat(faults.failed()).as(when).endsWithIgnoringCase("cpuRate");
            } catch (WindowsFailure | NativeStepException e) {
                told = String.valueOf(e.getMessage());
            }
            assertThat(told).as(when + " failed: " + faults.failed()).contains(String.valueOf(FaultInjection.CODE));
            // The call that ends a process was perhaps not made: then its job, which is closed next, ends it.
            assertNothingRanAndNothingIsLeft(windows, when);
        }
    }
}
