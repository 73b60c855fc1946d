package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxedProcess;
import io.cordon.sandbox.linux.syscall.ExitQueue;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many children, one waiting thread, and what becomes of them when the waiting fails. */
@Timeout(60)
class ExitQueueTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @Test
    void oneThreadWaitsForManyChildrenAndEachGetsItsOwnCode() throws Exception {
        try (Sandbox sandbox = Sandbox.open(new Scene(directory).policy(), new LinuxSandboxBackend())) {
            List<SandboxedProcess> processes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                processes.add(
                        sandbox.process("sh", "-c", "read line; exit " + i).start());
            }
            HostResources.await(() -> threads("cordon-exits") == 1); // those of other sandboxes end a little later
            assertThat(threads("cordon-exit"))
                    .as("threads for exits that have not happened")
                    .isLessThan(50);
            for (int i = 0; i < 100; i++) {
                processes.get(i).getOutputStream().close();
                assertThat(processes.get(i).waitFor()).isEqualTo(i);
            }
        }
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    @Test
    void codeOfACallerDelaysNobodyElsesExit() throws Exception {
        try (Sandbox sandbox = Sandbox.open(new Scene(directory).policy(), new LinuxSandboxBackend())) {
            CountDownLatch blocked = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            var slow = sandbox.process("sleep", "0.1").start().onExit().thenRun(() -> {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            blocked.await();

            assertThat(sandbox.run("true").succeeded()).isTrue();

            release.countDown();
            slow.get();
        }
    }

    @Test
    void whatCannotBeWatchedIsEnded() throws Exception {
        HostResources before = HostResources.now();
        SystemCalls calls = failingAt("add");
        try (Sandbox sandbox = Sandbox.open(new Scene(directory).policy(), new LinuxSandboxBackend(a -> calls))) {
            assertThatThrownBy(() -> sandbox.run("sleep", "60"))
                    .isInstanceOf(NativeStepException.class)
                    .hasMessageContaining("injected");
        }
        HostResources.awaitAtMost(before);
    }

    @Test
    void whenTheWaitingFailsTheChildrenAreEndedAndTheirCallersTold() throws Exception {
        HostResources before = HostResources.now();
        SystemCalls calls = failingAt("await");
        try (Sandbox sandbox = Sandbox.open(new Scene(directory).policy(), new LinuxSandboxBackend(a -> calls))) {
            try {
                SandboxedProcess process = sandbox.process("sleep", "60").start();
                assertThatThrownBy(() -> process.onExit().get(30, TimeUnit.SECONDS))
                        .isInstanceOf(ExecutionException.class)
                        .hasRootCauseInstanceOf(NativeStepException.class);
            } catch (SandboxException e) { // the waiting failed before the child was started
                assertThat(e).hasMessageContaining("injected");
            }
            assertThatThrownBy(() -> sandbox.run("true"))
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining("open another sandbox");
        }
        HostResources.awaitAtMost(before);
    }

    private static SystemCalls failingAt(String name) {
        return CallProxy.before(SystemCalls.class, LinuxHost.calls(), new CallProxy.Interceptor() {
            @Override
            public void before(Method method) {}

            @Override
            public @Nullable Object result(@Nullable Object real) {
                return real instanceof ExitQueue queue ? failingQueue(queue, name) : real;
            }
        });
    }

    private static ExitQueue failingQueue(ExitQueue real, String name) {
        return CallProxy.before(ExitQueue.class, real, method -> {
            if (method.getName().equals(name)) {
                throw new NativeStepException(SandboxErrorCode.LAUNCH_FAILED, name, 42, "injected");
            }
        });
    }
}
