package io.cordon.sandbox.windows.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.Lifetime;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class RegisterLockTest {
    @TempDir
    Path home;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void endThreads() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    private EditRegister register(Duration patience) {
        return new EditRegister(home, Owners.SYSTEM, StepListener.NONE, patience);
    }

    private EditRegister register() {
        return register(Duration.ofSeconds(60));
    }

    @Test
    void oneThreadAtATimeIsInATransaction() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        List<Future<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            results.add(threads.submit(() -> {
                int most = 0;
                for (int n = 0; n < 10; n++) {
                    try (RegisterTransaction transaction = register().begin()) {
                        most = Math.max(most, inside.incrementAndGet());
                        assertThat(transaction.layers()).isEmpty();
                        Thread.sleep(1);
                        inside.decrementAndGet();
                    }
                }
                return most;
            }));
        }
        for (Future<Integer> result : results) {
            assertThat(result.get(60, TimeUnit.SECONDS)).isEqualTo(1);
        }
    }

    @Test
    void aThreadThatIsInATransactionCannotBeginAnother() throws Exception {
        try (RegisterTransaction transaction = register().begin()) {
            assertThatThrownBy(() -> register().begin())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already");
            assertThat(transaction.layers()).isEmpty();
        }
        register().begin().close();
    }

    @Test
    void aTransactionBelongsToItsThreadAndEndsOnce() throws Exception {
        RegisterTransaction transaction = register().begin();
        assertThat(transaction.leases()).isEmpty();
        threads.submit(() -> assertThatThrownBy(transaction::leases).isInstanceOf(IllegalStateException.class))
                .get(20, TimeUnit.SECONDS);
        threads.submit(() -> assertThatThrownBy(transaction::close).isInstanceOf(IllegalStateException.class))
                .get(20, TimeUnit.SECONDS);
        assertThat(transaction.leases()).isEmpty();

        transaction.close();

        assertThatThrownBy(transaction::leases).isInstanceOf(IllegalStateException.class);
        transaction.close();
    }

    @Test
    void aThreadThatWaitsTooLongIsTold() throws Exception {
        try (RegisterTransaction transaction = register().begin()) {
            assertThat(transaction.layers()).isEmpty();
            SandboxException failure = threads.submit(() -> catchThrowableOfType(
                            SandboxException.class,
                            () -> register(Duration.ofMillis(50)).begin()))
                    .get(20, TimeUnit.SECONDS);
            assertThat(failure).isNotNull();
            assertThat(failure.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
            assertThat(failure).hasMessageContaining("another thread of this process");
        }
    }

    @Test
    void anInterruptNeitherEndsTheWaitNorTheTransaction() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        Future<Boolean> waiting;
        try (RegisterTransaction transaction = register().begin()) {
            waiting = threads.submit(() -> {
                Thread.currentThread().interrupt();
                interrupted.countDown();
                try (RegisterTransaction own = register().begin();
                        JournalWriter writer = own.newLayer(Lifetime.SESSION, List.of(), List.of())) {
                    writer.append(List.of(Samples.made("C:\\x")));
                    writer.complete(List.of());
                    assertThat(own.layers()).singleElement().matches(Layer::isComplete);
                }
                return Thread.interrupted();
            });
            assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            assertThat(transaction.layers()).isEmpty();
        }
        assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptWhileAnotherJvmHoldsTheLockIsKept() throws Exception {
        Process child = RegisterChild.start("hold", home);
        try (BufferedReader out = child.inputReader()) {
            assertThat(out.readLine()).isEqualTo("holding 0");
            Future<Boolean> waiting = threads.submit(() -> {
                Thread.currentThread().interrupt();
                register().begin().close();
                return Thread.interrupted();
            });
            assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            child.getOutputStream().close();

            assertThat(waiting.get(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            RegisterChild.end(child);
        }
    }

    @Test
    void anotherJvmThatHoldsTheLockIsNamedAndItsDeathFreesIt() throws Exception {
        Process child = RegisterChild.start("hold", home);
        try (BufferedReader out = child.inputReader()) {
            assertThat(out.readLine()).isEqualTo("holding 0");

            SandboxException failure = catchThrowableOfType(
                    SandboxException.class,
                    () -> register(Duration.ofMillis(100)).begin());

            assertThat(failure).isNotNull().hasMessageContaining("the process " + child.pid() + ":");
        } finally {
            RegisterChild.end(child);
        }
        register().begin().close();
        assertThat(Files.readString(home.resolve("journal/lock")))
                .isEqualTo(Long.toString(ProcessHandle.current().pid()));
    }

    @Test
    void theLeaseOfAnotherJvmHoldsUntilThatDies() throws Exception {
        Process child = RegisterChild.start("lease", home);
        try (BufferedReader out = child.inputReader()) {
            assertThat(out.readLine()).isEqualTo("open");
            try (RegisterTransaction transaction = register().begin()) {
                assertThat(transaction.leases())
                        .singleElement()
                        .extracting(lease -> lease.owner().pid())
                        .isEqualTo(child.pid());
                assertThat(transaction.deadLeases()).isEmpty();
                assertThat(transaction.needed()).hasSize(1);
            }
        } finally {
            RegisterChild.end(child);
        }
        try (RegisterTransaction transaction = register().begin()) {
            assertThat(transaction.deadLeases()).hasSize(1);
            assertThat(transaction.unneeded(layer -> false)).singleElement().matches(Layer::isComplete);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"layer.written", "lease.written", "block.written", "complete.write", "complete.forced"})
    void aJvmThatHaltsInATransactionLeavesNothingThatIsNeeded(String step) throws Exception {
        Process child = RegisterChild.start("halt:" + step, home);
        try {
            assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(child.exitValue()).isEqualTo(42);
        } finally {
            RegisterChild.end(child);
        }
        try (RegisterTransaction transaction = register().begin()) {
            assertThat(transaction.needed()).isEmpty();
            assertThat(transaction.quarantined()).isEmpty();
            assertThat(transaction.layers()).hasSize(step.equals("layer.written") ? 0 : 1);
            assertThat(transaction.deadLeases()).hasSize(step.startsWith("l") ? 0 : 1);
            for (Layer layer : transaction.unneeded(layer -> false)) {
                assertThat(layer.isComplete()).isEqualTo(step.equals("complete.forced"));
                try (JournalReader reader = transaction.open(layer)) {
                    assertThat(reader.records()).isEqualTo(step.startsWith("l") ? 0 : 1);
                }
                transaction.delete(layer);
            }
        }
        try (var files = Files.list(home.resolve("journal"))) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".lease")))
                    .containsExactly("lock");
        }
    }

    @Test
    void anOwnerIsAliveUnlessItIsCertainThatItIsNot() {
        Owner self = Owner.current();

        assertThat(Owners.SYSTEM.isAlive(self)).isTrue();
        assertThat(Owners.SYSTEM.isAlive(new Owner(self.pid(), Owner.UNKNOWN_START)))
                .isTrue();
        assertThat(Owners.SYSTEM.isAlive(new Owner(self.pid(), self.started() - 10_000)))
                .isFalse();
        assertThat(Owners.SYSTEM.isAlive(new Owner(self.pid(), self.started() + 10_000)))
                .isFalse();
        assertThat(Owners.SYSTEM.isAlive(new Owner(Integer.MAX_VALUE - 1, self.started())))
                .isFalse();
    }
}
