package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.sandbox.SandboxEvent.Attested;
import io.cordon.sandbox.SandboxEvent.Closed;
import io.cordon.sandbox.SandboxEvent.Edited;
import io.cordon.sandbox.SandboxEvent.Exited;
import io.cordon.sandbox.SandboxEvent.Launched;
import io.cordon.sandbox.SandboxEvent.LikelyDenied;
import io.cordon.sandbox.SandboxEvent.LimitReached;
import io.cordon.sandbox.SandboxEvent.LimitReached.Limit;
import io.cordon.sandbox.SandboxEvent.Opened;
import io.cordon.sandbox.SandboxEvent.Planned;
import io.cordon.sandbox.SandboxEvent.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxEventsTest {
    private static final String SECRET = "hunter2";

    @TempDir
    Path directory;

    private final UnconfinedTestBackend backend = new UnconfinedTestBackend();
    private final List<SandboxEvent> told = new CopyOnWriteArrayList<>();

    private Sandbox open(Consumer<ResourceLimits.Builder> limits) throws Exception {
        return Sandbox.open(
                SandboxPolicy.builder()
                        .allowWrite(directory.toRealPath())
                        .limits(limits)
                        .environment(environment -> environment.inheritCore().set("TOKEN", SECRET))
                        .build(),
                SandboxOptions.builder().backend(backend).listener(told::add).build());
    }

    private void await(Class<? extends SandboxEvent> type) {
        Eventually.holds("an event " + type, () -> told.stream().anyMatch(type::isInstance));
    }

    @Test
    void theLifeOfASandboxIsToldInOrder() throws Exception {
        try (Sandbox sandbox = open(limits -> {})) {
            assertThat(sandbox.run(TestChild.command("exit:7")).exitCode()).isEqualTo(7);
            await(Exited.class);
        }

        assertThat(told)
                .extracting(event -> (Object) event.getClass())
                .containsExactly(
                        Planned.class,
                        Edited.class,
                        Attested.class,
                        Opened.class,
                        Launched.class,
                        Exited.class,
                        Closed.class);
        assertThat(told)
                .extracting(SandboxEvent::sandbox)
                .containsOnly(told.get(0).sandbox());
        Launched launched = (Launched) told.get(4);
        assertThat(launched.program()).isEqualTo(TestChild.command().get(0));
        assertThat(told.get(5)).isInstanceOfSatisfying(Exited.class, exited -> {
            assertThat(exited.pid()).isEqualTo(launched.pid());
            assertThat(exited.exitCode()).isEqualTo(7);
        });
        assertThat(told.get(6)).isEqualTo(new Closed(launched.sandbox(), ""));
    }

    @Test
    void whyOneDoesNotOpenIsTold() {
        backend.sees(Enforcement.none(Capability.NETWORK, "no filter", "get one"));

        assertThatExceptionOfType(UnenforceablePolicyException.class).isThrownBy(() -> open(limits -> {}));

        assertThat(told.get(told.size() - 1)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo(SandboxErrorCode.POLICY_UNENFORCEABLE);
            assertThat(refused.unmet()).extracting(Enforcement::capability).containsExactly(Capability.NETWORK);
        });
        assertThat(told).noneMatch(Opened.class::isInstance);
    }

    @Test
    void limitsAndDenialsAreTold() throws Exception {
        try (Sandbox sandbox = open(limits -> limits.output(1 << 10))) {
            sandbox.run(TestChild.command("flood:100000"));
            sandbox.run(TestChild.command("err:Permission denied", "exit:1"));
        }
        try (Sandbox sandbox = open(limits -> limits.timeout(Duration.ofMillis(1)))) {
            sandbox.run(TestChild.command("wait"));
        }
        Eventually.holds(
                "two limits",
                () -> told.stream().filter(LimitReached.class::isInstance).count() == 2);

        assertThat(told.stream().filter(LimitReached.class::isInstance).map(event -> ((LimitReached) event).limit()))
                .containsExactlyInAnyOrder(Limit.OUTPUT, Limit.TIMEOUT);
        assertThat(told).filteredOn(LikelyDenied.class::isInstance).hasSize(1);
    }

    @Test
    void aListenerThatFailsChangesNothing() throws Exception {
        SandboxOptions options = SandboxOptions.builder()
                .backend(backend)
                .listener(event -> {
                    throw new IllegalStateException("a listener's own");
                })
                .build();
        try (Sandbox sandbox = Sandbox.open(SandboxPolicy.readOnly(), options)) {
            assertThat(sandbox.run(TestChild.command("exit:3")).exitCode()).isEqualTo(3);
        }
        assertThat(backend.closed).hasValue(1);
    }

    /** Takes what the library logs. */
    private static final class Lines extends Handler {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord record) {
            lines.add(new SimpleFormatter().format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void noSecretIsInAnEventARecordingOrTheLog() throws Exception {
        Files.writeString(directory.resolve("file"), SECRET);
        Logger logger = Logger.getLogger("io.cordon.sandbox");
        Lines log = new Lines();
        Level before = logger.getLevel();
        logger.addHandler(log);
        logger.setLevel(Level.ALL);
        log.setLevel(Level.ALL);
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            try (Sandbox sandbox = open(limits -> {})) {
                SandboxResult result = sandbox.process(TestChild.command(
                                "variable:TOKEN", "input", "err:Permission denied", "out:" + SECRET, "exit:1"))
                        .redirectInput(directory.resolve("file").toFile())
                        .run();
                assertThat(result.stdout().text()).as("the control").contains("TOKEN=" + SECRET, SECRET);
                await(Exited.class);
            }
            recording.stop();
            recording.dump(file);
        } finally {
            logger.removeHandler(log);
            logger.setLevel(before);
        }

        List<String> recorded = RecordingFile.readAllEvents(file).stream()
                .map(event -> event.getEventType().getName() + event)
                .toList();
        assertThat(told).extracting(Object::toString).noneMatch(text -> text.contains(SECRET));
        assertThat(log.lines).isNotEmpty().noneMatch(text -> text.contains(SECRET));
        assertThat(recorded)
                .anyMatch(text -> text.startsWith("io.cordon.sandbox.Launched"))
                .anyMatch(text -> text.startsWith("io.cordon.sandbox.LikelyDenied"))
                .anyMatch(text -> text.startsWith("io.cordon.sandbox.Closed"))
                .noneMatch(text -> text.contains(SECRET));
    }
}
