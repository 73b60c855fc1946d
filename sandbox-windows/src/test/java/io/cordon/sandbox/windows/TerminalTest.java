package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxedProcess;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Terminal sessions. On Wine the first program does not find the pseudo console as its standard streams, so that the
 * sessions here are of a second one, which the first gives {@code CONIN$} and {@code CONOUT$}; on Windows these are the
 * same.
 */
@Tag("windows")
@Timeout(60)
class TerminalTest {
    @TempDir
    Path temp;

    private Path root;
    private Sandbox sandbox;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        sandbox = Sandbox.open(
                WindowsJvm.policy(root).bestEffort(Capability.values()).build());
    }

    @AfterEach
    void close() throws SandboxException {
        sandbox.close();
    }

    private SandboxedProcess start(String... lines) throws IOException {
        Path script = Files.writeString(root.resolve("session.cmd"), "@echo off\r\n" + String.join("\r\n", lines));
        return sandbox.process("cmd.exe", "/d", "/c", "cmd.exe /d /c " + script + " <CONIN$ >CONOUT$ 2>&1")
                .terminal(80, 24)
                .start();
    }

    /** All that the terminal shows, once it shows nothing more. */
    private static CompletableFuture<String> shown(SandboxedProcess process) {
        return TwoWays.readAll(process.getInputStream()).thenApply(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        assertThat(condition.getAsBoolean()).as(what).isTrue();
    }

    @Test
    void whatIsTypedArrivesWhatIsShownIsReadAndTheExitCodeIsTheChilds() throws Exception {
        SandboxedProcess process = start("echo ready", "set /p x=", "echo got-%x%", "exit 5");
        CompletableFuture<String> shown = shown(process);
        process.getOutputStream().write("typed\r".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(5);
        assertThat(shown.get(20, TimeUnit.SECONDS)).contains("ready").contains("got-typed");
        assertThat(process.getErrorStream().read()).isEqualTo(-1);
    }

    @Test
    void closingTheInputDoesNotEndTheSession() throws Exception {
        SandboxedProcess process = start("ping.exe -n 2 127.0.0.1 >nul", "echo still here");
        CompletableFuture<String> shown = shown(process);
        process.getOutputStream().close();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        assertThat(shown.get(20, TimeUnit.SECONDS)).contains("still here");
    }

    /** Else it would write what the JVM's own reader takes for the JVM's, and read what is meant for the JVM. */
    @Test
    void itDoesNotHaveTheStandardStreamsOfTheJvm() throws Exception {
        Path answer = root.resolve("answer");
        SandboxedProcess process = sandbox.process(WindowsJvm.java(ReachMain.class, "to," + answer, "standard-output"))
                .terminal(80, 24)
                .start();
        CompletableFuture<String> shown = shown(process);
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        assertThat(answer).content().contains("standard-output console");
        shown.get(20, TimeUnit.SECONDS);

        // positive control: with pipes it has a file of another kind
        assertThat(sandbox.run(WindowsJvm.java(ReachMain.class, "standard-output"))
                        .stdout()
                        .text())
                .startsWith("standard-output file type");
    }

    @Test
    void destroyingEndsASessionThatWaitsForAKey() throws Exception {
        SandboxedProcess process = start("echo waiting", "set /p x=");
        CompletableFuture<String> shown = shown(process);
        assertThat(process.waitFor(1, TimeUnit.SECONDS)).isFalse();

        process.destroyForcibly();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(shown.get(20, TimeUnit.SECONDS)).contains("waiting");
    }

    /** Wine 8 has no ResizePseudoConsole. */
    @Test
    void itGetsAnotherSizeOrATypedError() throws Exception {
        SandboxedProcess process = start("set /p x=");
        if (NativeCalls.windows().host().wineVersion().isPresent()) {
            SandboxException refused =
                    catchThrowableOfType(SandboxException.class, () -> process.resizeTerminal(100, 30));
            assertThat(refused.code()).isEqualTo(SandboxErrorCode.TERMINAL_UNAVAILABLE);
            assertThat(refused).hasMessageContaining("ResizePseudoConsole").hasMessageContaining("100 columns");
            assertThat(process.isAlive()).isTrue();
        } else {
            assertThatCode(() -> process.resizeTerminal(100, 30)).doesNotThrowAnyException();
        }
        process.destroyForcibly().waitFor();
        process.getInputStream().close();
        assertThatCode(() -> process.resizeTerminal(100, 30))
                .as("after the end")
                .doesNotThrowAnyException();
    }

    @Test
    void aProcessWithoutATerminalHasNoSize() throws Exception {
        SandboxedProcess process = sandbox.process(Sleepers.one()).start();
        SandboxException refused = catchThrowableOfType(SandboxException.class, () -> process.resizeTerminal(100, 30));
        assertThat(refused.code()).isEqualTo(SandboxErrorCode.TERMINAL_UNAVAILABLE);
        process.destroyForcibly().waitFor();
    }

    private static long threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .count();
    }

    private static long consoles() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .orElse("")
                        .toLowerCase(Locale.ROOT)
                        .endsWith("\\conhost.exe"))
                .count();
    }

    @Test
    void nothingIsLeftOfATerminal() throws Exception {
        ImmutableList<String> lines = ImmutableList.of("exit 0", "echo x");
        for (String line : lines) {
            SandboxedProcess process = start(line);
            shown(process).get(20, TimeUnit.SECONDS);
        }
        long consoles = consoles();
        int handles = WindowsJvm.handleCount();
        for (int i = 0; i < 10; i++) {
            for (String line : lines) {
                SandboxedProcess process = start(line);
                shown(process).get(20, TimeUnit.SECONDS);
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
        }
        await("threads", () -> threads("cordon-terminal") == 0);
        await("consoles", () -> consoles() <= consoles);
        // Three handles a terminal would be 60.
        assertThat(WindowsJvm.handleCount()).isLessThan(handles + 15);

        // positive control: one that is open has a console and handles
        SandboxedProcess open = start("set /p x=");
        assertThat(consoles()).isGreaterThan(consoles);
        open.destroyForcibly().waitFor();
        open.getInputStream().close();
    }
}
