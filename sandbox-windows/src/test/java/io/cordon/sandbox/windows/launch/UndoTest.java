package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoTest {
    private final List<String> done = new ArrayList<>();
    private final Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED);

    private void add(String what) {
        undo.add(what, () -> done.add(what));
    }

    private static SandboxException closingFails(Undo undo) {
        return catchThrowableOfType(SandboxException.class, undo::close);
    }

    @Test
    void theLastStepIsTakenBackFirstAndEachOnce() throws Exception {
        add("first");
        add("second");
        undo.close();
        undo.close();
        assertThat(done).containsExactly("second", "first");
    }

    @Test
    void aHandleIsClosedInItsTurn() throws Exception {
        // given
        FakeWindows windows = new FakeWindows();
        OwnedHandle job = windows.calls().jobs().create();
        assertThat(undo.own(job)).isSameAs(job);
        undo.add("using the handle", () -> done.add(job.isOpen() ? "open" : "closed"));

        // when
        undo.close();

        // then
        assertThat(done).containsExactly("open");
        assertThat(windows.left()).isEmpty();
    }

    @Test
    void stepsThatArePassedOnAreNotTakenBackHere() throws Exception {
        // given
        add("first");
        add("second");

        // when
        Undo next = undo.release(SandboxErrorCode.CLOSE_FAILED);
        undo.close();

        // then
        assertThat(done).isEmpty();
        next.add("third", () -> done.add("third"));
        next.close();
        assertThat(done).containsExactly("third", "second", "first");
    }

    @Test
    void everyStepIsRunAndTheFirstFailureWins() {
        // given
        undo.add("one", () -> {
            done.add("one");
            throw new IllegalStateException("broken");
        });
        add("two");
        undo.add("three", () -> {
            done.add("three");
            throw new SandboxException(SandboxErrorCode.LAUNCH_FAILED, "of its own");
        });
        undo.add("four", () -> {
            done.add("four");
            throw new WindowsFailure("CloseHandle", 6, "invalid");
        });

        // when
        SandboxException failure = closingFails(undo);

        // then
        assertThat(done).containsExactly("four", "three", "two", "one");
        assertThat(failure).isInstanceOfSatisfying(NativeStepException.class, step -> {
            assertThat(step.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
            assertThat(step.step()).isEqualTo("CloseHandle(four)");
            assertThat(step.systemCode()).isEqualTo(6);
        });
        assertThat(failure.getSuppressed())
                .filteredOn(SandboxException.class::isInstance)
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "LAUNCH_FAILED: of its own",
                        "PREPARE_FAILED: one failed: java.lang.IllegalStateException: broken");
    }

    @Test
    void stepsThatWerePassedOnFailWithTheirNewOwnersCode() {
        undo.add("one", () -> {
            throw new WindowsFailure("CloseHandle", 6, "invalid");
        });
        assertThat(closingFails(undo.release(SandboxErrorCode.CLOSE_FAILED)).code())
                .isEqualTo(SandboxErrorCode.CLOSE_FAILED);
    }
}
