package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What does not need a real process. */
class SandboxedProcessTest {
    private static final long SECONDS = Eventually.LIMIT.toSeconds();

    @Test
    void theTreeIsEndedWhenItsTimeIsUp() throws Exception {
        ScriptedProcess launched = new ScriptedProcess();

        SandboxedProcess process = new SandboxedProcess(launched, Optional.of(Duration.ofMillis(1)));

        assertThat(launched.killed.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.timedOut()).isTrue();
    }

    @Test
    void theTreeIsEndedInTimeAlsoWhenTheApplicationHasFilledTheCommonPool() throws Exception {
        ScriptedProcess launched = new ScriptedProcess();

        FilledPool.during(() -> {
            SandboxedProcess process = new SandboxedProcess(launched, Optional.of(Duration.ofMillis(1)));

            assertThat(launched.killed.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.timedOut()).isTrue();
        });
    }

    @Test
    void aProcessThatExitsInTimeIsNotEnded() throws Exception {
        ScriptedProcess inTime = new ScriptedProcess();
        SandboxedProcess process = new SandboxedProcess(inTime, Optional.of(Duration.ofMillis(50)));
        inTime.exit.complete(0);

        // A later process with the same limit is ended: by then the time of the first one is up as well.
        ScriptedProcess later = new ScriptedProcess();
        SandboxedProcess unused = new SandboxedProcess(later, Optional.of(Duration.ofMillis(50)));
        assertThat(later.killed.await(SECONDS, TimeUnit.SECONDS)).isTrue();

        assertThat(process.timedOut()).isFalse();
        assertThat(inTime.killed.getCount()).isEqualTo(1);
    }

    @Test
    void aTerminalIsToldItsNewSize() throws Exception {
        List<TerminalSize> told = new ArrayList<>();
        SandboxedProcess process = new SandboxedProcess(
                new ScriptedProcess() {
                    @Override
                    public void resizeTerminal(TerminalSize size) {
                        told.add(size);
                    }
                },
                Optional.empty());

        process.resizeTerminal(132, 50);

        assertThat(told).containsExactly(new TerminalSize(132, 50));
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> process.resizeTerminal(132, 40_000))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.TERMINAL_INVALID));
        assertThat(told).hasSize(1);
    }

    @Test
    void aProcessWithoutATerminalHasNoneToResize() {
        SandboxedProcess process = new SandboxedProcess(new ScriptedProcess(), Optional.empty());

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> process.resizeTerminal(80, 24))
                .withMessageContaining("the process was started without a terminal")
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.TERMINAL_UNAVAILABLE));
    }

    @Test
    void theLongestTimeoutCanBeCounted() {
        ScriptedProcess launched = new ScriptedProcess();

        SandboxedProcess process = new SandboxedProcess(launched, Optional.of(Duration.ofNanos(Long.MAX_VALUE)));
        launched.exit.complete(0);

        assertThat(process.exitValue()).isZero();
        assertThat(process.timedOut()).isFalse();
    }

    @Test
    void anExitCodeThatWasLostIsSaidToBe() throws Exception {
        ScriptedProcess launched = new ScriptedProcess();
        SandboxedProcess process = new SandboxedProcess(launched, Optional.empty());

        launched.exit.completeExceptionally(new IllegalArgumentException("a test wants this"));

        String message = "the exit code of process 4711 is lost";
        assertThatIllegalStateException().isThrownBy(process::waitFor).withMessage(message);
        assertThatIllegalStateException()
                .isThrownBy(() -> process.waitFor(1, TimeUnit.SECONDS))
                .withMessage(message);
        assertThatIllegalStateException().isThrownBy(process::exitValue).withMessage(message);
        assertThat(process.isAlive()).isFalse();
        assertThat(process).hasToString("SandboxedProcess[pid=4711, exit code lost]");
        assertThat(process.onExit().get(SECONDS, TimeUnit.SECONDS)).isSameAs(process);
    }

    @Test
    void cancellingOnExitDoesNotTouchTheProcess() {
        ScriptedProcess launched = new ScriptedProcess();
        SandboxedProcess process = new SandboxedProcess(launched, Optional.empty());

        process.onExit().cancel(true);

        assertThat(process.isAlive()).isTrue();
        launched.exit.complete(5);
        assertThat(process.exitValue()).isEqualTo(5);
    }

    @Test
    void whoeverWaitsOnExitDoesNotHoldUpTheBackend() throws Exception {
        ScriptedProcess launched = new ScriptedProcess();
        SandboxedProcess process = new SandboxedProcess(launched, Optional.empty());
        CountDownLatch release = new CountDownLatch(1);
        var callback = process.onExit().thenRun(() -> HeldStream.awaitQuietly(release));

        launched.exit.complete(0); // returns, or this test never ends

        assertThat(callback).isNotDone();
        release.countDown();
        callback.get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void destroyAsksAndDestroyForciblyEnds() {
        ScriptedProcess launched = new ScriptedProcess();
        SandboxedProcess process = new SandboxedProcess(launched, Optional.empty());

        process.destroy();
        assertThat(launched.terminated.getCount()).isZero();
        assertThat(launched.killed.getCount()).isEqualTo(1);

        process.destroyForcibly();
        assertThat(launched.killed.getCount()).isZero();
    }
}
