package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.SandboxedProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes, streams and trees. Stock Wine has all of this, so that its gaps are accepted here. */
@Tag("windows")
@Timeout(120)
class LaunchTest {
    @TempDir
    Path temp;

    private Path root;
    private Sandbox sandbox;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        sandbox = Sandbox.open(WindowsJvm.policy(root)
                .bestEffort(Capability.values())
                .environment(environment -> environment.set("GIVEN", "a value = with \u00e4"))
                .limits(limits -> limits.timeout(Duration.ofSeconds(60)))
                .build());
    }

    @AfterEach
    void close() throws SandboxException {
        sandbox.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 259, -1})
    void theExitCodeIsTheChilds(int code) throws Exception {
        assertThat(sandbox.run("cmd.exe", "/d", "/c", "exit", String.valueOf(code))
                        .exitCode())
                .isEqualTo(code);
    }

    @Test
    void bytesGoThroughThePipesUnchanged() throws Exception {
        // given
        byte[] bytes = new byte[3 << 20];
        new Random(7).nextBytes(bytes);
        SandboxedProcess process =
                sandbox.process(WindowsJvm.attempts("cat", "-")).start();

        // when
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            try (var stdin = process.getOutputStream()) {
                stdin.write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        byte[] read;
        try (InputStream stdout = process.getInputStream()) {
            read = stdout.readAllBytes();
        }

        // then
        writing.join();
        assertThat(process.waitFor()).isZero();
        assertThat(read).isEqualTo(bytes);
        assertThat(process.getErrorStream().readAllBytes()).isEmpty();
        process.getErrorStream().close();
    }

    @Test
    void errorsAreApartOrMerged() throws Exception {
        SandboxResult apart = sandbox.run(WindowsJvm.attempts("fail", "-"));
        assertThat(apart.stdout().text()).isEmpty();
        assertThat(apart.stderr().text()).startsWith("on stderr");

        SandboxResult merged = sandbox.process(WindowsJvm.attempts("fail", "-"))
                .redirectErrorStream(true)
                .run();
        assertThat(merged.stdout().text()).startsWith("on stderr");
        assertThat(merged.stderr().text()).isEmpty();
    }

    @Test
    void streamsAreRedirectedToAndFromFilesThatTheChildCouldNotWrite() throws Exception {
        // given
        Path input = Files.writeString(temp.resolve("input"), "from a file");
        Path output = Files.writeString(temp.resolve("output"), "this goes");

        // when
        ImmutableList<String> cat = WindowsJvm.attempts("cat", "-");
        SandboxedProcess process = sandbox.process(cat)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(Redirect.DISCARD)
                .start();

        // then
        assertThat(process.waitFor()).isZero();
        assertThat(output).hasContent("from a file");
        assertThat(process.getInputStream().read()).isEqualTo(-1);
        sandbox.process(cat)
                .redirectInput(input.toFile())
                .redirectOutput(Redirect.appendTo(output.toFile()))
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(output).hasContent("from a filefrom a file");
    }

    @Test
    void aFileThatCannotBeOpenedForARedirectIsNamed() {
        Path missing = temp.resolve("missing").resolve("file");
        SandboxException refused = catchThrowableOfType(
                SandboxException.class,
                () -> sandbox.process("cmd.exe").redirectInput(missing.toFile()).start());
        assertThat(refused.code()).isEqualTo(SandboxErrorCode.REDIRECT_FAILED);
        assertThat(refused).hasMessageContaining(missing.toString());
    }

    @Test
    void theChildHasTheEnvironmentOfThePolicyAndItsOwnTemp() throws Exception {
        String environment = sandbox.process(WindowsJvm.attempts("env", "-"))
                .charset(StandardCharsets.UTF_8)
                .run()
                .stdout()
                .text();
        assertThat(environment)
                .contains("GIVEN=a value = with ")
                .containsIgnoringCase("SystemRoot=")
                .contains("TEMP=" + WindowsPlaces.ofThisJvm().home())
                .contains("TMPDIR=" + WindowsPlaces.ofThisJvm().home())
                .doesNotContain("TEMP=" + System.getenv("TEMP"));
    }

    @Test
    void theWorkingDirectoryIsTheFirstRoot() throws Exception {
        assertThat(sandbox.run("cmd.exe", "/d", "/c", "cd").stdout().text().strip())
                .isEqualToIgnoringCase(root.toString());
    }

    @Test
    void aProgramThatDoesNotExistIsRefusedAndSoIsWhatIsNone() throws Exception {
        assertThat(catchThrowableOfType(SandboxException.class, () -> sandbox.run("no-such-program"))
                        .code())
                .isEqualTo(SandboxErrorCode.PROGRAM_NOT_FOUND);
        Path text = Files.writeString(root.resolve("text.exe"), "this is no program, whatever its name");
        assertThat(catchThrowableOfType(SandboxException.class, () -> sandbox.run(text.toString()))
                        .code())
                .isEqualTo(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE);
    }

    /** Starts a process whose grandchild sleeps, and tells the grandchild's id. */
    private long startTree(SandboxedProcess process) throws IOException {
        // Not closed: what closes it is under test.
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return Long.parseLong(reader.readLine().strip());
    }

    private SandboxedProcess sleepingTree() throws IOException {
        return sandbox.process(ImmutableList.<String>builder()
                        .add("cmd.exe", "/d", "/c")
                        .addAll(WindowsJvm.attempts("sleep", "-"))
                        .build())
                .start();
    }

    @Test
    void destroyingEndsTheGrandchildrenToo() throws Exception {
        SandboxedProcess process = sleepingTree();
        long grandchild = startTree(process);
        assertThat(grandchild).isNotEqualTo(process.pid());
        assertThat(Sleepers.isAlive(grandchild)).isTrue();

        process.destroy();

        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Sleepers.isAlive(grandchild)).isFalse();
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @Test
    void closingTheSandboxEndsEveryTree() throws Exception {
        SandboxedProcess one = sleepingTree();
        SandboxedProcess other = sleepingTree();
        long first = startTree(one);
        long second = startTree(other);

        sandbox.close();

        assertThat(one.isAlive()).isFalse();
        assertThat(other.isAlive()).isFalse();
        assertThat(Sleepers.isAlive(first)).isFalse();
        assertThat(Sleepers.isAlive(second)).isFalse();
        assertThat(catchThrowableOfType(SandboxException.class, () -> sandbox.run("cmd.exe"))
                        .code())
                .isEqualTo(SandboxErrorCode.SANDBOX_CLOSED);
    }

    @Test
    void theTimeoutEndsTheTree() throws Exception {
        try (Sandbox brief = Sandbox.open(sandbox.policy().toBuilder()
                .limits(limits -> limits.timeout(Duration.ofSeconds(3)))
                .build())) {
            SandboxResult result = brief.run(ImmutableList.<String>builder()
                    .add("cmd.exe", "/d", "/c")
                    .addAll(WindowsJvm.attempts("sleep", "-"))
                    .build());
            assertThat(result.status()).isEqualTo(SandboxResult.Status.TIMED_OUT);
            assertThat(result.duration()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(15));
        }
    }

    @Test
    void aChildThatTheRootLeavesBehindEndsWithItAndHoldsNobodyUp() throws Exception {
        // when
        SandboxResult result = sandbox.run(WindowsJvm.attempts("leave", "-"));

        // then
        long child = Long.parseLong(result.stdout().text().strip());
        assertThat(Sleepers.isAlive(child)).isFalse();
        assertThat(result.status()).isEqualTo(SandboxResult.Status.EXITED);
        assertThat(result.exitCode()).isZero();
        assertThat(result.stderr().complete()).isTrue();
        // Ended, not waited for: closing the job ends the child as well, but only ten seconds later.
        assertThat(result.duration()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void closingAStreamEndsAReadThatWaits() throws Exception {
        // given
        SandboxedProcess process = sleepingTree();
        startTree(process); // has read all that there is
        InputStream errors = process.getErrorStream();
        CompletableFuture<String> reading = CompletableFuture.supplyAsync(() -> {
            try {
                return "read " + errors.read();
            } catch (IOException e) {
                return "failed: " + e.getMessage();
            }
        });
        Thread.sleep(300);
        assertThat(reading).isNotDone();

        // when
        errors.close();

        // then
        assertThat(reading.get(10, TimeUnit.SECONDS)).isEqualTo("failed: the stream is closed");
        assertThat(process.isAlive()).isTrue();
        process.destroyForcibly().waitFor();
    }

    @Test
    void manyLaunchesLeaveNoHandle() throws Exception {
        for (int i = 0; i < 10; i++) {
            sandbox.run("cmd.exe", "/d", "/c", "exit", "0");
        }
        int before = WindowsJvm.handleCount();
        assertThat(before).isPositive();
        for (int i = 0; i < 50; i++) {
            assertThat(sandbox.run("cmd.exe", "/d", "/c", "exit", "0").succeeded())
                    .isTrue();
        }
        // One handle a launch would be 50; threads of the JVM come and go with a few.
        int after = WindowsJvm.handleCount();
        assertThat(after).isLessThan(before + 25);

        // and the positive control: what is open is counted, for each three pipes, job and process
        List<SandboxedProcess> open = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            open.add(sandbox.process(Sleepers.one()).start());
        }
        assertThat(WindowsJvm.handleCount()).isGreaterThan(after + 10);
        for (SandboxedProcess process : open) {
            process.destroyForcibly().waitFor();
            process.getInputStream().close();
            process.getErrorStream().close();
        }
    }
}
