package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.TerminalSize;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.launch.WindowsProcess;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.JobLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a fake of Windows before build 26100, where closing a pseudo console waits until somebody has read what it shows
 * (learn.microsoft.com/windows/console/closepseudoconsole).
 */
@Timeout(60)
class TerminalClosingTest {
    private static final int EXIT_CODE = 7;

    @TempDir
    Path temp;

    @Test
    void aTerminalThatNobodyReadsHoldsUpNeitherTheExitNorAResize() throws Exception {
        // given
        FakeWindows windows = new FakeWindows().runs(child -> {
            child.stdout().write("shown".getBytes(StandardCharsets.US_ASCII));
            return EXIT_CODE;
        });
        ChildShape shape = ChildShape.of(
                new TokenShape(IntegrityLevel.MEDIUM_LOW, Optional.empty()),
                JobLimits.of(OptionalInt.empty(), OptionalLong.empty()),
                true);
        Path program = Files.createFile(temp.resolve("program.exe"));
        LaunchRequest request = LaunchRequest.of(ImmutableList.of(program.toString()), temp, ImmutableMap.of())
                .withTerminal(new TerminalSize(80, 24));

        try (WindowsLauncher launcher = WindowsLauncher.open(windows.calls(), shape)) {
            // when
            WindowsProcess process = launcher.launch(request, request.environment());
            assertThat(process.exit().get(20, TimeUnit.SECONDS)).isEqualTo(EXIT_CODE);
            awaitClosing();
            CompletableFuture<Void> resized = CompletableFuture.runAsync(() -> {
                try {
                    process.resizeTerminal(new TerminalSize(100, 30));
                } catch (SandboxException e) {
                    throw new AssertionError(e);
                }
            });

            // then
            resized.get(10, TimeUnit.SECONDS);
            assertThat(windows.left()).as("what closing waits for").anyMatch(line -> line.contains("a pseudo console"));
            assertThat(process.stdout().readAllBytes())
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("shown");
            process.stdout().close();
        }
        assertThat(windows.left()).isEmpty();
        assertThat(windows.misuse()).isEmpty();
    }

    private static void awaitClosing() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < deadline) {
            boolean waits = Thread.getAllStackTraces().entrySet().stream()
                    .anyMatch(thread -> thread.getKey().getName().equals("cordon-terminal")
                            && thread.getKey().getState() == Thread.State.TIMED_WAITING);
            if (waits) {
                return;
            }
            Thread.sleep(5);
        }
        throw new AssertionError("no thread closes the terminal");
    }
}
