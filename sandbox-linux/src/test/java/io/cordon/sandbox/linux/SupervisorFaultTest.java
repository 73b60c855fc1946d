package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.linux.syscall.SupervisorCalls;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lets the n-th call of a supervisor fail, for every n: nothing outside changes, nobody hangs, nothing is left. */
@Timeout(120)
class SupervisorFaultTest {
    /** ENOMSG, which no call of these gives by itself. */
    private static final int INJECTED = 42;

    private static final String SCRIPT =
            "chmod 700 src/a.txt; a=$?; touch -d 2001-01-01 /proc/self/cwd/src/a.txt; b=$?;"
                    + "chown $(id -u) src/a.txt; c=$?; chmod 600 \"$OUT/file\"; d=$?;"
                    + "chmod 600 link-to-file; e=$?; echo $a$b$c$d$e";

    @TempDir
    Path directory;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @Test
    void whicheverCallFailsNothingOutsideChanges() throws Exception {
        Scene scene = new Scene(directory);
        var before = scene.outsideContents();
        assertThat(run(scene, new Failing(Integer.MAX_VALUE))).isEqualTo("00011\n");
        HostResources resources = HostResources.now();

        Set<String> failed = new TreeSet<>();
        for (int n = 1; ; n++) {
            Failing failing = new Failing(n);
            String answers = run(scene, failing);
            assertThat(scene.outsideContents())
                    .as("call %s: %s", n, failing.failed)
                    .isEqualTo(before);
            HostResources.awaitAtMost(resources);
            if (failing.failed.isEmpty()) {
                break;
            }
            failed.add(failing.failed);
            assertThat(answers).as(failing.failed).matches("failed|[01][01][01]11\n");
        }

        assertThat(failed)
                .contains(
                        "awaitNotification",
                        "receive",
                        "answer",
                        "readText",
                        "openPath",
                        "isOfProc",
                        "location",
                        "changeMode",
                        "changeOwner",
                        "changeTimes");
    }

    /** What the script was answered; "failed" if the sandbox did not open. */
    private static String run(Scene scene, Failing failing) throws Exception {
        SystemCalls calls = failing.calls();
        try (Sandbox sandbox = Sandbox.open(scene.policy(), new LinuxSandboxBackend(architecture -> calls))) {
            var builder = sandbox.process("sh", "-c", SCRIPT);
            builder.environment().putAll(scene.variables());
            SandboxResult result = builder.run();
            return result.stdout().text();
        } catch (SandboxException e) {
            return "failed";
        }
    }

    private static final class Failing {
        private final AtomicInteger left;
        private volatile String failed = "";

        Failing(int n) {
            left = new AtomicInteger(n);
        }

        SystemCalls calls() {
            return CallProxy.before(SystemCalls.class, LinuxHost.calls(), new CallProxy.Interceptor() {
                @Override
                public void before(Method method) {}

                @Override
                public @Nullable Object result(@Nullable Object real) {
                    return real instanceof SupervisorCalls calls ? failing(calls) : real;
                }
            });
        }

        private SupervisorCalls failing(SupervisorCalls real) {
            return CallProxy.before(SupervisorCalls.class, real, method -> {
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
