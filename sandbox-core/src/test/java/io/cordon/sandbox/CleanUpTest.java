package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.SandboxBackend;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanUpTest {
    @TempDir
    Path directory;

    @Test
    void theBackendOfThisMachineDoesIt() throws Exception {
        InstalledTestBackend.during(new UnconfinedTestBackend(), directory, () -> {
            assertThat(Sandbox.recover()).isEqualTo(CleanUpReport.of(List.of("all"), List.of()));
            CleanUpReport report = Sandbox.cleanUp(directory);
            assertThat(report.isClean()).isFalse();
            assertThat(report.left()).containsExactly(directory + " stays");
        });
    }

    @Test
    void aBackendThatLeavesNothingBehindHasNothingToDo() throws Exception {
        SandboxBackend plain = new SandboxBackend() {
            @Override
            public String name() {
                return "plain";
            }

            @Override
            public BackendProbe probe() {
                return BackendProbe.available("a test's own");
            }

            @Override
            public BackendPlan plan(SandboxPolicy policy) {
                throw new AssertionError("not asked for");
            }

            @Override
            public PreparedSandbox prepare(SandboxPolicy policy) {
                throw new AssertionError("not asked for");
            }
        };

        assertThat(plain.recover()).isEqualTo(CleanUpReport.NOTHING);
        assertThat(plain.cleanUp(directory)).isEqualTo(CleanUpReport.NOTHING);
        assertThat(CleanUpReport.NOTHING.isClean()).isTrue();
    }

    @Test
    void aPersonCanReadIt() {
        assertThat(CleanUpReport.of(List.of("a label"), List.of("an entry, because")))
                .hasToString("""
                undone: a label
                left: an entry, because
                """);
        assertThat(CleanUpReport.NOTHING).hasToString("nothing was left behind\n");
    }

    @Test
    void aResultTellsWhatAppeared() throws Exception {
        Path appeared = directory.resolve("hooks");
        ScriptedProcess launched = new ScriptedProcess();
        SandboxedProcess process = new SandboxedProcess(launched, Optional.empty(), () -> ImmutableList.of(appeared));
        CapturedRun run =
                CapturedRun.of(process, ImmutableList.of("x"), 1 << 10, StandardCharsets.UTF_8, System.nanoTime());

        launched.exit.complete(0);

        assertThat(run.await().violations()).containsExactly(appeared);
        assertThat(process.violations()).containsExactly(appeared);
    }
}
