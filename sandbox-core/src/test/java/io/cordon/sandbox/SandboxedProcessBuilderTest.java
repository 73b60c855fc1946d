package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.LaunchRequest;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a builder hands to the backend, and what it refuses to. */
class SandboxedProcessBuilderTest {
    private Path workspace = Path.of("");
    private SandboxPolicy policy = SandboxPolicy.readOnly();

    @BeforeEach
    void useTheWorkspace(@TempDir Path directory) {
        workspace = directory;
        policy = SandboxPolicy.workspaceWrite(directory);
    }

    /** Launches nothing, and keeps what was to be launched. */
    private static final class Recorder implements Launcher {
        private @Nullable LaunchRequest request;

        @Override
        public Started launch(LaunchRequest launched, TextCharset charset) {
            request = launched;
            return new Started(new ScriptedProcess(), StandardCharsets.UTF_8, ImmutableList::of);
        }

        LaunchRequest request() {
            return Objects.requireNonNull(request, "nothing was launched");
        }
    }

    private static LaunchRequest requestOf(SandboxPolicy policy, Consumer<SandboxedProcessBuilder> settings)
            throws SandboxException {
        Recorder recorder = new Recorder();
        SandboxedProcessBuilder builder = new SandboxedProcessBuilder(recorder, policy).command("program");
        settings.accept(builder);
        builder.start();
        return recorder.request();
    }

    @Test
    void theDirectoryIsTheFirstWritableRootUnlessAnotherIsSet() throws Exception {
        Path inner = Files.createDirectory(workspace.resolve("inner"));

        assertThat(requestOf(policy, builder -> {}).directory()).isEqualTo(workspace);
        assertThat(requestOf(policy, builder -> builder.directory(inner)).directory())
                .isEqualTo(inner);
        assertThat(requestOf(policy, builder -> builder.directory(inner.toFile()))
                        .directory())
                .isEqualTo(inner);
    }

    @Test
    void withoutADirectoryItIsTheJvmsOwn() throws Exception {
        Path own = Path.of("").toAbsolutePath();

        assertThat(requestOf(policy, builder -> builder.directory((File) null)).directory())
                .isEqualTo(own);
        assertThat(requestOf(SandboxPolicy.readOnly(), builder -> {}).directory())
                .isEqualTo(own);
        assertThat(requestOf(policy, builder -> builder.directory(new File(".")))
                        .directory())
                .isEqualTo(own.resolve("."));
    }

    @Test
    void theEnvironmentIsWhatThePolicyLetsThroughAndSets() throws Exception {
        SandboxPolicy setting = policy.toBuilder()
                .environment(environment -> environment.inheritNone().set("CI", "1"))
                .build();

        assertThat(requestOf(setting, builder -> {}).environment())
                .isEqualTo(setting.environment().apply(System.getenv(), File.separatorChar == '\\'))
                .containsEntry("CI", "1");
        assertThat(requestOf(setting, builder -> builder.environment().clear()).environment())
                .isEmpty();
    }

    @Test
    void streamsAndCommandArePassedOn() throws Exception {
        Redirect output = Redirect.to(new File("output"));
        LaunchRequest request = requestOf(
                policy,
                builder -> builder.command(List.of("a", "b"))
                        .redirectInput(Redirect.INHERIT)
                        .redirectOutput(output)
                        .redirectError(Redirect.DISCARD)
                        .redirectErrorStream(true));

        assertThat(request.command()).containsExactly("a", "b");
        assertThat(request.stdin()).isEqualTo(Redirect.INHERIT);
        assertThat(request.stdout()).isEqualTo(output);
        assertThat(request.stderr()).isEqualTo(Redirect.DISCARD);
        assertThat(request.mergeStderr()).isTrue();
    }

    @Test
    void aCommandWithoutAProgramIsRefused() {
        String message = "COMMAND_EMPTY: the command has no program; call command(program, arguments...)";

        assertRefused(SandboxErrorCode.COMMAND_EMPTY, message, builder -> builder.command(List.of()));
        assertRefused(SandboxErrorCode.COMMAND_EMPTY, message, builder -> builder.command("", "argument"));
    }

    @Test
    void aCommandWithANulIsRefused() {
        assertRefused(
                SandboxErrorCode.COMMAND_INVALID,
                "COMMAND_INVALID: the command's part 'a\\0b' has a NUL in it, which no program can receive; remove it",
                builder -> builder.command("program", "a\0b"));
    }

