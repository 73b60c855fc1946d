package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Sandbox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The confinement belongs to one thread; the JVM's others, old and new, keep all their rights. */
class JvmStaysUnconfinedTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @Test
    void everyThreadButTheLauncherIsUnconfined() throws Exception {
        Scene scene = new Scene(directory);
        HostResources.await(() -> confinedThreads().isEmpty()); // the launchers of other tests end a little later

        try (Sandbox sandbox = Sandbox.open(scene.policy(), new LinuxSandboxBackend())) {
            for (int i = 0; i < 5; i++) {
                assertThat(sandbox.run("true").succeeded()).isTrue();
            }
            var process = sandbox.process("sleep", "5").start();
            assertThat(confinedThreads()).containsExactly("cordon-launcher");
            process.destroyForcibly().waitFor();
        }

        assertThat(confinedThreads()).as("after the sandbox is closed").isSubsetOf("cordon-launcher");
    }

    @Test
    void whatWaitsForTheExitOfAChildIsUnconfined() throws Exception {
        Scene scene = new Scene(directory);
        try (Sandbox sandbox = Sandbox.open(scene.policy(), new LinuxSandboxBackend())) {
            String written = sandbox.process("sh", "-c", "sleep 0.2")
                    .start()
                    .onExit()
                    .thenApply(process -> {
                        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                            return Files.writeString(scene.outside().resolve("by-jvm"), "" + socket.isBound())
                                    .toString();
                        } catch (IOException e) {
                            return e.toString();
                        }
                    })
                    .get();

            assertThat(written).isEqualTo(scene.outside().resolve("by-jvm").toString());
        }
    }

    /** The names of the threads that cannot gain privileges, or that have a filter. */
    private static List<String> confinedThreads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.filter(JvmStaysUnconfinedTest::isConfined)
                    .map(task -> read(task.resolve("comm")).strip())
                    .toList();
        }
    }

    private static boolean isConfined(Path task) {
        String status = read(task.resolve("status"));
        return status.contains("NoNewPrivs:\t1") || status.contains("Seccomp:\t2");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return ""; // the thread has ended
        }
    }
}
