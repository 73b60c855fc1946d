package io.cordon.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same calls on a {@link ProcessBuilder} and on a {@link SandboxedProcessBuilder}, and the same outcome. */
class ProcessParityTest {
    private static final long SECONDS = Eventually.LIMIT.toSeconds();

    private Path workspace = Path.of("");
    private Sandbox sandbox = TestSandboxes.CLOSED;

    @BeforeEach
    void openASandbox(@TempDir Path directory) throws Exception {
        workspace = directory.toRealPath();
        sandbox = Sandbox.open(SandboxPolicy.workspaceWrite(workspace), new UnconfinedTestBackend());
    }

    @AfterEach
    void closeIt() throws Exception {
        sandbox.close();
    }

    /** What a caller sees of a process from outside. */
    private record Outcome(int exitCode, String stdout, String stderr) {
        static Outcome of(Process process) throws Exception {
            process.getOutputStream().close();
            String stdout = new String(process.getInputStream().readAllBytes(), UTF_8);
            String stderr = new String(process.getErrorStream().readAllBytes(), UTF_8);
            int exitCode = process.waitFor();
            assertThat(process.exitValue()).isEqualTo(exitCode);
            assertThat(process.isAlive()).isFalse();
            return new Outcome(exitCode, stdout, stderr);
        }
    }

    @Test
    void outputErrorsDirectoryAndExitCodeAreTheSame() throws Exception {
        List<String> command = TestChild.command("out:text", "err:error", "directory", "exit:7");
        Path directory = Files.createDirectory(workspace.resolve("inner"));

        Outcome plain = Outcome.of(plain(command).directory(directory.toFile()).start());
        Outcome confined =
                Outcome.of(sandbox.process(command).directory(directory).start());

        assertThat(confined).isEqualTo(plain).isEqualTo(new Outcome(7, "text\n" + directory + "\n", "error\n"));
    }

    @Test
    void theEnvironmentIsTheSame() throws Exception {
        List<String> command = TestChild.command("variables", "variable:ADDED", "variable:EMPTY", "variable:HOME");
        ProcessBuilder plainBuilder = plain(command);
        SandboxedProcessBuilder confinedBuilder = sandbox.process(command);

        plainBuilder
                .environment()
                .keySet()
                .retainAll(confinedBuilder.environment().keySet());
        for (var environment : List.of(plainBuilder.environment(), confinedBuilder.environment())) {
            environment.put("ADDED", "one = two");
            environment.put("EMPTY", "");
            environment.remove("HOME");
        }

        Outcome confined = Outcome.of(confinedBuilder.start());
        assertThat(confined).isEqualTo(Outcome.of(plainBuilder.start()));
        assertThat(confined.stdout()).endsWith("ADDED=one = two\nEMPTY=\nHOME=null\n");
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        List<String> command =
                TestChild.command("out:", "out: spaced  out ", "out:\"quoted\" \\ 'too'", "out:*$HOME%PATH%");

        assertThat(Outcome.of(sandbox.process(command).start()))
                .isEqualTo(Outcome.of(plain(command).start()));
    }

    @Test
    void mergedErrorsGoWhereTheOutputGoes() throws Exception {
        List<String> command = TestChild.command("out:one", "err:two", "out:three");

        Outcome confined =
                Outcome.of(sandbox.process(command).redirectErrorStream(true).start());

        assertThat(confined)
                .isEqualTo(Outcome.of(plain(command).redirectErrorStream(true).start()))
                .isEqualTo(new Outcome(0, "one\ntwo\nthree\n", ""));
    }

