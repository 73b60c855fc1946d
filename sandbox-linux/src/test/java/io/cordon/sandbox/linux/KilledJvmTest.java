package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a tree whose JVM gets SIGKILL. */
@Timeout(60)
class KilledJvmTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void requireNamespaces() {
        LinuxHost.requireNamespaces();
    }

    @Test
    void nothingSurvivesInNamespaces() throws Exception {
        killJvm(true, "6301");

        HostResources.await(() -> sleepers("6301").findAny().isEmpty());
    }

    /** The gap that the report names, and so the positive control of the other test. */
    @Test
    void withoutThemTheTreeSurvives() throws Exception {
        killJvm(false, "6302");

        assertThat(sleepers("6302").count()).isPositive();
        sleepers("6302").forEach(ProcessHandle::destroyForcibly);
    }

    private void killJvm(boolean guaranteed, String seconds) throws Exception {
        Scene scene = new Scene(directory);
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledJvmMain.class.getName(),
                        scene.workspace().toString(),
                        String.valueOf(guaranteed),
                        seconds)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(jvm.inputReader().readLine()).isEqualTo("up");
            HostResources.await(() -> sleepers(seconds).count() == 4);
        } finally {
            jvm.destroyForcibly().waitFor();
        }
    }

    private static Stream<ProcessHandle> sleepers(String seconds) {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.info().command().orElse("").endsWith("/sleep"))
                .filter(handle -> handle.info().commandLine().orElse("").endsWith("sleep " + seconds));
    }
}