    @Test
    void aShellAndItsScriptArePassedOn() throws Exception {
        String script = "echo \"a  b\" %PATH% $PATH\n'";

        LaunchRequest request = requestOf(policy, builder -> builder.shell(Shell.BASH, script));

        assertThat(request.shell()).contains(Shell.BASH);
        assertThat(request.command()).containsExactly(script);
        assertThat(requestOf(policy, builder -> builder.shell(Shell.CMD, "")).command())
                .containsExactly("");
    }

    @Test
    void aShellReplacesACommandAndTheOtherWayRound() throws Exception {
        LaunchRequest command =
                requestOf(policy, builder -> builder.shell(Shell.CMD, "dir").command("a", "b"));
        LaunchRequest list =
                requestOf(policy, builder -> builder.shell(Shell.CMD, "dir").command(List.of("a")));
        LaunchRequest shell =
                requestOf(policy, builder -> builder.command("a", "b").shell(Shell.CMD, "dir"));

        assertThat(command.shell()).isEmpty();
        assertThat(command.command()).containsExactly("a", "b");
        assertThat(list.shell()).isEmpty();
        assertThat(shell.shell()).contains(Shell.CMD);
        assertThat(shell.command()).containsExactly("dir");
    }

    @Test
    void theScriptIsTheCommandAndCannotBeGivenArguments() {
        SandboxedProcessBuilder builder = SandboxedProcess.builder(policy).shell(Shell.POWERSHELL, "dir");

        assertThat(builder.shell()).contains(Shell.POWERSHELL);
        assertThat(builder.command()).containsExactly("dir");
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> builder.command().add("argument"));
    }

    @Test
    void aScriptWithANulIsRefused() {
        assertRefused(
                SandboxErrorCode.COMMAND_INVALID,
                "COMMAND_INVALID: the command's part 'a\\0b' has a NUL in it, which no program can receive; remove it",
                builder -> builder.shell(Shell.BASH, "a\0b"));
    }

    @Test
    void aTerminalIsPassedOn() throws Exception {
        assertThat(requestOf(policy, builder -> builder.terminal(80, 24)).terminal())
                .contains(new TerminalSize(80, 24));
        assertThat(requestOf(policy, builder -> {}).terminal()).isEqualTo(Optional.empty());
    }

    @Test
    void aTerminalWithoutExtentIsRefused() {
        assertRefused(
                SandboxErrorCode.TERMINAL_INVALID,
                "TERMINAL_INVALID: a terminal of 0 columns and 24 rows: both must be from 1 to 32767; 80 columns and 24 rows "
                        + "are common",
                builder -> builder.terminal(0, 24));
    }

    @Test
    void aTerminalAndARedirectExcludeEachOther() {
        List<Consumer<SandboxedProcessBuilder>> redirects = List.of(
                builder -> builder.redirectInput(Redirect.DISCARD.file()),
                builder -> builder.redirectOutput(Redirect.DISCARD),
                builder -> builder.redirectError(Redirect.INHERIT));
        List<Redirect> named = List.of(Redirect.from(Redirect.DISCARD.file()), Redirect.DISCARD, Redirect.INHERIT);

        for (int i = 0; i < redirects.size(); i++) {
            Consumer<SandboxedProcessBuilder> redirect = redirects.get(i);
            assertRefused(
                    SandboxErrorCode.TERMINAL_INVALID,
                    "TERMINAL_INVALID: terminal(...) together with the redirect " + named.get(i)
                            + ": the terminal is input, output and errors of the process, which the caller reads and writes "
                            + "by pipes; remove the redirect or the terminal",
                    builder -> redirect.accept(builder.terminal(80, 24)));
        }
    }

    @Test
    void aDirectoryThatIsNoneIsRefused() throws Exception {
        Path missing = workspace.resolve("missing");
        Path file = Files.createFile(workspace.resolve("file"));

        for (Path path : List.of(missing, file)) {
            assertRefused(
                    SandboxErrorCode.DIRECTORY_INVALID,
                    "DIRECTORY_INVALID: directory(" + path + "): this is not an existing directory; create it first",
                    builder -> builder.directory(path));
        }
    }

    @Test
    void aDirectoryThatIsNoPathIsRefused() {
        assertRefused(
                SandboxErrorCode.DIRECTORY_INVALID,
                "DIRECTORY_INVALID: directory(" + new File("a").getAbsolutePath()
                        + "\\0b): this is not an existing directory; create it first",
                builder -> builder.directory(new File("a\0b")));
    }

    @Test
    void aVariableThatIsNoneIsRefused() {
        assertRefused(
                SandboxErrorCode.ENVIRONMENT_NAME_INVALID,
                "ENVIRONMENT_NAME_INVALID: environment variable 'A=B': a name is not empty and has neither '=' nor NUL in "
                        + "it; rename it",
                builder -> builder.environment().put("A=B", ""));
        assertRefused(
                SandboxErrorCode.ENVIRONMENT_VALUE_INVALID,
                "ENVIRONMENT_VALUE_INVALID: environment variable 'A' has a NUL at index 0 of its value; remove it",
                builder -> builder.environment().put("A", "\0"));
    }

    @Test
    void aProcessBuilderIsTakenOver() {
        Redirect output = Redirect.appendTo(new File("output"));
        ProcessBuilder other = new ProcessBuilder("a", "b")
                .directory(workspace.toFile())
                .redirectInput(Redirect.from(new File("input")))
                .redirectOutput(output)
                .redirectError(Redirect.DISCARD)
                .redirectErrorStream(true);

        SandboxedProcessBuilder builder = SandboxedProcessBuilder.from(other, policy);

        assertThat(builder.command()).containsExactly("a", "b").isNotSameAs(other.command());
        assertThat(builder.directory()).isEqualTo(workspace.toFile());
        assertThat(builder.redirectInput()).isEqualTo(Redirect.from(new File("input")));
        assertThat(builder.redirectOutput()).isEqualTo(output);
        assertThat(builder.redirectError()).isEqualTo(Redirect.DISCARD);
        assertThat(builder.redirectErrorStream()).isTrue();
    }

    @Test
    void ofAProcessBuilderThatChangesNothingTheEnvironmentIsThePolicys() {
        assertThat(SandboxedProcessBuilder.from(new ProcessBuilder("a"), policy).environment())
                .isEqualTo(SandboxedProcess.builder(policy).environment());
    }

    @Test
    void whatAProcessBuilderInheritedPassesThroughThePolicy() {
        SandboxPolicy none =
                policy.toBuilder().environment(e -> e.inheritNone()).build();

        assertThat(SandboxedProcessBuilder.from(new ProcessBuilder("a"), none).environment())
                .isEqualTo(none.environment().apply(System.getenv(), File.separatorChar == '\\'));
    }

    @Test
    void whatWasPutChangedOrRemovedInAProcessBuilderIsTakenOver() {
        ProcessBuilder other = new ProcessBuilder("a");
        other.environment().put("ADDED_TOKEN", "put on purpose");
        other.environment().keySet().removeIf(name -> !name.equals("ADDED_TOKEN"));

        assertThat(SandboxedProcessBuilder.from(other, policy).environment())
                .isEqualTo(Map.of("ADDED_TOKEN", "put on purpose"));
    }

    @Test
    void whatThePolicySetsHoldsForAProcessBuilderToo() {
        SandboxPolicy setting = policy.toBuilder()
                .environment(environment -> environment.set("CI", "policy"))
                .build();
        ProcessBuilder other = new ProcessBuilder("a");
        other.environment().put("CI", "other");

        assertThat(SandboxedProcessBuilder.from(other, setting).environment()).containsEntry("CI", "policy");
    }

    @Test
    void aProcessBuilderIsTakenOverIntoAnOpenSandbox() throws Exception {
        UnconfinedTestBackend backend = new UnconfinedTestBackend();
        try (Sandbox sandbox = Sandbox.open(policy, backend)) {
            ProcessBuilder other = new ProcessBuilder(TestChild.command("out:text"));

            SandboxResult result = SandboxedProcessBuilder.from(other, sandbox).run();

            assertThat(result.stdout().text()).isEqualTo("text\n");
            assertThat(backend.requests).hasSize(1);
        }
    }

    private void assertRefused(SandboxErrorCode code, String message, Consumer<SandboxedProcessBuilder> settings) {
        Recorder recorder = new Recorder();
        SandboxedProcessBuilder builder = new SandboxedProcessBuilder(recorder, policy).command("program");
        settings.accept(builder);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(builder::start)
                .withMessage(message)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
        assertThat(recorder.request).isNull();
    }
}
