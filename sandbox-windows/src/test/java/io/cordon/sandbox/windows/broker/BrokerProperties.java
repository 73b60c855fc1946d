package io.cordon.sandbox.windows.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.account.SandboxAccount;
import io.cordon.sandbox.windows.broker.Message.Close;
import io.cordon.sandbox.windows.broker.Message.Exited;
import io.cordon.sandbox.windows.broker.Message.Failed;
import io.cordon.sandbox.windows.broker.Message.Hello;
import io.cordon.sandbox.windows.broker.Message.Kill;
import io.cordon.sandbox.windows.broker.Message.Outcomes;
import io.cordon.sandbox.windows.broker.Message.Started;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.ConfinedProcess;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.BrokerCalls.Ends;
import io.cordon.sandbox.windows.win32.FakeBrokerCalls;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever a broker says to its host: the host tells it as a failure, ends the broker, and keeps nothing. */
class BrokerProperties {
    private static final int PID = BrokerPeer.hostPid();
    private static final ImmutableMap<String, String> ENVIRONMENT = ImmutableMap.of("NAME", "value");
    private static final ChildShape SHAPE = ChildShape.of(
            new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty()),
            JobLimits.of(OptionalInt.of(4), OptionalLong.empty()),
            true);

    private static Path directory = Path.of("");

    @BeforeContainer
    static void makeProgram() throws IOException { // which only has to be found
        directory = Files.createTempDirectory("cordon-broker");
        Files.createFile(directory.resolve("program.exe"));
    }

    @AfterContainer
    static void deleteDirectory() throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    /** A broker that says this once it has received so many messages, and ends. */
    private record Rig(FakeWindows windows, FakeBrokerCalls calls) {
        static Rig saying(byte[] greeting, int received, byte[] said) {
            FakeWindows windows = new FakeWindows();
            FakeBrokerCalls[] calls = new FakeBrokerCalls[1];
            calls[0] = new FakeBrokerCalls(windows, (name, host) -> {
                try (OwnedHandle pipe = calls[0].openPipe(name)) {
                    Ends ends = calls[0].ends(pipe);
                    try (MessageChannel channel = new MessageChannel(ends)) {
                        ends.out().write(greeting, 0, greeting.length);
                        for (int i = 0; i < received; i++) {
                            channel.receive();
                        }
                        ends.out().write(said, 0, said.length);
                    }
                }
            });
            return new Rig(windows, calls[0]);
        }

        Broker open() throws SandboxException {
            BrokerStart start = new BrokerStart(
                    new SandboxAccount("CordonOff-1", Sid.of(5, 21, 1, 2, 3, 1002)),
                    Path.of("java.exe"),
                    "a.jar",
                    directory,
                    Path.of("windows"),
                    Duration.ofSeconds(20));
            return Broker.open(windows.calls(), calls, start, FakeBrokerCalls.password());
        }

        void assertNothingIsLeft() {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            while (!windows.left().isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(windows.left()).as("left").isEmpty();
            assertThat(windows.misuse()).as("misused").isEmpty();
        }
    }

    private static byte[] greeting() throws ProtocolException {
        return MessageChannel.frame(new Hello(MessageCodec.VERSION, PID));
    }

    @Property(tries = 200)
    void whateverIsNoGreetingOpensNothing(@ForAll byte[] bytes) {
        Rig rig = Rig.saying(bytes, 0, new byte[0]);

        assertThat(catchThrowable(rig::open)).isInstanceOf(SandboxException.class);
        rig.assertNothingIsLeft();
    }

    /** What a launch comes to: its failure, or its exit code, or that its end is not known. */
    private sealed interface Fate {
        record Refused(SandboxErrorCode code) implements Fate {}

        record Exit(int code) implements Fate {}

        record Unknown(SandboxErrorCode code) implements Fate {}

        static Fate of(List<Message> answers) {
            boolean started = false;
            for (Message answer : answers) {
                if (answer instanceof Started first && first.id() == 1 && !started) {
                    started = true;
                } else if (answer instanceof Exited exited && exited.id() == 1 && started) {
                    return new Exit(exited.code());
                } else {
                    SandboxErrorCode code = answer instanceof Failed failed && failed.id() == 1
                            ? failed.code()
                            : SandboxErrorCode.BACKEND_UNAVAILABLE;
                    return started ? new Unknown(code) : new Refused(code);
                }
            }
            SandboxErrorCode gone = SandboxErrorCode.BACKEND_UNAVAILABLE;
            return started ? new Unknown(gone) : new Refused(gone);
        }

        static Fate of(Broker broker) throws InterruptedException, TimeoutException {
            ConfinedProcess process;
            try {
                process = broker.launcher(SHAPE).launch(request(), ENVIRONMENT);
            } catch (SandboxException e) {
                return new Refused(e.code());
            }
            try {
                return new Exit(process.exit().get(30, TimeUnit.SECONDS));
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SandboxException cause) {
                    return new Unknown(cause.code());
                }
                throw new AssertionError(e);
            }
        }
    }

    private static LaunchRequest request() {
        return new LaunchRequest(
                ImmutableList.of(directory.resolve("program.exe").toString()),
                Optional.empty(),
                directory,
                ENVIRONMENT,
                Redirect.DISCARD,
                Redirect.DISCARD,
                Redirect.DISCARD,
                false,
                Optional.empty());
    }

    @Property(tries = 300)
    void anyAnswersToALaunchAreTakenAtTheirWordOrEndTheBroker(@ForAll("answers") List<Message> answers)
            throws Exception {
        Rig rig = Rig.saying(greeting(), 2, BrokerSessionProperties.said(answers));

        try (Broker broker = rig.open()) {
            assertThat(Fate.of(broker)).isEqualTo(Fate.of(answers));
        }
        rig.assertNothingIsLeft();
    }

    @Property(tries = 200)
    void aChangedByteIsNeverMoreThanAnotherAnswer(
            @ForAll("answers") List<Message> answers, @ForAll int place, @ForAll byte value) throws Exception {
        byte[] bytes = BrokerSessionProperties.said(answers);
        if (bytes.length > 0) {
            bytes[Math.floorMod(place, bytes.length)] = value;
        }
        Rig rig = Rig.saying(greeting(), 2, bytes);

        try (Broker broker = rig.open()) {
            assertThat(Fate.of(broker)).isNotNull();
        }
        rig.assertNothingIsLeft();
    }

    @Provide
    Arbitrary<List<Message>> answers() {
        Arbitrary<Integer> ids = Arbitraries.integers().between(0, 2);
        Arbitrary<Message> any = Arbitraries.oneOf(
                ids.map(id -> new Started(id, 99)),
                ids.map(id -> new Exited(id, 7)),
                ids.map(id -> new Failed(id, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "step", 193, "text")),
                ids.map(id -> new Outcomes(id, ImmutableList.of(0))),
                Arbitraries.of(new Hello(MessageCodec.VERSION, PID), new Kill(1), new Close()));
        // Often with a start before it, or hardly a sequence would get to an exit.
        return Arbitraries.oneOf(
                any.list().ofMaxSize(4),
                any.list()
                        .ofMaxSize(3)
                        .map(rest -> ImmutableList.<Message>builder()
                                .add(new Started(1, 99))
                                .addAll(rest)
                                .build()));
    }
}
