package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.SandboxedProcess;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a tree when its root exits, when it is destroyed, and when the sandbox is closed. */
@Timeout(30)
class LinuxProcessTreeTest {
    /** How children are started that try to outlive their parent; each prints its process id. */
    private static final String BACKGROUND = "sleep 60 & echo $!";

    private static final String NEW_SESSION = "setsid sh -c 'echo $$; exec sleep 60' & :";
    private static final String DOUBLE_FORK = "(setsid sh -c '(echo $$; exec sleep 60) &' &)";

    @TempDir
    Path directory;

    private Sandbox sandbox;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @BeforeEach
    void open() throws Exception {
        sandbox = Sandbox.open(new Scene(directory).policy(), new LinuxSandboxBackend());
    }

    @AfterEach
    void close() throws Exception {
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {BACKGROUND, NEW_SESSION, DOUBLE_FORK})
    void whatTheRootLeavesRunningEndsWithIt(String script) throws Exception {
        // The root stays until its child is known: the JDK closes the pipe of a process that has ended.
        Process control = new ProcessBuilder("sh", "-c", script + "; read line").start();
        ProcessHandle survivor = firstProcess(control);
        control.getOutputStream().close();
        control.waitFor();
        assertThat(survivor.isAlive()).as("unconfined, it survives").isTrue();
        survivor.destroyForcibly();

        SandboxResult result = sandbox.run("sh", "-c", script + "; sleep 1");

        long process = Long.parseLong(result.stdout().text().strip());
        assertThat(result.duration()).isLessThan(Duration.ofSeconds(20));
        assertThat(result.stdout().complete()).isTrue();
        assertEnded(process);
    }

    @ParameterizedTest
    @ValueSource(strings = {BACKGROUND, NEW_SESSION, DOUBLE_FORK})
    void destroyingEndsTheTree(String script) throws Exception {
        SandboxedProcess process =
                sandbox.process("sh", "-c", script + "; wait; sleep 60").start();
        ProcessHandle child = firstProcess(process);
        assertThat(child.isAlive()).isTrue();

        process.destroyForcibly();

        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(128 + 9);
        assertEnded(child.pid());
    }

    @Test
    void destroyingNormallyLetsTheTreeCleanUp() throws Exception {
        SandboxedProcess process = sandbox.process("sh", "-c", "trap 'echo bye; exit 3' TERM; echo $$; sleep 60 & wait")
                .start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(output.readLine()).isEqualTo(String.valueOf(process.pid()));

        process.destroy();

        assertThat(process.waitFor()).isEqualTo(3);
        assertThat(output.readLine()).isEqualTo("bye");
    }

    @Test
    void closingTheSandboxEndsEverything() throws Exception {
        SandboxedProcess process =
                sandbox.process("sh", "-c", NEW_SESSION + "; wait; sleep 60").start();
        ProcessHandle child = firstProcess(process);

        sandbox.close();

        assertThat(process.isAlive()).isFalse();
        assertEnded(child.pid());
    }

    @Test
    void theTreeEndsWhenItsTimeIsUp() throws Exception {
        var policy = sandbox.policy().toBuilder()
                .limits(limits -> limits.timeout(Duration.ofMillis(500)))
                .build();
        try (Sandbox timed = Sandbox.open(policy, new LinuxSandboxBackend())) {
            SandboxResult result = timed.run("sh", "-c", NEW_SESSION + "; wait; sleep 60");

            assertThat(result.status()).isEqualTo(SandboxResult.Status.TIMED_OUT);
            assertThat(result.duration()).isBetween(Duration.ofMillis(400), Duration.ofSeconds(10));
            assertEnded(Long.parseLong(result.stdout().text().strip()));
        }
    }

    /** The gap that the report names; the caller is not made to wait for such a process. */
    @Test
    void aDaemonThatHidesSurvivesAndHangsNobody() throws Exception {
        SandboxResult result = sandbox.run("sh", "-c", "env -i setsid sh -c 'echo $$; sleep 60 & exit' & sleep 0.3");

        assertThat(result.stdout().complete())
                .as("something still holds the pipe")
                .isFalse();
        assertThat(result.duration()).isLessThan(Duration.ofSeconds(20));
        Optional<ProcessHandle> daemon = ProcessHandle.allProcesses()
                .filter(handle -> handle.info().commandLine().orElse("").equals("/usr/bin/sleep 60")
                        || handle.info().commandLine().orElse("").endsWith("sleep 60"))
                .findFirst();
        assertThat(daemon).isPresent();
        daemon.orElseThrow().destroyForcibly();
    }

    @Test
    void nothingGrowsOverManyLaunches() throws Exception {
        for (int i = 0; i < 20; i++) {
            sandbox.run("true");
        }
        HostResources before = HostResources.now();

        for (int i = 0; i < 200; i++) {
            assertThat(sandbox.run("sh", "-c", "echo " + i).stdout().text()).isEqualTo(i + "\n");
        }

        HostResources.awaitAtMost(before);
    }

    private static ProcessHandle firstProcess(Process process) throws Exception {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
    }

    private static void assertEnded(long pid) throws Exception {
        Optional<ProcessHandle> handle = ProcessHandle.of(pid);
        if (handle.isPresent()) { // killed, and not reaped by init yet
            handle.get().onExit().get(10, TimeUnit.SECONDS);
        }
    }
}