    @Test
    void streamsAreRedirectedFromAndToFiles() throws Exception {
        List<String> command = TestChild.command("input", "err:error");
        File input = Files.writeString(workspace.resolve("input"), "typed\n").toFile();

        File plainOutput = workspace.resolve("plain-output").toFile();
        File plainErrors = workspace.resolve("plain-errors").toFile();
        Outcome plain = Outcome.of(plain(command)
                .redirectInput(input)
                .redirectOutput(plainOutput)
                .redirectError(plainErrors)
                .start());
        File output = workspace.resolve("output").toFile();
        File errors = workspace.resolve("errors").toFile();
        Outcome confined = Outcome.of(sandbox.process(command)
                .redirectInput(input)
                .redirectOutput(output)
                .redirectError(errors)
                .start());

        assertThat(confined).isEqualTo(plain).isEqualTo(new Outcome(0, "", ""));
        assertThat(output).hasSameTextualContentAs(plainOutput).hasContent("typed\n");
        assertThat(errors).hasSameTextualContentAs(plainErrors).hasContent("error\n");
    }

    @Test
    void outputIsAppendedAndErrorsAreDiscarded() throws Exception {
        List<String> command = TestChild.command("out:new", "err:gone");
        File plainOutput =
                Files.writeString(workspace.resolve("plain"), "old\n").toFile();
        File output = Files.writeString(workspace.resolve("output"), "old\n").toFile();

        Outcome plain = Outcome.of(plain(command)
                .redirectOutput(Redirect.appendTo(plainOutput))
                .redirectError(Redirect.DISCARD)
                .start());
        Outcome confined = Outcome.of(sandbox.process(command)
                .redirectOutput(Redirect.appendTo(output))
                .redirectError(Redirect.DISCARD)
                .start());

        assertThat(confined).isEqualTo(plain).isEqualTo(new Outcome(0, "", ""));
        assertThat(output).hasSameTextualContentAs(plainOutput).hasContent("old\nnew\n");
    }

    @Test
    void aRunningProcessAnswersTheSame() throws Exception {
        List<String> command = TestChild.command("out:ready", "input");
        Process plain = plain(command).start();
        SandboxedProcess confined = sandbox.process(command).start();
        try {
            for (Process process : List.of(plain, confined)) {
                assertThat(process.inputReader().readLine()).isEqualTo("ready");
                assertThat(process.isAlive()).isTrue();
                assertThat(process.waitFor(1, TimeUnit.MILLISECONDS)).isFalse();
                assertThat(process.waitFor(0, TimeUnit.SECONDS)).isFalse();
                assertThat(process.onExit()).isNotDone();
                assertThat(process.toHandle().pid()).isEqualTo(process.pid());
                assertThat(process.toHandle())
                        .isEqualTo(ProcessHandle.of(process.pid()).orElseThrow());
                assertThat(process.info().command())
                        .isEqualTo(ProcessHandle.of(process.pid())
                                .orElseThrow()
                                .info()
                                .command());
                assertThat(process.children()).isEmpty();
                assertThat(process.descendants()).isEmpty();
                assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(process::exitValue);
                assertThat(process.toString()).contains(Long.toString(process.pid()));
            }
            assertThat(confined).hasToString("SandboxedProcess[pid=" + confined.pid() + ", running]");
            assertThat(confined.supportsNormalTermination()).isEqualTo(plain.supportsNormalTermination());
        } finally {
            for (Process process : List.of(plain, confined)) {
                process.getOutputStream().close();
                assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(process.onExit().get(SECONDS, TimeUnit.SECONDS)).isSameAs(process);
            }
        }
        assertThat(confined).hasToString("SandboxedProcess[pid=" + confined.pid() + ", exit code 0]");
    }

