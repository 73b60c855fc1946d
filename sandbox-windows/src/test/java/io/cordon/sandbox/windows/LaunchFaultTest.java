package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.launch.WindowsProcess;
import io.cordon.sandbox.windows.win32.FakeProcess;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fails every single call of a launch into a fake of Windows, and looks for what is left. {@link FaultInjectionTest} does
 * the same in a Windows JVM.
 */
@Timeout(60)
class LaunchFaultTest {
    private static final int EXIT_CODE = 7;

    @TempDir
    Path temp;

    private Path program;

    @BeforeEach
    void makeProgram() throws IOException {
        program = Files.createFile(temp.resolve("program.exe")); // which only has to be found
    }

    /** The kinds of streams, each of which takes other calls. */
    private enum Streams {
        PIPES,
        MERGED,
        FILES,
        APPENDED,
        DISCARDED,
        INHERITED;

        private LaunchRequest request(Path program, Path directory) {
            Redirect output = Redirect.to(directory.resolve("output").toFile());
            return switch (this) {
                case PIPES -> request(program, directory, Redirect.PIPE, Redirect.PIPE, Redirect.PIPE);
                case MERGED -> request(program, directory, Redirect.PIPE, Redirect.PIPE, Redirect.PIPE);
                case FILES ->
                    request(
                            program,
                            directory,
                            Redirect.from(directory.resolve("input").toFile()),
                            output,
                            Redirect.to(directory.resolve("errors").toFile()));
                case APPENDED -> request(program, directory, Redirect.PIPE, Redirect.appendTo(output.file()), output);
                case DISCARDED -> request(program, directory, Redirect.PIPE, Redirect.DISCARD, Redirect.DISCARD);
                case INHERITED -> request(program, directory, Redirect.INHERIT, Redirect.INHERIT, Redirect.INHERIT);
            };
        }

        private LaunchRequest request(Path program, Path directory, Redirect in, Redirect out, Redirect errors) {
            return new LaunchRequest(
                    ImmutableList.of(program.toString(), "argument"),
                    directory,
                    ImmutableMap.of("NAME", "value"),
                    in,
                    out,
                    errors,
                    this == MERGED);
        }
    }

    private FakeWindows windows() {
        FakeWindows windows = new FakeWindows().runs(child -> EXIT_CODE);
        windows.files().put(temp.resolve("input").toString(), new byte[] {1});
        return windows;
    }

    private static WindowsLauncher launcher(NativeCalls calls, boolean levelHolds) {
        return new WindowsLauncher(calls, JobLimits.of(OptionalInt.of(4), OptionalLong.empty()), levelHolds);
    }

    private WindowsProcess launch(NativeCalls calls, Streams streams) throws SandboxException {
        LaunchRequest request = streams.request(program, temp);
        return launcher(calls, true).launch(request, request.environment());
    }

    private static void closeStreams(WindowsProcess process) throws IOException {
        process.stdin().close();
        process.stdout().close();
        process.stderr().close();
    }

    private static void assertNothingIsLeft(FakeWindows windows, String when) {
        assertThat(windows.left()).as("left, %s", when).isEmpty();
        assertThat(windows.misuse()).as("misused, %s", when).isEmpty();
    }

    private static void assertNothingRan(FakeWindows windows, String when) {
        assertThat(windows.processes()).as(when).noneMatch(FakeProcess::hasRun);
    }

    @ParameterizedTest
    @EnumSource(Streams.class)
    void whicheverCallOfALaunchFailsNothingIsLeftAndNothingRan(Streams streams) throws Exception {
        // given: the positive control, which also tells how many calls there are
        FakeWindows whole = windows();
        FaultInjection none = FaultInjection.onThisThread(0);
        WindowsProcess launched = launch(none.around(whole.calls()), streams);
        int calls = none.count();
        assertThat(launched.exit().get(30, TimeUnit.SECONDS)).isEqualTo(EXIT_CODE);
        assertThat(whole.processes()).singleElement().matches(FakeProcess::hasRun);
        closeStreams(launched);
        assertNothingIsLeft(whole, "when nothing fails");
        assertThat(calls).isGreaterThan(15);

        for (int n = 1; n <= calls; n++) {
            // when
            FakeWindows windows = windows();
            FaultInjection faults = FaultInjection.onThisThread(n);
            NativeStepException failure = catchThrowableOfType(
                    NativeStepException.class, () -> launch(faults.around(windows.calls()), streams));

            // then
            String when = "with call " + n + " of " + calls + " failed: " + faults.failed();
            assertThat(failure).as(when).isNotNull();
            assertThat(failure.systemCode()).as(when).isEqualTo(FaultInjection.CODE);
            assertThat(failure.step()).as(when).startsWith(faults.failed());
            assertNothingRan(windows, when);
            assertNothingIsLeft(windows, when);
        }
    }

