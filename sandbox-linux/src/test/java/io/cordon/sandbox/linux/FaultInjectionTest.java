package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opens a sandbox and starts a process again and again, and lets the n-th system call fail, for every n. */
@Timeout(60)
class FaultInjectionTest {
    private static final int INJECTED = 42;

    @TempDir
    Path directory;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @Test
    void nothingIsLeftBehindWhicheverCallFails() throws Exception {
        assertThat(failures(new Scene(directory).policy()))
                .contains(
                        "createRuleset",
                        "allow",
                        "setNoNewPrivileges",
                        "dropCapabilities",
                        "restrictSelf",
                        "supervisor",
                        "loadNotifyingFilter",
                        "pipe",
                        "prepare",
                        "spawn",
                        "exitQueue",
                        "reap")
                .hasSizeGreaterThan(15);
    }

    /** The same with a proxy, which is closed again. */
    @Test
    void nothingIsLeftBehindOfAProxyEither() throws Exception {
        LinuxHost.requireTcpRules();
        SandboxPolicy policy = new Scene(directory)
                .policy().toBuilder()
                        .network(NetworkAccess.allowHosts("api.test"))
                        .acceptPartial(Capability.NETWORK)
                        .build();

        assertThat(failures(policy)).contains("allowConnecting", "restrictSelf", "spawn");
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("cordon-proxy");
    }

    private static List<String> failures(SandboxPolicy policy) throws Exception {
        runOnce(policy, new FailingCalls(Integer.MAX_VALUE)); // what is loaded once is loaded
        HostResources before = HostResources.now();

        List<String> failed = new ArrayList<>();
        for (int n = 1; ; n++) {
            FailingCalls calls = new FailingCalls(n);
            if (!runOnce(policy, calls)) {
                return failed;
            }
            failed.add(calls.failed);
            HostResources.awaitAtMost(before);
        }
    }

    /** Whether the injected failure came out, as the failure that it was. */
    private static boolean runOnce(SandboxPolicy policy, FailingCalls calls) throws Exception {
        SystemCalls failing = calls.proxy();
        try (Sandbox sandbox = Sandbox.open(policy, new LinuxSandboxBackend(architecture -> failing))) {
            assertThat(sandbox.run("sh", "-c", "echo ran").stdout().text()).isEqualTo("ran\n");
            return false;
        } catch (SandboxException e) {
            assertThat(e).isInstanceOf(NativeStepException.class).hasMessageContaining("injected");
            return true;
        } catch (IllegalStateException e) { // the exit code is lost when waiting for the child fails
            assertThat(e).hasRootCauseInstanceOf(NativeStepException.class);
            return true;
        }
    }

    @Test
    void aFailedStepNamesTheFunctionTheObjectAndTheSystemsError() throws Exception {
        Scene scene = new Scene(directory);

        assertThatThrownBy(() -> LinuxHost.calls().open(scene.outside().resolve("none"), 0, 0))
                .isInstanceOf(NativeStepException.class)
                .hasMessageContaining("open(" + scene.outside().resolve("none") + ") failed with 2 (No such file");
    }

    /** The real calls, of which one fails. Those that only ask do not count: they cannot fail. */
    private static final class FailingCalls {
        private final SystemCalls real = LinuxHost.calls();
        private final AtomicInteger left;
        private String failed = "";

        FailingCalls(int n) {
            left = new AtomicInteger(n);
        }

        SystemCalls proxy() {
            return CallProxy.before(SystemCalls.class, real, method -> {
                boolean canFail = List.of(method.getExceptionTypes()).contains(NativeStepException.class);
                if (canFail && left.decrementAndGet() == 0) {
                    failed = method.getName();
                    throw new NativeStepException(
                            SandboxErrorCode.LAUNCH_FAILED, method.getName(), INJECTED, "injected");
                }
            });
        }
    }
}
