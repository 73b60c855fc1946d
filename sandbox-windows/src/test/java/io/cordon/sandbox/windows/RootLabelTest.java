package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.IntegrityLabel;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a fake of Windows, in which labels read back and hold nobody back. */
@Timeout(60)
class RootLabelTest {
    private static final Path ROOT = Path.of("root");
    private static final IntegrityLabel OURS = IntegrityLabel.inheritable(ConfinedToken.LEVEL);

    private static FakeWindows windows() {
        FakeWindows windows = new FakeWindows();
        windows.files().putDirectory("root");
        windows.files().put("root\\file", new byte[0]);
        windows.files().putDirectory("root\\directory");
        windows.files().put("root\\directory\\deep", new byte[0]);
        windows.files().put("beside", new byte[0]);
        return windows;
    }

    private static Optional<IntegrityLabel> label(FakeWindows windows, String path) {
        return windows.files().label(path);
    }

    private static void assertUnlabelled(FakeWindows windows, String when) {
        for (String path : new String[] {"root", "root\\file", "root\\directory", "root\\directory\\deep", "beside"}) {
            assertThat(label(windows, path)).as(path + " " + when).isEmpty();
        }
    }

    private static void assertNothingIsOpen(FakeWindows windows, String when) {
        assertThat(windows.left()).as(when).isEmpty();
        assertThat(windows.misuse()).as(when).isEmpty();
    }

    @Test
    void theRootAndWhatIsInItAreLabelledAndThenNoMore() throws Exception {
        FakeWindows windows = windows();

        RootLabel label = RootLabel.apply(windows.calls().files(), ROOT);

        assertThat(label.read()).contains(OURS);
        assertThat(label(windows, "root\\directory\\deep").orElseThrow().level())
                .isEqualTo(ConfinedToken.LEVEL);
        assertThat(label(windows, "beside")).isEmpty();
        label.withdraw(path -> false);
        assertUnlabelled(windows, "after withdrawing");
        assertNothingIsOpen(windows, "after withdrawing");
    }

    /** A label can be handed on to a part of a tree before a file is met that takes none: that is failing halfway. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whicheverCallOfLabellingFailsTheLabelIsAsBefore(boolean halfway) throws Exception {
        FakeWindows whole = windows();
        FaultInjection none = new FaultInjection(0);
        RootLabel.apply(files(none, whole), ROOT);
        assertThat(label(whole, "root")).contains(OURS);
        assertThat(none.count()).isGreaterThan(15);

        for (int n = 1; n <= none.count(); n++) {
            FakeWindows windows = windows();
            FaultInjection faults = halfway ? FaultInjection.halfway(n) : new FaultInjection(n);
            SandboxException failure =
                    catchThrowableOfType(SandboxException.class, () -> RootLabel.apply(files(faults, windows), ROOT));

            String when = "with call " + n + " of " + none.count() + " failed: " + faults.failed();
            assertThat(failure).as(when).hasMessageContaining("31");
            assertUnlabelled(windows, when);
            assertNothingIsOpen(windows, when);
        }
    }

    @Test
    void whicheverCallOfWithdrawingFailsIsToldAndTheNextOneWithdraws() throws Exception {
        FakeWindows whole = windows();
        FaultInjection none = new FaultInjection(0);
        RootLabel labelled = RootLabel.apply(files(none, whole), ROOT);
        int applying = none.count();
        labelled.withdraw(path -> false);
        assertUnlabelled(whole, "when nothing fails");
        assertThat(none.count()).isGreaterThan(applying + 15);

        for (int n = applying + 1; n <= none.count(); n++) {
            FakeWindows windows = windows();
            FaultInjection faults = new FaultInjection(n);
            RootLabel label = RootLabel.apply(files(faults, windows), ROOT);
            SandboxException failure =
                    catchThrowableOfType(SandboxException.class, () -> label.withdraw(path -> false));

            String when = "with call " + n + " of " + none.count() + " failed: " + faults.failed();
            assertThat(failure).as(when).hasMessageContaining("31");
            assertNothingIsOpen(windows, when);
            RootLabel.apply(windows.calls().files(), ROOT).withdraw(path -> false);
            assertUnlabelled(windows, when);
        }
    }

    private static FileCalls files(FaultInjection faults, FakeWindows windows) {
        return faults.around(windows.calls()).files();
    }
}
