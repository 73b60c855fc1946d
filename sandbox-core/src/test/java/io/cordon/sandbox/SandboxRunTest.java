package io.cordon.sandbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.LaunchedProcess;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxRunTest {
    private static final long SECONDS = Eventually.LIMIT.toSeconds();

    private final UnconfinedTestBackend backend = new UnconfinedTestBackend();
    private Path workspace = Path.of("");
    private Sandbox sandbox = TestSandboxes.CLOSED;

    @BeforeEach
    void openASandbox(@TempDir Path directory) throws Exception {
        workspace = directory.toRealPath();
        open(limits -> {});
    }

    @AfterEach
    void closeIt() throws Exception {
        sandbox.close();
    }

    private void open(Consumer<ResourceLimits.Builder> limits) throws Exception {
        sandbox.close();
        sandbox = Sandbox.open(
                SandboxPolicy.builder().allowWrite(workspace).limits(limits).build(), backend);
    }

    @Test
    void aResultSaysHowACommandEndedAndWhatItWrote() throws Exception {
        List<String> command = TestChild.command("out:text", "err:error", "exit:7");

        SandboxResult result = sandbox.run(command);

        assertThat(result.command()).isEqualTo(command);
        assertThat(result.status()).isEqualTo(SandboxResult.Status.EXITED);
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.stdout().text()).isEqualTo("text\n");
        assertThat(result.stderr().text()).isEqualTo("error\n");
        assertThat(result.stdout().complete()).isTrue();
        assertThat(result.succeeded()).isFalse();
        assertThat(result.likelyDenied()).isFalse();
        assertThat(result.duration()).isPositive().isLessThan(Eventually.LIMIT);
    }

    @Test
    void aCommandCanBeGivenAsAnArray() throws Exception {
        assertThat(sandbox.run(TestChild.command("out:text").toArray(new String[0]))
                        .succeeded())
                .isTrue();
    }

    @Test
    void theInputIsEmptyUnlessItIsRedirected() throws Exception {
        Path input = Files.writeString(workspace.resolve("input"), "typed");

        assertThat(sandbox.run(TestChild.command("input")).stdout().text()).isEmpty();
        assertThat(sandbox.process(TestChild.command("input"))
                        .redirectInput(input.toFile())
                        .run()
                        .stdout()
                        .text())
                .isEqualTo("typed");
    }

    @Test
    void aDeniedAccessIsAResult() throws Exception {
        SandboxResult result = sandbox.run(TestChild.command("err:cp: x: Permission denied", "exit:1"));

        assertThat(result.likelyDenied()).isTrue();
    }

    @Test
    void theTextIsDecodedInTheChosenCharset() throws Exception {
        List<String> command = TestChild.command("hex:fc"); // a small u with a diaeresis in ISO 8859-1

        assertThat(sandbox.process(command).charset(ISO_8859_1).run().stdout().text())
                .isEqualTo("ü");
    }

    @Test
    void theTextIsDecodedInTheCodePageOfTheMachine() throws Exception {
        backend.has(CodePage.ANSI, ISO_8859_1).has(CodePage.OEM, Charset.forName("IBM437"));
        List<String> command = TestChild.command("hex:fc81"); // a small u with a diaeresis in one, and in the other

        assertThat(sandbox.process(command)
                        .charset(CodePage.ANSI)
                        .run()
                        .stdout()
                        .text())
                .isEqualTo("ü\u0081");
        assertThat(sandbox.process(command).charset(CodePage.OEM).run().stdout().text())
                .isEqualTo("\u207fü");
        assertThat(sandbox.charset(CodePage.OEM)).isEqualTo(Charset.forName("IBM437"));
    }

    @Test
    void aCodePageWithoutACharsetStartsNothing() throws Exception {
        backend.has(CodePage.ANSI, ISO_8859_1);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> sandbox.process(TestChild.command("out:text"))
                        .charset(CodePage.OEM)
                        .run())
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.CHARSET_UNAVAILABLE));
        assertThat(backend.requests).isEmpty();
    }

    @Test
    void whereThereAreNoCodePagesBothAreTheNativeCharset() throws Exception {
        Charset nativeCharset = Charset.forName(System.getProperty("native.encoding"));

        assertThat(sandbox.charset(CodePage.ANSI)).isEqualTo(nativeCharset);
        assertThat(sandbox.charset(CodePage.OEM)).isEqualTo(nativeCharset);
    }

    @Test
    void whatATerminalPrintedIsTheOutput() throws Exception {
        SandboxResult result = sandbox.process(TestChild.command("out:one", "err:two"))
                .terminal(80, 24)
                .run();

        assertThat(backend.requests.get(0).terminal()).contains(new TerminalSize(80, 24));
        assertThat(result.stdout().text()).isEqualTo("one\ntwo\n");
        assertThat(result.stderr().text()).isEmpty();
        assertThat(result.stderr().complete()).isTrue();
    }

    @Test
    void ofAShellTheResultTellsTheScript() throws Exception {
        Path tool = TestSandboxes.anyProgram();

        SandboxResult result = sandbox.run(Shell.BASH, tool.toString());

        assertThat(backend.requests.get(0).shell()).contains(Shell.BASH);
        assertThat(result.command()).containsExactly(tool.toString());
        assertThat(sandbox.process(Shell.CMD, "dir").shell()).contains(Shell.CMD);
    }

    @Test
    void ofFloodedStreamsBothEndsAreKeptAndTheRestIsStated() throws Exception {
        open(limits -> limits.output(1000));
        long written = Bytes.mib(64);

        SandboxResult result = sandbox.run(TestChild.command("out:begin", "flood:" + written, "out:end"));

        assertThat(result.exitCode()).isZero();
        long ends = "begin\nend\n".length();
        assertThat(result.stdout().total()).isEqualTo(written + ends);
        assertThat(result.stdout().text())
                .startsWith("begin\nooo")
                .contains("o\n[... " + (written + ends - 1000) + " of " + (written + ends) + " bytes omitted ...]\no")
                .endsWith("oooend\n");
        assertThat(result.stderr().total()).isEqualTo(written);
        assertThat(result.stderr().truncated()).isTrue();
        assertThat(result.stderr().bytes()).hasSize(1000).containsOnly('e');
    }

    @Test
    void aCommandWhoseTimeIsUpIsEndedWithItsTree() throws Exception {
        open(limits -> limits.timeout(Duration.ofSeconds(3)));
        long start = System.nanoTime();

        SandboxResult result = sandbox.run(TestChild.command("out:before", "wait"));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(3), Duration.ofSeconds(13));
        assertThat(result.status()).isEqualTo(SandboxResult.Status.TIMED_OUT);
        assertThat(result.succeeded()).isFalse();
        assertThat(result.stdout().text()).isEqualTo("before\n");
        assertThat(onlyProcess().handle().isAlive()).isFalse();
    }

    @Test
    void aBackgroundChildThatHoldsThePipeCannotHangTheCaller() throws Exception {
        SandboxResult result = sandbox.run(TestChild.command("spawn", "exit:0"));

        ProcessHandle child = ProcessHandle.of(Long.parseLong(
                        result.stdout().text().lines().findFirst().orElseThrow().substring("child ".length())))
                .orElseThrow();
        try {
            assertThat(child.isAlive()).isTrue(); // this backend does not end the tree: that is the point
            assertThat(result.exitCode()).isZero();
            assertThat(result.stdout().complete()).isFalse();
            assertThat(result.stdout().text()).endsWith("[... output not read to its end ...]\n");
        } finally {
            child.destroyForcibly();
        }
    }

    @Test
    void anInterruptedCallerEndsTheTree() throws Exception {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                sandbox.run(TestChild.command("wait"));
                outcome.complete(new AssertionError("the run came to an end"));
            } catch (InterruptedException | SandboxException e) {
                outcome.complete(e);
            }
        });
        caller.start();
        Eventually.holds("the process is started", () -> !backend.processes.isEmpty());

        caller.interrupt();

        assertThat(outcome.get(SECONDS, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        assertThat(onlyProcess().exit().get(SECONDS, TimeUnit.SECONDS)).isNotZero();
    }

    @Test
    void aFutureCarriesTheResult() throws Exception {
        CompletableFuture<SandboxResult> future =
                sandbox.process(TestChild.command("out:text")).runAsync();

        assertThat(future.get(SECONDS, TimeUnit.SECONDS).stdout().text()).isEqualTo("text\n");
    }

    @Test
    void cancellingTheFutureEndsTheTree() throws Exception {
        CompletableFuture<SandboxResult> future =
                sandbox.process(TestChild.command("wait")).runAsync();
        assertThat(onlyProcess().handle().isAlive()).isTrue();

        future.cancel(false);

        assertThat(onlyProcess().exit().get(SECONDS, TimeUnit.SECONDS)).isNotZero();
    }

    @Test
    void badInputIsThrownAtOnceAlsoWithoutWaiting() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> sandbox.process().runAsync())
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.COMMAND_EMPTY));
    }

    @Test
    void anExitCodeThatWasLostIsSaidToBe() {
        ScriptedProcess launched = new ScriptedProcess();
        launched.exit.completeExceptionally(new IllegalArgumentException("a test wants this"));

        assertThatIllegalStateException()
                .isThrownBy(() -> captured(launched).await())
                .withMessage("the result of process 4711 is lost");
    }

    @Test
    void aProcessWhoseStreamsCannotBeReadIsEnded() {
        ScriptedProcess launched = new ScriptedProcess() {
            @Override
            public InputStream stdout() {
                throw new IllegalStateException("a test wants this");
            }
        };

        assertThatIllegalStateException().isThrownBy(() -> captured(launched)).withMessage("a test wants this");
        assertThat(launched.killed.getCount()).isZero();
    }

    @Test
    void aCallbackThatWaitsDoesNotHoldUpTheTimeoutsOfOthers() throws Exception {
        ScriptedProcess escaped = new ScriptedProcess(new HeldStream());
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        var callback = captured(escaped).result().thenRun(() -> {
            entered.countDown();
            HeldStream.awaitQuietly(release);
        });
        escaped.exit.complete(0); // the held stream is given up after the grace
        assertThat(entered.await(SECONDS, TimeUnit.SECONDS)).isTrue();

        ScriptedProcess other = new ScriptedProcess();
        SandboxedProcess unused = new SandboxedProcess(other, Optional.of(Duration.ofMillis(1)));

        assertThat(other.killed.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        release.countDown();
        callback.get(SECONDS, TimeUnit.SECONDS);
    }

    private static CapturedRun captured(LaunchedProcess launched) {
        return CapturedRun.of(
                new SandboxedProcess(launched, Optional.empty()),
                ImmutableList.of("program"),
                100,
                UTF_8,
                System.nanoTime());
    }

    private LaunchedProcess onlyProcess() {
        assertThat(backend.processes).hasSize(1);
        return backend.processes.get(0);
    }
}
