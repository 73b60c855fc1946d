package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.CodePage;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.SandboxedProcess;
import io.cordon.sandbox.SandboxedProcessBuilder;
import io.cordon.sandbox.Shell;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.linux.plan.Bubblewrap;
import io.cordon.sandbox.linux.syscall.GlibcCalls;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starting processes: what they get, what comes back, and what bad input is answered. */
@Timeout(60)
class LinuxLaunchTest {
    @TempDir
    Path directory;

    private Scene scene;
    private Sandbox sandbox;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @BeforeEach
    void open() throws Exception {
        scene = new Scene(directory);
        sandbox = Sandbox.open(scene.policy(), new LinuxSandboxBackend());
    }

    @AfterEach
    void close() throws Exception {
        sandbox.close();
    }

    @Test
    void argumentsArriveAsTheyAre() throws Exception {
        SandboxResult result = sandbox.run("printf", "[%s]", "a b", "", "*", "$HOME", "äöü€", "'\"\\");

        assertThat(result.stdout().text(StandardCharsets.UTF_8)).isEqualTo("[a b][][*][$HOME][äöü€]['\"\\]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo '<'; printf '[%s]' \"a  b\" 'c\"d' e\\ f $((1+2)) \"äöü€\" *; echo '>'",
                "x=1\nif [[ $x == 1 ]]; then\n  cat <<'END'\n  $HOME `date`\n\"quoted\"\nEND\nfi",
                "-x is no option of bash",
                "",
                "echo $0 $# \"$@\"; exit 7",
                "# only a comment",
                "f() { return 3; }; f",
                "echo \"unclosed"
            })
    void aBashScriptArrivesAsItIs(String script) throws Exception {
        // given what bash makes of the same script in a file, apart from the names in its messages
        Path file = Files.writeString(scene.workspace().resolve("script.sh"), script);
        SandboxResult expected = sandbox.run("bash", file.toString());

        // when
        SandboxResult result = sandbox.run(Shell.BASH, script);

        // then
        assertThat(result.exitCode()).isEqualTo(expected.exitCode());
        assertThat(result.stdout().text(StandardCharsets.UTF_8).replace("bash", file.toString()))
                .isEqualTo(expected.stdout().text(StandardCharsets.UTF_8).replace("bash", file.toString()));
    }

