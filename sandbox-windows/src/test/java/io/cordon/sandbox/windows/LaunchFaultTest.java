package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TerminalSize;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.launch.WindowsProcess;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
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
import java.util.Optional;
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
import org.junit.jupiter.params.provider.ValueSource;

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
        INHERITED,
        TERMINAL;

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
                case TERMINAL ->
                    request(program, directory, Redirect.PIPE, Redirect.PIPE, Redirect.PIPE)
                            .withTerminal(new TerminalSize(80, 24));
            };
        }

        private LaunchRequest request(Path program, Path directory, Redirect in, Redirect out, Redirect errors) {
            return new LaunchRequest(
                    ImmutableList.of(program.toString(), "argument"),
                    Optional.empty(),
                    directory,
                    ImmutableMap.of("NAME", "value"),
                    in,
                    out,
                    errors,
                    this == MERGED,
                    Optional.empty());
        }
    }

    private FakeWindows windows() {
        FakeWindows windows = new FakeWindows().runs(child -> EXIT_CODE);
        windows.files().put(temp.resolve("input").toString(), new byte[] {1});
        return windows;
    }

    private static final TokenShape TOKEN = new TokenShape(
            IntegrityLevel.MEDIUM_LOW, Optional.of(ImmutableSet.of(Sid.of(5, 21, 1, 2, 3, 4), WellKnownSids.EVERYONE)));

    private static ChildShape shape(boolean tokenHolds) {
        return new ChildShape(
                TOKEN,
                JobLimits.of(OptionalInt.of(4), OptionalLong.empty()),
                OptionalInt.of(2500),
                true,
                JobSetup.JOB_OBJECT_UILIMIT_ALL,
                Optional.of("WinSta0\\private"),
                false,
                tokenHolds);
    }

    /** A process with the launcher that has to be closed after it. */
    private record Launched(WindowsLauncher launcher, WindowsProcess process) implements AutoCloseable {
        /** As a sandbox closes. */
        @Override
        public void close() throws IOException, WindowsFailure {
            closeStreams(process);
            try {
                process.end();
            } finally {
                launcher.close();
            }
        }
    }

    private Launched launch(NativeCalls calls, Streams streams) throws SandboxException {
        return launch(calls, streams.request(program, temp), true);
    }

    private static Launched launch(NativeCalls calls, LaunchRequest request, boolean tokenHolds)
            throws SandboxException {
        WindowsLauncher launcher = WindowsLauncher.open(calls, shape(tokenHolds));
        try {
            return new Launched(launcher, launcher.launch(request, request.environment()));
        } catch (SandboxException e) {
            try {
                launcher.close();
            } catch (WindowsFailure second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private static void closeStreams(WindowsProcess process) throws IOException {
        process.stdin().close();
        process.stdout().close();
        process.stderr().close();
    }

    /** A terminal is closed by a thread of its own. */
    private static void assertNothingIsLeft(FakeWindows windows, String when) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!windows.left().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
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
        int calls;
        try (Launched launched = launch(none.around(whole.calls()), streams)) {
            calls = none.count();
            assertThat(launched.process().exit().get(30, TimeUnit.SECONDS)).isEqualTo(EXIT_CODE);
            assertThat(whole.processes()).singleElement().matches(FakeProcess::hasRun);
        }
        assertNothingIsLeft(whole, "when nothing fails");
        assertThat(calls).isGreaterThan(20);

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
            if (!faults.failed().equals("ring")) { // the only call after the one that lets the child run
                assertNothingRan(windows, when);
            }
            assertNothingIsLeft(windows, when);
        }
    }

    /** The calls by which threads in the background follow a process to its end. */
    @ParameterizedTest
    @ValueSource(strings = {"awaitAny", "exitCode", "terminate", "activeProcesses"})
    void whateverFailsThatAwaitsTheEndItIsToldAndNothingIsLeft(String call) throws Exception {
        // given: a program that ends by itself, unless nobody can wait for that
        FakeWindows windows = windows();
        if (call.equals("awaitAny")) {
            windows.runs(child -> {
                Thread.sleep(Long.MAX_VALUE);
                return EXIT_CODE;
            });
        }
        FaultInjection faults = FaultInjection.ofOtherThreads(call);

        // when
        Launched launched = launch(faults.around(windows.calls()), Streams.DISCARDED);
        Throwable failure = catchThrowable(() -> launched.process().exit().get(30, TimeUnit.SECONDS));
        Throwable closing = catchThrowable(launched::close);

        // then
        assertThat(faults.failed()).isEqualTo(call);
        assertThat(failure)
                .isInstanceOf(ExecutionException.class)
                .hasStackTraceContaining(String.valueOf(FaultInjection.CODE));
        assertThat(closing).as("closing tells it again").isInstanceOf(SandboxException.class);
        assertNothingIsLeft(windows, "when " + call + " failed");
    }

    private static final Sid PACKAGE = Sid.of(15, 2, 1, 2, 3, 4, 5, 6, 7);

    private static WindowsLauncher contained(NativeCalls calls) throws SandboxException {
        return WindowsLauncher.open(
                calls,
                ChildShape.of(
                        TokenShape.of(new ContainerShape(PACKAGE, false)),
                        JobLimits.of(OptionalInt.of(4), OptionalLong.empty()),
                        true));
    }

    private void launchContained(NativeCalls calls) throws Exception {
        LaunchRequest request = Streams.DISCARDED.request(program, temp);
        WindowsLauncher launcher = contained(calls);
        try {
            new Launched(launcher, launcher.launch(request, request.environment())).close();
        } catch (SandboxException e) {
            launcher.close();
            throw e;
        }
    }

    @Test
    void whicheverCallOfALaunchIntoAnAppContainerFailsNothingIsLeftAndNothingRan() throws Exception {
        FakeWindows whole = windows().hasContainers();
        FaultInjection none = FaultInjection.onThisThread(0);
        launchContained(none.around(whole.calls()));
        assertThat(whole.processes()).hasSize(1);
        assertNothingIsLeft(whole, "when nothing fails");
        assertThat(none.count()).isGreaterThan(15);

        boolean[] read = new boolean[2];
        for (int n = 1; n <= none.count(); n++) {
            FakeWindows windows = windows().hasContainers();
            FaultInjection faults = FaultInjection.onThisThread(n);
            Throwable failure = catchThrowable(() -> launchContained(faults.around(windows.calls())));
            String when = "with call " + n + " failed: " + faults.failed();
            read[0] |= faults.failed().equals("containerOf");
            read[1] |= faults.failed().equals("capabilities");
            if (faults.failed().equals("containerOf") || faults.failed().equals("capabilities")) {
                assertThat(failure).as(when).isInstanceOf(SandboxException.class);
                assertNothingRan(windows, when);
            }
            assertNothingIsLeft(windows, when);
        }
        assertThat(read).as("both are read back from the child").containsOnly(true);
    }

    @Test
    void aChildOutsideOfItsAppContainerIsEndedBeforeItsFirstInstruction() {
        FakeWindows windows = windows().hasContainers().ignoresContainers().startsAt(IntegrityLevel.LOW.rid());

        SandboxException refused = catchThrowableOfType(SandboxException.class, () -> launchContained(windows.calls()));

        assertThat(refused).hasMessageContaining("instead of " + PACKAGE).hasMessageContaining("ended before it ran");
        assertNothingRan(windows, "outside of its AppContainer");
        assertNothingIsLeft(windows, "outside of its AppContainer");
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

    @Test
    void aChildThatIsNotRestrictedIsEndedBeforeItsFirstInstruction() {
        FakeWindows windows = windows().ignoresRestrictions();

        SandboxException refused =
                catchThrowableOfType(SandboxException.class, () -> launch(windows.calls(), Streams.PIPES));

        assertThat(refused.code()).isEqualTo(SandboxErrorCode.LAUNCH_FAILED);
        assertThat(refused).hasMessageContaining("S-1-5-21-1-2-3-4");
        assertNothingRan(windows, "not restricted");
        assertNothingIsLeft(windows, "not restricted");
    }

    /** Where no level is claimed, as on stock Wine, another one is no error. */
    @Test
    void aChildAtAnotherLevelRunsWhereNoLevelIsClaimed() throws Exception {
        FakeWindows windows = windows().startsAt(FakeWindows.HOST_LEVEL);
        try (Launched launched = launch(windows.calls(), Streams.DISCARDED.request(program, temp), false)) {
            assertThat(launched.process().exit().get(30, TimeUnit.SECONDS)).isEqualTo(EXIT_CODE);
        }
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
        Launched launched = launch(windows.calls(), Streams.PIPES);
        WindowsProcess process = launched.process();
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
        launched.close();
        assertNothingIsLeft(windows, "at the end");
    }

    @Test
    void endingTheTreeEndsAProgramThatWouldNot() throws Exception {
        FakeWindows windows = windows().runs(child -> child.stdin().read());
        Launched launched = launch(windows.calls(), Streams.PIPES);
        WindowsProcess process = launched.process();
        assertThat(process.exit()).isNotDone();

        process.end();

        assertThat(process.exit().get(30, TimeUnit.SECONDS)).isEqualTo(1);
        assertThatCode(process::kill).as("what has ended").doesNotThrowAnyException();
        launched.close();
        assertNothingIsLeft(windows, "after the end");
    }
}