    @Test
    void whicheverCallFailsThatAwaitsTheEndItIsToldAndNothingIsLeft() throws Exception {
        FakeWindows whole = windows();
        FaultInjection none = FaultInjection.onOtherThreads(0);
        WindowsProcess launched = launch(none.around(whole.calls()), Streams.DISCARDED);
        assertThat(launched.exit().get(30, TimeUnit.SECONDS)).isEqualTo(EXIT_CODE);
        int calls = none.count();
        assertThat(calls).isPositive();

        for (int n = 1; n <= calls; n++) {
            // given: a program that ends by itself for all calls but the first, which waits for that
            boolean endless = n == 1;
            FakeWindows windows = windows();
            if (endless) {
                windows.runs(child -> {
                    Thread.sleep(Long.MAX_VALUE);
                    return EXIT_CODE;
                });
            }
            FaultInjection faults = FaultInjection.onOtherThreads(n);

            // when
            WindowsProcess process = launch(faults.around(windows.calls()), Streams.DISCARDED);
            Throwable failure = catchThrowable(() -> process.exit().get(30, TimeUnit.SECONDS));
            closeStreams(process);

            // then
            String when = "with call " + n + " of " + calls + " failed: " + faults.failed();
            assertThat(failure).as(when).isInstanceOf(ExecutionException.class);
            assertThat(failure.getCause())
                    .as(when)
                    .isInstanceOfSatisfying(
                            WindowsFailure.class, e -> assertThat(e.code()).isEqualTo(FaultInjection.CODE));
            assertNothingIsLeft(windows, when);
        }
    }

    @Test
    void aChildAtAnotherLevelIsEndedBeforeItsFirstInstruction() {
        FakeWindows windows = windows().startsAt(FakeWindows.HOST_LEVEL);

        SandboxException refused =
                catchThrowableOfType(SandboxException.class, () -> launch(windows.calls(), Streams.PIPES));

        assertThat(refused.code()).isEqualTo(SandboxErrorCode.LAUNCH_FAILED);
        assertThat(refused).hasMessageContaining("0x2000").hasMessageContaining("0x1800");
        assertThat(windows.processes()).hasSize(1);
        assertNothingRan(windows, "at another level");
        assertNothingIsLeft(windows, "at another level");
    }

    /** Where no level is claimed, as on stock Wine, another one is no error. */
    @Test
    void aChildAtAnotherLevelRunsWhereNoLevelIsClaimed() throws Exception {
        FakeWindows windows = windows().startsAt(FakeWindows.HOST_LEVEL);
        LaunchRequest request = Streams.DISCARDED.request(program, temp);

        WindowsProcess process = launcher(windows.calls(), false).launch(request, request.environment());

        assertThat(process.exit().get(30, TimeUnit.SECONDS)).isEqualTo(EXIT_CODE);
    }

    @Test
    void aChildOutsideOfItsJobIsEndedBeforeItsFirstInstruction() {
        FakeWindows windows = windows().ignoresJobLists();

        SandboxException refused =
                catchThrowableOfType(SandboxException.class, () -> launch(windows.calls(), Streams.PIPES));

        assertThat(refused.code()).isEqualTo(SandboxErrorCode.LAUNCH_FAILED);
        assertThat(refused).hasMessageContaining("not in its job");
        assertThat(windows.processes()).hasSize(1);
        assertNothingRan(windows, "outside of the job");
        assertNothingIsLeft(windows, "outside of the job");
    }

    @Test
    void theChildHasTheConfinedTokenTheStreamsAndTheArguments() throws Exception {
        // given
        FakeWindows windows = windows().runs(child -> {
            child.stdout().write(child.stdin().readAllBytes());
            child.stderr().write(child.start().commandLine().getBytes(StandardCharsets.UTF_8));
            return EXIT_CODE;
        });

        // when
        WindowsProcess process = launch(windows.calls(), Streams.PIPES);
        process.stdin().write(new byte[] {1, 2, 3});
        process.stdin().close();

        // then
        assertThat(process.stdout().readAllBytes()).containsExactly(1, 2, 3);
        assertThat(process.stderr())
                .asString(StandardCharsets.UTF_8)
                .contains("program.exe")
                .endsWith(" argument");
        assertThat(windows.processes())
                .singleElement()
                .satisfies(child -> assertThat(child.level()).isEqualTo(ConfinedToken.LEVEL));
        assertThat(process.exit().get(30, TimeUnit.SECONDS)).isEqualTo(EXIT_CODE);
        closeStreams(process);
        assertNothingIsLeft(windows, "at the end");
    }

    @Test
    void endingTheTreeEndsAProgramThatWouldNot() throws Exception {
        FakeWindows windows = windows().runs(child -> child.stdin().read());
        WindowsProcess process = launch(windows.calls(), Streams.PIPES);
        assertThat(process.exit()).isNotDone();

        process.end();

        assertThat(process.exit().get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThatCode(process::kill).as("what has ended").doesNotThrowAnyException();
        closeStreams(process);
        assertNothingIsLeft(windows, "after the end");
    }
}