    @Test
    void aBashScriptIsConfined() throws Exception {
        Path victim = scene.outside().resolve("new");
        assertThat(scene.runUnconfined("echo x > $OUT/new")).isZero();
        Files.delete(victim);

        SandboxResult result = sandbox.run(Shell.BASH, "echo x > " + victim);

        assertThat(result.exitCode()).isNotZero();
        assertThat(victim).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(
            value = Shell.class,
            names = {"CMD", "POWERSHELL"})
    void theShellsOfWindowsAreRefusedWithTheRemedy(Shell shell) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> sandbox.run(shell, "dir"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.COMMAND_INVALID))
                .withMessageContaining("Shell." + shell)
                .withMessageContaining("this is Linux")
                .withMessageContaining("Shell.BASH");
    }

    @Test
    void aTerminalIsRefusedWithItsReasonAndNothingRuns() throws Exception {
        Path trace = scene.workspace().resolve("trace");

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> sandbox.process("touch", trace.toString())
                        .terminal(80, 24)
                        .start())
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.TERMINAL_UNAVAILABLE))
                .withMessageContaining("makes no pseudo terminals");
        assertThat(trace).doesNotExist();
        assertThat(sandbox.run("touch", trace.toString()).succeeded()).isTrue();
        assertThat(trace).exists();
    }

    @Test
    void aProcessHasNoTerminalToResizeAndNoCodePagesButTheNativeCharset() throws Exception {
        SandboxedProcess process = sandbox.process("true").start();
        assertThat(catchThrowableOfType(SandboxException.class, () -> process.resizeTerminal(80, 24))
                        .code())
                .isEqualTo(SandboxErrorCode.TERMINAL_UNAVAILABLE);
        assertThat(process.waitFor()).isZero();
        assertThat(sandbox.charset(CodePage.OEM)).isEqualTo(Charset.forName(System.getProperty("native.encoding")));
    }

    @Test
    void theChildRunsInItsDirectoryWithItsEnvironmentAndAPrivateTempDirectory() throws Exception {
        SandboxedProcessBuilder builder = sandbox.process("sh", "-c", "pwd; echo $A; echo $TMPDIR; ls -ld $TMPDIR")
                .directory(scene.workspace().resolve("src"));
        builder.environment().put("A", "b");

        List<String> lines = builder.run().stdout().text().lines().toList();

        assertThat(lines.get(0)).isEqualTo(scene.workspace().resolve("src").toString());
        assertThat(lines.get(1)).isEqualTo("b");
        assertThat(lines.get(2)).contains("cordon-");
        assertThat(lines.get(3)).startsWith("drwx------");
    }

    @Test
    void thePrivateTempDirectoryGoesWithTheSandbox() throws Exception {
        Path temp = Path.of(sandbox.run("sh", "-c", "mkdir -m 0 $TMPDIR/d; ln -s / $TMPDIR/l; printf %s $TMPDIR")
                .stdout()
                .text());
        assertThat(temp).isDirectory();

        sandbox.close();

        assertThat(temp.getParent()).doesNotExist();
    }

    @Test
    void streamsAreRedirectedToFilesOfTheHost() throws Exception {
        Path input = Files.writeString(scene.outside().resolve("input"), "from the host\n");
        Path output = scene.outside().resolve("output");
        Path errors = Files.writeString(scene.outside().resolve("errors"), "before\n");
        SandboxedProcess process = sandbox.process("sh", "-c", "cat; echo err >&2")
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(Redirect.appendTo(errors.toFile()))
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(output).hasContent("from the host\n");
        assertThat(errors).hasContent("before\nerr\n");
        assertThat(process.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void errorsAreMergedIntoTheOutput() throws Exception {
        SandboxResult result = sandbox.process("sh", "-c", "echo out; echo err >&2")
                .redirectErrorStream(true)
                .run();

        assertThat(result.stdout().text()).isEqualTo("out\nerr\n");
        assertThat(result.stderr().total()).isZero();
    }

    @Test
    void inputIsPipedAndEndsWhenItIsClosed() throws Exception {
        SandboxedProcess process = sandbox.process("wc", "-c").start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(new byte[1 << 20]);
        }

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip())
                .isEqualTo(String.valueOf(1 << 20));
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void availableTellsWhatCanBeReadWithoutWaiting() throws Exception {
        SandboxedProcess process = sandbox.process("printf", "12345").start();
        process.waitFor();

        assertThat(process.getInputStream().available()).isEqualTo(5);
    }

    @Test
    void muchOutputOnBothStreamsIsDrainedAndItsMiddleLeftOut() throws Exception {
        SandboxResult result =
                sandbox.run("sh", "-c", "head -c 20000000 /dev/zero & head -c 20000000 /dev/zero >&2; wait");

        assertThat(result.stdout().total()).isEqualTo(20_000_000);
        assertThat(result.stderr().total()).isEqualTo(20_000_000);
        assertThat(result.stdout().bytes()).hasSize(1 << 20);
        assertThat(result.stdout().truncated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 255})
    void theExitCodeIsTheChilds(int code) throws Exception {
        assertThat(sandbox.run("sh", "-c", "exit " + code).exitCode()).isEqualTo(code);
    }

    @Test
    void aSignalGivesItsNumberAnd128() throws Exception {
        assertThat(sandbox.run("sh", "-c", "kill -TERM $$").exitCode()).isEqualTo(128 + 15);
    }

    @Test
    void likelyDeniedSaysSo() throws Exception {
        assertThat(sandbox.run("sh", "-c", "echo x > " + scene.outside().resolve("new"))
                        .likelyDenied())
                .isTrue();
        assertThat(sandbox.run("sh", "-c", "exit 1").likelyDenied()).isFalse();
    }

    @Test
    void aUnknownProgramIsNamedWithThePathThatWasSearched() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> sandbox.run("no-such-program"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_FOUND))
                .withMessageContaining("'no-such-program'")
                .withMessageContaining("/usr/bin");
        assertThat(code("./no-such-program")).isEqualTo(SandboxErrorCode.PROGRAM_NOT_FOUND);
    }

    @Test
    void whatCannotBeExecutedIsNamed() {
        assertThat(code("src/a.txt")).isEqualTo(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE);
        assertThat(code("./src")).isEqualTo(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE);
    }

    @Test
    void aScriptWithoutInterpreterFailsWithTheSystemsError() throws Exception {
        Path script = Files.writeString(scene.workspace().resolve("script"), "echo hello\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> sandbox.run("./script"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE))
                .withMessageContaining("#!");
    }

    @Test
    void aFileThatCannotBeOpenedForARedirectIsNamed() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> sandbox.process("true")
                        .redirectInput(scene.outside().resolve("none").toFile())
                        .start())
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.REDIRECT_FAILED))
                .withMessageContaining("none")
                .withMessageContaining("No such file");
    }

    @Test
    void theHostFollowsNoLinkThatTheChildPutInThePlaceOfARedirectedFile() throws Exception {
        Path logs = scene.workspace().resolve("logs");
        Path target = scene.outside().resolve("file");
        sandbox.run("sh", "-c", "mkdir logs; ln -s " + target + " logs/log; ln -s " + target.getParent() + " through");
        SandboxedProcess plain = sandbox.process("echo", "x")
                .redirectOutput(logs.resolve("plain").toFile())
                .start();
        assertThat(plain.waitFor()).isZero();
        assertThat(logs.resolve("plain"))
                .as("without a link, the file is written")
                .hasContent("x\n");

        for (Path redirected : List.of(logs.resolve("log"), scene.workspace().resolve("through/file"))) {
            assertThatExceptionOfType(SandboxException.class)
                    .isThrownBy(() -> sandbox.process("echo", "x")
                            .redirectOutput(redirected.toFile())
                            .start())
                    .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.REDIRECT_FAILED))
                    .withMessageContaining("symbolic links");
        }
        assertThat(target).hasContent("outside\n");
    }

    private SandboxErrorCode code(String program) {
        return catchThrowableOfType(SandboxException.class, () -> sandbox.run(program))
                .code();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tmp", "/usr", "/etc", "/etc/ssl", "/proc", "/dev/shm", "/usr/bin", "/var", "/home"})
    void rootsThatHoldMoreThanAWorkspaceAreForbidden(String root) {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(Path.of(root))
                .bestEffort(Capability.values())
                .build();

        assertThat(catchThrowableOfType(SandboxException.class, () -> Sandbox.open(policy, new LinuxSandboxBackend()))
                        .code())
                .isEqualTo(SandboxErrorCode.POLICY_ROOT_FORBIDDEN);
    }

    @Test
    void theHomeDirectoryIsForbiddenAlsoThroughALink() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of(System.getProperty("user.home")));
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(link)
                .bestEffort(Capability.values())
                .build();

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> Sandbox.open(policy, new LinuxSandboxBackend()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.POLICY_ROOT_FORBIDDEN))
                .withMessageContaining(link + " -> ");
    }

    @Test
    void gapsThatNobodyAcceptedMakeOpeningFailWithoutATrace() throws Exception {
        HostResources before = HostResources.now();

        assertThatExceptionOfType(UnenforceablePolicyException.class)
                .isThrownBy(() -> Sandbox.open(
                        SandboxPolicy.workspaceWrite(scene.workspace()),
                        new LinuxSandboxBackend(
                                GlibcCalls::new, () -> Bubblewrap.missing("install the package bubblewrap"))))
                .satisfies(e -> assertThat(e.unmet())
                        .extracting(entry -> entry.capability())
                        .containsExactly(Capability.PROCESS_TREE))
                .withMessageContaining("daemon")
                .withMessageContaining("install the package bubblewrap")
                .withMessageContaining("acceptPartial(Capability.PROCESS_TREE)");

        HostResources.awaitAtMost(before);
    }

    @Test
    void theBackendIsFoundByTheServiceLoader() throws Exception {
        try (Sandbox found = Sandbox.open(scene.policy())) {
            assertThat(found.run("true").succeeded()).isTrue();
        }
        assertThat(Sandbox.explain(scene.policy()))
                .contains("Landlock ABI", scene.workspace().toString(), "PARTIAL");
    }
}
