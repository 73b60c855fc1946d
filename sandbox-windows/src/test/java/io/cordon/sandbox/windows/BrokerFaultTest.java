package io.cordon.sandbox.windows;

import static java.nio.charset.StandardCharsets.US_ASCII;
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
import io.cordon.sandbox.windows.account.SandboxAccount;
import io.cordon.sandbox.windows.broker.Broker;
import io.cordon.sandbox.windows.broker.BrokerSessions;
import io.cordon.sandbox.windows.broker.BrokerStart;
import io.cordon.sandbox.windows.launch.Attempt;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.ConfinedProcess;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.FakeBrokerCalls;
import io.cordon.sandbox.windows.win32.FakeProgram;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A host and a broker in a fake of Windows, with every single call of either failed once. {@link BrokerEndToEndTest} has
 * both as processes of Windows.
 */
@Timeout(300)
class BrokerFaultTest {
    private static final int EXIT_CODE = 7;
    private static final ImmutableMap<String, String> ENVIRONMENT = ImmutableMap.of("NAME", "value");
    private static final ChildShape SHAPE = ChildShape.of(
            new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty()),
            JobLimits.of(OptionalInt.of(4), OptionalLong.empty()),
            true);

    @TempDir
    Path temp;

    private Path echo;
    private Path sleeper;

    @BeforeEach
    void makePrograms() throws IOException { // which only have to be found
        echo = Files.createFile(temp.resolve("echo.exe"));
        sleeper = Files.createFile(temp.resolve("sleeper.exe"));
    }

    private static int run(FakeProgram.Child child) throws Exception {
        if (child.start().image().endsWith("sleeper.exe")) {
            Thread.sleep(Long.MAX_VALUE);
        }
        try {
            child.stdin().transferTo(child.stdout());
            return EXIT_CODE;
        } catch (IOException e) {
            return 1; // the host has closed the pipes
        }
    }

    /** A host and a broker, each with its faults. */
    private static final class Rig {
        private final FakeWindows windows = new FakeWindows().runs(BrokerFaultTest::run);
        private final FakeBrokerCalls calls;
        private final NativeCalls host;
        private final BrokerCalls hostCalls;

        private Rig(FaultInjection host, FaultInjection broker) {
            this.calls = new FakeBrokerCalls(
                    windows, BrokerSessions.program(broker.around(windows.calls()), () -> broker.around(this.calls())));
            this.host = host.around(windows.calls());
            this.hostCalls = host.around(calls);
        }

        private Rig() {
            this(new FaultInjection(0), new FaultInjection(0));
        }

        private FakeBrokerCalls calls() {
            return calls;
        }

        private Broker open(Path directory) throws SandboxException {
            char[] password = FakeBrokerCalls.password();
            try {
                return Broker.open(host, hostCalls, start(directory), password);
            } finally {
                assertThat(password).as("the password").containsOnly('\0');
            }
        }

        private void assertNothingIsLeft(String when) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!windows.left().isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(windows.left()).as("left, %s", when).isEmpty();
            assertThat(windows.misuse()).as("misused, %s", when).isEmpty();
        }
    }

    private static BrokerStart start(Path directory) {
        return new BrokerStart(
                new SandboxAccount("CordonOff-1", Sid.of(5, 21, 1, 2, 3, 1002)),
                Path.of("java.exe"),
                "a.jar",
                directory,
                Path.of("windows"),
                Duration.ofSeconds(20));
    }

    private LaunchRequest request(Path program, Redirect redirect) {
        return new LaunchRequest(
                ImmutableList.of(program.toString()),
                Optional.empty(),
                temp,
                ENVIRONMENT,
                redirect,
                redirect,
                redirect,
                false,
                Optional.empty());
    }

    private static ConfinedProcess launch(Broker broker, LaunchRequest request) throws SandboxException {
        return broker.launcher(SHAPE).launch(request, ENVIRONMENT);
    }

    /** A process that is spoken with, one that is ended, and attempts. */
    private void use(Broker broker) throws Exception {
        ConfinedProcess speaks = launch(broker, request(echo, Redirect.PIPE));
        try (var out = speaks.stdout();
                var errors = speaks.stderr()) {
            try (var in = speaks.stdin()) {
                in.write("hello".getBytes(US_ASCII));
            }
            ConfinedProcess sleeps = launch(broker, request(sleeper, Redirect.DISCARD));
            String said = new String(out.readAllBytes(), US_ASCII);
            assertThat(errors.readAllBytes()).isEmpty();
            assertThat(speaks.exit().get(30, TimeUnit.SECONDS)).isEqualTo(EXIT_CODE);
            assertThat(said).isEqualTo("hello");
            sleeps.kill();
            assertThat(sleeps.exit().get(30, TimeUnit.SECONDS)).isEqualTo(1);
        }
        assertThat(broker.outcomes(SHAPE, ImmutableList.of(new Attempt.OnPort(1))))
                .as("an outcome: success, or the code of the call that failed")
                .isSubsetOf(0, FaultInjection.CODE);
    }

    private void openAndUse(Rig rig) throws Exception {
        Broker broker = rig.open(temp);
        Throwable thrown = catchThrowable(() -> use(broker));
        Throwable closing = catchThrowable(broker::close);
        if (thrown instanceof Exception e) {
            throw e;
        } else if (thrown != null) {
            throw (Error) thrown;
        } else if (closing != null) {
            throw (SandboxException) closing;
        }
    }

    private enum Side {
        HOST("createPipe", "createWithLogon", "assign", "awaitClient", "clientOf", "ends", "give", "awaitEnd"),
        BROKER("openPipe", "serverOf", "ownerOf", "protectOwnProcess", "ends", "adopt");

        /** The calls of a {@link BrokerCalls} that succeed in every run. */
        private final ImmutableSet<String> calls;

        Side(String... calls) {
            this.calls = ImmutableSet.copyOf(calls);
        }

        Rig rig(FaultInjection faults) {
            FaultInjection none = new FaultInjection(0);
            return this == HOST ? new Rig(faults, none) : new Rig(none, faults);
        }
    }

    @ParameterizedTest
    @CsvSource({"HOST, false", "HOST, true", "BROKER, false", "BROKER, true"})
    void whicheverCallFailsItIsToldOrGotOverAndNothingIsLeft(Side side, boolean made) throws Exception {
        FaultInjection none = new FaultInjection(0);
        Rig whole = side.rig(none);
        openAndUse(whole);
        whole.assertNothingIsLeft("when nothing fails");
        int calls = none.count();

        Set<String> failed = new TreeSet<>();
        int told = 0;
        for (int n = 1; n <= calls; n++) {
            FaultInjection faults = made ? FaultInjection.halfway(n) : new FaultInjection(n);
            Rig rig = side.rig(faults);
            Throwable thrown = catchThrowable(() -> openAndUse(rig));
            String when = "with call " + n + " of " + calls + " failed: " + faults.failed();
            if (thrown != null) {
                assertThat(thrown instanceof ExecutionException ? thrown.getCause() : thrown)
                        .as(when)
                        .isInstanceOfAny(SandboxException.class, IOException.class);
                told++;
            }
            failed.add(faults.failed());
            rig.assertNothingIsLeft(when);
        }
        System.out.println("broker, " + side + (made ? ", made and failed: " : ", failed: ") + calls + " calls, " + told
                + " told, " + failed.size() + " kinds");
        assertThat(failed).containsAll(side.calls);
    }

    @Test
    void everyCallOfABrokerIsMadeByOneSideOrIsForFailures() {
        Set<String> made = new TreeSet<>(ImmutableSet.of("takeBack", "windows"));
        for (Side side : Side.values()) {
            made.addAll(side.calls);
        }
        assertThat(Arrays.stream(BrokerCalls.class.getMethods()).map(Method::getName))
                .containsExactlyInAnyOrderElementsOf(made);
    }

    @Test
    void streamsThatCannotAllBeGivenAreTakenBack() throws Exception {
        for (int n = 1; n <= 3; n++) {
            FaultInjection faults = new FaultInjection(0);
            Rig rig = new Rig(faults, new FaultInjection(0));
            try (Broker broker = rig.open(temp)) {
                faults.failFromNow(countToGive(n));
                assertThat(catchThrowable(() -> launch(broker, request(echo, Redirect.DISCARD))))
                        .isInstanceOf(SandboxException.class);
                assertThat(faults.failed()).isEqualTo("give");
                assertThat(rig.windows.left()).as("given %s of 3", n - 1).noneMatch(line -> line.contains("the file"));
                use(broker); // the control: it goes on
            }
            rig.assertNothingIsLeft("after " + n);
        }
    }

    @Test
    void ofStreamsOfWhichTheBrokerCannotTakeOneItClosesTheOthers() throws Exception {
        FaultInjection faults = new FaultInjection(0);
        Rig rig = new Rig(new FaultInjection(0), faults);
        try (Broker broker = rig.open(temp)) {
            faults.failNext("adopt");
            assertThat(catchThrowable(() -> launch(broker, request(echo, Redirect.DISCARD))))
                    .isInstanceOf(NativeStepException.class)
                    .hasMessageContaining("adopt");
            // The fake keeps the one for which the call was never made.
            assertThat(rig.windows.left())
                    .filteredOn(line -> line.contains("the file"))
                    .hasSize(1);
            use(broker);
        }
        rig.assertNothingIsLeft("after a stream that was none");
    }

    /** How many calls come before the {@code n}th stream is given: three files are opened first. */
    private static int countToGive(int n) {
        return 3 + n;
    }

    @Test
    void whoeverElseOpensThePipeIsNotSpokenWith() {
        Rig rig = new Rig();
        rig.calls.clientIs(4711);

        SandboxException refused = catchThrowableOfType(SandboxException.class, () -> rig.open(temp));

        assertThat(refused.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
        assertThat(refused).hasMessageContaining("process 4711 has opened the pipe");
        rig.assertNothingIsLeft("with another client");
    }

    @Test
    void aPipeOfAnotherProcessOrOfTheAccountItselfIsNotListenedTo() {
        Rig other = new Rig();
        other.calls.serverIs(4711);
        assertThat(catchThrowable(() -> other.open(temp))).isInstanceOf(SandboxException.class);
        assertThat(other.calls.protections()).isEmpty();
        other.assertNothingIsLeft("with another server");

        Rig own = new Rig();
        own.calls.ownedByTheAccount();
        assertThat(catchThrowable(() -> own.open(temp))).isInstanceOf(SandboxException.class);
        assertThat(own.calls.protections()).isEmpty();
        own.assertNothingIsLeft("with a pipe of the account");
    }

    @Test
    void aTerminalIsRefusedAndTheBrokerGoesOn() throws Exception {
        Rig rig = new Rig();
        try (Broker broker = rig.open(temp)) {
            SandboxException refused = catchThrowableOfType(
                    SandboxException.class,
                    () -> launch(broker, request(echo, Redirect.PIPE).withTerminal(new TerminalSize(80, 24))));
            assertThat(refused.code()).isEqualTo(SandboxErrorCode.TERMINAL_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("start the process with pipes");
            use(broker);
        }
        rig.assertNothingIsLeft("after a terminal");
    }

    @Test
    void whatDoesNotFitIsRefusedAndTheBrokerGoesOn() throws Exception {
        Rig rig = new Rig();
        try (Broker broker = rig.open(temp)) {
            ImmutableMap.Builder<String, String> large = ImmutableMap.builder();
            for (int i = 0; i < 20; i++) {
                large.put("NAME" + i, "x".repeat(30_000));
            }
            SandboxException refused = catchThrowableOfType(
                    SandboxException.class,
                    () -> broker.launcher(SHAPE).launch(request(echo, Redirect.PIPE), large.buildOrThrow()));
            assertThat(refused.code()).isEqualTo(SandboxErrorCode.COMMAND_INVALID);
            use(broker);
        }
        rig.assertNothingIsLeft("after a long message");
    }

    @Test
    void afterClosingNothingIsStarted() throws Exception {
        Rig rig = new Rig();
        Broker broker = rig.open(temp);
        ConfinedProcess sleeps = launch(broker, request(sleeper, Redirect.PIPE));
        broker.close();
        assertThatCode(broker::close).doesNotThrowAnyException();
        assertThat(catchThrowable(() -> sleeps.exit().get(30, TimeUnit.SECONDS)))
                .as("ended by the broker, or lost with it")
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        lost -> assertThat(lost).isInstanceOf(ExecutionException.class));
        assertThat(catchThrowableOfType(SandboxException.class, () -> launch(broker, request(echo, Redirect.PIPE)))
                        .code())
                .isEqualTo(SandboxErrorCode.SANDBOX_CLOSED);
        for (var stream : ImmutableList.of(sleeps.stdout(), sleeps.stderr())) {
            stream.close();
        }
        sleeps.stdin().close();
        rig.assertNothingIsLeft("after closing");
    }
}
