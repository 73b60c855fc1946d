package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * T01 to T05: nothing outlives its sandbox. Whether a process lives is told by the lock that it holds, which the system
 * takes away with the process and no earlier: a user may not look at processes of another account.
 */
abstract class TreeRules extends Rules {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration UNTIL_FREED = Duration.ofSeconds(15);
    private static final long PAUSE = 50;

    private Sandbox open() throws Exception {
        return scene().open(scene().policy().build());
    }

    @Test
    void required_T01_whatTheRootLeavesRunningEndsWithIt() throws Exception {
        unlessDeclared("T01", Capability.PROCESS_TREE, scene().policy());
        Path control = lock("control");
        Attempt left = scene().unconfined("leave", control.toString());
        assertThat(isHeld(control)).as("the control lives: %s", left).isTrue();
        endUnconfined(left.said());

        Path lock = lock("lock");
        try (Sandbox sandbox = open()) {
            scene().confined(sandbox, "leave", lock.toString()).isOk("leaving a process");
            assertThat(isFreed(lock)).as("it has ended with the root").isTrue();
        }
    }

    @Test
    void required_T02_destroyForciblyEndsTheTree() throws Exception {
        unlessDeclared("T02", Capability.PROCESS_TREE, scene().policy());
        Path control = lock("control");
        Process plain = scene().unconfinedProcess("tree", control.toString());
        String said = awaitTree(plain);
        plain.destroyForcibly().waitFor();
        assertThat(isHeld(control)).as("the control lives: %s", said).isTrue();
        endUnconfined(said);

        Path lock = lock("lock");
        try (Sandbox sandbox = open()) {
            Process process =
                    sandbox.process(scene().command("tree", lock.toString())).start();
            awaitTree(process);
            assertThat(isHeld(lock)).isTrue();
            process.destroyForcibly().waitFor();
            assertThat(isFreed(lock)).as("it has ended with the root").isTrue();
        }
    }

    @Test
    void required_T03_closingEndsEveryTree() throws Exception {
        unlessDeclared("T03", Capability.PROCESS_TREE, scene().policy());
        Path lock = lock("lock");
        try (Sandbox sandbox = open()) {
            awaitTree(sandbox.process(scene().command("tree", lock.toString())).start());
            assertThat(isHeld(lock)).as("the control: it lives").isTrue();
        }
        assertThat(isFreed(lock)).as("it has ended with the sandbox").isTrue();
    }

    @Test
    void required_T04_aStreamThatIsHeldHangsNobody() throws Exception {
        unlessDeclared("T04");
        Path lock = lock("lock");
        try (Sandbox sandbox = open()) {
            Assertions.assertTimeoutPreemptively(
                    PATIENCE,
                    () -> scene().confined(sandbox, "leave-open", lock.toString())
                            .isOk("leaving a process that has the error stream"));
        }
    }

    @Test
    void optional_T05_noProcessOutsideIsEnded() throws Exception {
        unlessDeclared("T05");
        Process control = scene().unconfinedProcess("hold", lock("control").toString());
        said(control);
        scene().unconfined("end", Long.toString(control.pid())).isOk("the control: ended unconfined");
        control.waitFor();

        Process victim = scene().unconfinedProcess("hold", lock("lock").toString());
        try (Sandbox sandbox = open()) {
            said(victim);
            scene().confined(sandbox, "end", Long.toString(victim.pid())).isDenied("ending a process outside");
            assertThat(victim.isAlive()).isTrue();
        } finally {
            victim.destroyForcibly().waitFor();
        }
    }

    private Path lock(String name) {
        return scene().workspace().resolve(name + ".lock");
    }

    private static String awaitTree(Process process) throws IOException {
        String said = said(process);
        assertThat(said).startsWith(ProcessProbe.HOLDING);
        return said;
    }

    /** What a process says, past what its JVM says of its options. */
    private static String said(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String line = output.readLine();
        while (line != null && !line.startsWith(ProcessProbe.HOLDING)) {
            line = output.readLine();
        }
        return String.valueOf(line);
    }

    private static void endUnconfined(String said) {
        String id = said.substring(said.indexOf(ProcessProbe.HOLDING) + ProcessProbe.HOLDING.length());
        ProcessHandle.of(Long.parseLong(id.substring(0, id.indexOf(' ')))).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static boolean isHeld(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock got = channel.tryLock()) {
            return got == null;
        }
    }

    /** Ending takes its time. */
    private static boolean isFreed(Path lock) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + UNTIL_FREED.toNanos();
        while (isHeld(lock)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            Thread.sleep(PAUSE);
        }
        return true;
    }
}