    @Test
    void childrenAndDescendantsAreTheSameAndEnd() throws Exception {
        Process plain = plain(TestChild.command("spawn", "wait")).start();
        SandboxedProcess confined =
                sandbox.process(TestChild.command("spawn", "wait")).start();
        for (Process process : List.of(plain, confined)) {
            long child = Long.parseLong(process.inputReader().readLine().substring("child ".length()));

            assertThat(pids(process.children())).containsExactly(child);
            assertThat(pids(process.descendants())).containsExactly(child);
        }
        List<ProcessHandle> ofPlain = plain.descendants().toList();
        List<ProcessHandle> ofConfined = confined.descendants().toList();

        ofPlain.forEach(ProcessHandle::destroyForcibly); // a plain process leaves its children behind
        plain.destroyForcibly();
        assertThat(confined.destroyForcibly()).isSameAs(confined);

        assertThat(confined.waitFor()).isEqualTo(plain.waitFor());
        Eventually.holds("the tree has ended", () -> ofConfined.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aProcessThatIsAskedToEndEndsWithTheSameCode() throws Exception {
        List<String> command = TestChild.command("out:ready", "wait");
        Process plain = plain(command).start();
        SandboxedProcess confined = sandbox.process(command).start();

        for (Process process : List.of(plain, confined)) {
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            process.destroy();
        }

        assertThat(confined.waitFor()).isEqualTo(plain.waitFor()).isNotZero();
    }

    @Test
    void inputReachesTheProcess() throws Exception {
        SandboxedProcess process = sandbox.process(TestChild.command("input")).start();

        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write("typed".getBytes(UTF_8));
        }

        assertThat(process.getInputStream().readAllBytes()).isEqualTo("typed".getBytes(UTF_8));
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void aProgramThatDoesNotExistIsAnIoException() {
        String missing = workspace.resolve("no-such-program").toString();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> plain(List.of(missing)).start());
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> sandbox.process(missing).start());
    }

    @Test
    void aRedirectInTheWrongDirectionIsRefusedByBoth() {
        ProcessBuilder plain = new ProcessBuilder("program");
        SandboxedProcessBuilder confined = sandbox.process("program");
        Redirect write = Redirect.to(new File("file"));
        Redirect append = Redirect.appendTo(new File("file"));
        Redirect read = Redirect.from(new File("file"));

        assertThatIllegalArgumentException().isThrownBy(() -> plain.redirectInput(write));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> confined.redirectInput(write))
                .withMessageContaining("redirectInput(")
                .withMessageContaining("for writing");
        assertThatIllegalArgumentException().isThrownBy(() -> plain.redirectInput(append));
        assertThatIllegalArgumentException().isThrownBy(() -> confined.redirectInput(append));
        assertThatIllegalArgumentException().isThrownBy(() -> plain.redirectOutput(read));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> confined.redirectOutput(read))
                .withMessageContaining("redirectOutput(")
                .withMessageContaining("for reading");
        assertThatIllegalArgumentException().isThrownBy(() -> plain.redirectError(read));
        assertThatIllegalArgumentException().isThrownBy(() -> confined.redirectError(read));
    }

    @Test
    void theSettingsOfABuilderAreReadBackTheSame() {
        ProcessBuilder plain = new ProcessBuilder("a", "b");
        SandboxedProcessBuilder confined = sandbox.process("a", "b");
        assertThat(confined.command()).isEqualTo(plain.command());
        assertThat(confined.redirectInput()).isEqualTo(plain.redirectInput());
        assertThat(confined.redirectOutput()).isEqualTo(plain.redirectOutput());
        assertThat(confined.redirectError()).isEqualTo(plain.redirectError());
        assertThat(confined.redirectErrorStream()).isEqualTo(plain.redirectErrorStream());

        plain.inheritIO().redirectErrorStream(true).directory(new File("x")).command(List.of("c"));
        confined.inheritIO().redirectErrorStream(true).directory(new File("x")).command(List.of("c"));

        assertThat(confined.command()).isEqualTo(plain.command());
        assertThat(confined.directory()).isEqualTo(plain.directory());
        assertThat(confined.redirectInput()).isEqualTo(plain.redirectInput());
        assertThat(confined.redirectOutput()).isEqualTo(plain.redirectOutput());
        assertThat(confined.redirectError()).isEqualTo(plain.redirectError());
        assertThat(confined.redirectErrorStream()).isEqualTo(plain.redirectErrorStream());
    }

    private static ProcessBuilder plain(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        // A JVM announces these on its standard error; the policy does not let them through.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        return builder;
    }

    private static List<Long> pids(Stream<ProcessHandle> handles) {
        return handles.map(ProcessHandle::pid).toList();
    }
}
