package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a fake of Windows, whose programs die as others saw it where a token cannot make a console. */
@Timeout(60)
class ConsoleTrialTest {
    private static final int STATUS_DLL_INIT_FAILED = 0xC0000142;
    private static final WindowsPlaces PLACES = new WindowsPlaces(ImmutableMap.of(), Path.of("home"));

    private final ConsoleTrial trial = new ConsoleTrial();

    private boolean isHostConsoleNeeded(NativeCalls calls) throws Exception {
        TokenShape shape = new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty());
        try (OwnedHandle token = ConfinedToken.create(calls.tokens(), shape)) {
            return trial.isHostConsoleNeeded(calls, PLACES, token, shape);
        }
    }

    private static FakeWindows withoutNewConsoles() {
        return new FakeWindows().runs(child -> child.start().surroundings().hostConsole() ? 0 : STATUS_DLL_INIT_FAILED);
    }

    private static void assertNothingIsLeft(FakeWindows windows, String when) {
        assertThat(windows.left()).as(when).isEmpty();
        assertThat(windows.misuse()).as(when).isEmpty();
    }

    @Test
    void aNewConsoleIsPreferredAndTriedOnce() throws Exception {
        FakeWindows windows = new FakeWindows();
        assertThat(isHostConsoleNeeded(windows.calls())).isFalse();
        assertThat(isHostConsoleNeeded(windows.calls())).isFalse();
        assertThat(windows.processes()).hasSize(1);
        assertThat(windows.calls().host().hasConsole()).isFalse();
        assertNothingIsLeft(windows, "at the end");
    }

    @Test
    void whereNoneCanBeMadeAHiddenOneOfTheJvmIsShared() throws Exception {
        FakeWindows windows = withoutNewConsoles();
        assertThat(isHostConsoleNeeded(windows.calls())).isTrue();
        assertThat(windows.calls().host().hasConsole()).isTrue();
        assertNothingIsLeft(windows, "at the end");
    }

    @Test
    void aConsoleAtWhichSomebodyMaySitIsNotShared() {
        FakeWindows windows = withoutNewConsoles().hasConsole();
        SandboxException refused =
                catchThrowableOfType(SandboxException.class, () -> isHostConsoleNeeded(windows.calls()));
        assertThat(refused).hasMessageContaining("STATUS_DLL_INIT_FAILED").hasMessageContaining("javaw");
        assertNothingIsLeft(windows, "at the end");
    }

    @Test
    void whereNoKindOfConsoleWorksNothingOpens() {
        FakeWindows windows = new FakeWindows().runs(child -> STATUS_DLL_INIT_FAILED);
        assertThat(catchThrowable(() -> isHostConsoleNeeded(windows.calls())))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("neither");
        assertNothingIsLeft(windows, "at the end");
    }

    @Test
    void whicheverCallFailsNothingIsLeft() throws Exception {
        FaultInjection none = new FaultInjection(0);
        isHostConsoleNeeded(none.around(withoutNewConsoles().calls()));
        assertThat(none.count()).isGreaterThan(20);
        for (int n = 1; n <= none.count(); n++) {
            FakeWindows windows = withoutNewConsoles();
            FaultInjection faults = new FaultInjection(n);
            String when = "with call " + n + " failed";
            ConsoleTrial fresh = new ConsoleTrial();
            assertThat(catchThrowable(() -> {
                        TokenShape shape = new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty());
                        NativeCalls calls = faults.around(windows.calls());
                        try (OwnedHandle token = ConfinedToken.create(calls.tokens(), shape)) {
                            assertThat(fresh.isHostConsoleNeeded(calls, PLACES, token, shape))
                                    .isTrue();
                        }
                    }))
                    .as(when)
                    .isNotNull()
                    .hasMessageContaining("31");
            assertNothingIsLeft(windows, when);
        }
    }
}
