package io.cordon.sandbox.windows.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.windows.broker.Message.Close;
import io.cordon.sandbox.windows.broker.Message.Exited;
import io.cordon.sandbox.windows.broker.Message.Failed;
import io.cordon.sandbox.windows.broker.Message.Hello;
import io.cordon.sandbox.windows.broker.Message.Kill;
import io.cordon.sandbox.windows.broker.Message.Launch;
import io.cordon.sandbox.windows.broker.Message.Started;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.win32.FakeBrokerHost;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Whatever a host says to a broker. */
class BrokerSessionProperties {
    private static final int HOST = 4711;
    private static final int SELF = 4712;

    private static Launch launch(int id) {
        return new Launch(
                id,
                "C:\\a.exe",
                "a b",
                "A=1\0",
                "C:\\",
                ImmutableList.of(4L, 8L, 8L),
                ChildShape.of(
                        new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty()),
                        JobLimits.of(OptionalInt.of(4), OptionalLong.empty()),
                        true));
    }

    static byte[] said(List<Message> messages) throws ProtocolException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Message message : messages) {
            bytes.writeBytes(MessageChannel.frame(message));
        }
        return bytes.toByteArray();
    }

    private static byte[] greeted(List<Message> messages) throws ProtocolException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(MessageChannel.frame(new Hello(MessageCodec.VERSION, HOST)));
        bytes.writeBytes(said(messages));
        return bytes.toByteArray();
    }

    private static @Nullable Throwable run(FakeWindows windows, byte[] said) {
        FakeBrokerHost host = new FakeBrokerHost(windows, HOST, said);
        Throwable thrown = catchThrowable(() -> new BrokerSession(windows.calls(), host, HOST, SELF).run("pipe"));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!windows.left().isEmpty() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(windows.left()).as("left").isEmpty();
        assertThat(windows.misuse()).as("misused").isEmpty();
        return thrown;
    }

    @Property(tries = 500)
    void whateverIsNoGreetingStartsNothing(@ForAll byte[] bytes) {
        FakeWindows windows = new FakeWindows();
        assertThat(run(windows, bytes)).isInstanceOf(ProtocolException.class);
        assertThat(windows.processes()).isEmpty();
    }

    @Property(tries = 300)
    void anyMessagesInAnyOrderStartOnlyWhatHasAHigherIdThanAllBefore(@ForAll("messages") List<Message> messages)
            throws Exception {
        FakeWindows windows = new FakeWindows();

        Throwable thrown = run(windows, greeted(messages));

        int last = 0;
        int starts = 0;
        boolean refused = false;
        for (Message message : messages) {
            if (message instanceof Close) {
                break;
            } else if (message instanceof Launch launch && launch.id() > last) {
                last = launch.id();
                starts++;
            } else if (!(message instanceof Kill kill) || kill.id() < 1 || kill.id() > last) {
                refused = true;
                break;
            }
        }
        assertThat(windows.processes()).hasSize(starts);
        if (refused) {
            assertThat(thrown).isInstanceOf(ProtocolException.class);
        } else {
            assertThat(thrown).isNull();
        }
    }

    @Property(tries = 500)
    void aChangedByteEndsItAsNoMessageOrLeavesOne(
            @ForAll("messages") List<Message> messages, @ForAll int place, @ForAll byte value) throws Exception {
        byte[] bytes = greeted(messages);
        bytes[Math.floorMod(place, bytes.length)] = value;

        Throwable thrown = run(new FakeWindows(), bytes);

        if (thrown != null) {
            assertThat(thrown).isInstanceOf(ProtocolException.class);
        }
    }

    @Provide
    Arbitrary<List<Message>> messages() {
        Arbitrary<Integer> ids = Arbitraries.integers().between(-1, 8);
        // Rising ids too, or hardly a sequence would get past its second launch.
        return Arbitraries.oneOf(
                Arbitraries.frequencyOf(
                                Tuple.of(8, ids.<Message>map(BrokerSessionProperties::launch)),
                                Tuple.of(4, ids.<Message>map(Kill::new)),
                                Tuple.of(
                                        1,
                                        Arbitraries.<Message>of(
                                                new Close(),
                                                new Hello(MessageCodec.VERSION, HOST),
                                                new Started(1, 2),
                                                new Exited(1, 2),
                                                new Failed(1, SandboxErrorCode.LAUNCH_FAILED, "", 0, ""))))
                        .list()
                        .ofMaxSize(8)
                        .map(List::<Message>copyOf),
                ids.set()
                        .ofMaxSize(5)
                        .map(set -> set.stream()
                                .filter(id -> id > 0)
                                .sorted()
                                .<Message>map(BrokerSessionProperties::launch)
                                .toList()));
    }
}
