package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Shell;
import io.cordon.sandbox.spi.LaunchRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which program a request starts, and with which line. Runs on any system: a directory stands for the machine. */
class ProgramCallTest {
    @TempDir
    Path temp;

    private Path work;
    private Path windows;
    private Path programFiles;
    private Path local;

    @BeforeEach
    void makeDirectories() throws IOException {
        temp = temp.toRealPath();
        work = Files.createDirectory(temp.resolve("work"));
        windows = Files.createDirectory(temp.resolve("Windows"));
        programFiles = Files.createDirectory(temp.resolve("Program Files"));
        local = Files.createDirectory(temp.resolve("Local"));
    }

    private static Path file(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        return Files.createFile(path);
    }

    private ShellPlaces places() {
        return new ShellPlaces(ImmutableMap.of(
                "SYSTEMROOT", windows.toString(),
                "ProgramFiles", programFiles.toString(),
                "ProgramW6432", programFiles.toString(),
                "LocalAppData", local.toString()));
    }

    private ProgramCall call(Shell shell, String script, ImmutableMap<String, String> environment)
            throws SandboxException {
        return ProgramCall.of(LaunchRequest.of(shell, script, work, environment), environment, places());
    }

    private ProgramCall call(Shell shell, String script) throws SandboxException {
        return call(shell, script, ImmutableMap.of());
    }

    private void assertRefused(Shell shell, String script, SandboxErrorCode code, String... inMessage) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> call(shell, script))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .satisfies(e -> assertThat(e.getMessage()).contains(inMessage));
    }

    private Path cmd() throws IOException {
        return file(windows.resolve("System32").resolve("cmd.exe"));
    }

    private Path powerShell() throws IOException {
        return file(windows.resolve("System32/WindowsPowerShell/v1.0/powershell.exe"));
    }

    @Test
    void aProgramIsSearchedAndItsArgumentsAreQuoted() throws Exception {
        Path tool = file(work.resolve("tool.exe"));
        LaunchRequest request =
                LaunchRequest.of(ImmutableList.of("./tool.exe", "a b", "\""), work, ImmutableMap.of("A", "b"));

        assertThat(ProgramCall.of(request, ImmutableMap.of("A", "b", "SystemRoot", "x"), places()))
                .isEqualTo(new ProgramCall(tool, "./tool.exe \"a b\" \"\\\"\"", "A=b\0SystemRoot=x\0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dir",
                "",
                "echo \"a\" & echo \"b\"",
                "\"C:\\Program Files\\x.exe\" \"y\"",
                "echo %PATH% ^& ^^ \\\\ \\\" \\",
                "echo \t ä€\ud83d\ude00",
                "\"",
                "\" & calc & \""
            })
    void aCmdScriptStandsVerbatimInOnePairOfQuotes(String script) throws Exception {
        Path cmd = cmd();

        ProgramCall call = call(Shell.CMD, script, ImmutableMap.of("A", "b"));

        assertThat(call).isEqualTo(new ProgramCall(cmd, "\"" + cmd + "\" /d /s /c \"" + script + "\"", "A=b\0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo a\necho b", "echo a\r\necho b", "echo a\recho b", "echo a\n"})
    void aCmdScriptThatCmdWouldEndInTheMiddleIsRefused(String script) throws Exception {
        cmd();
        assertRefused(
                Shell.CMD,
                script,
                SandboxErrorCode.COMMAND_INVALID,
                "a line break at index " + (script.contains("\r\n") ? 7 : 6),
                "join the commands with &",
                ".cmd file");
        assertRefused(Shell.CMD, "a\0", SandboxErrorCode.COMMAND_INVALID, "a NUL at index 1");
    }

    @Test
    void aCmdLineThatFitsJustIsPassedAndOneCharacterMoreIsRefused() throws Exception {
        int around = ("\"" + cmd() + "\" /d /s /c \"\"").length();
        String fits = "x".repeat(8_191 - around);

        assertThat(call(Shell.CMD, fits).line()).hasSize(8_191);
        assertRefused(
                Shell.CMD,
                fits + "x",
                SandboxErrorCode.COMMAND_INVALID,
                "a line of 8192 characters, and cmd.exe reads at most 8191",
                ".cmd file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Get-ChildItem",
                "",
                "Write-Output \"a  b\" 'c' \\\" \\\\\"; exit 3",
                "if ($x) {\r\n  \"y\"\r\n}\n# end",
                "Get-Item `",
                "-", // which -Command alone takes for "read the standard input"
                "\"\" \"\"\" \u201cä€\u201d \ud83d\ude00"
            })
    void aPowerShellScriptIsOneArgument(String script) throws Exception {
        Path powerShell = powerShell();

        ProgramCall call = call(Shell.POWERSHELL, script, ImmutableMap.of("A", "b"));

        assertThat(call.image()).isEqualTo(powerShell);
        assertThat(call.environment()).isEqualTo("A=b\0");
        assertThat(ArgvDecoder.decode(call.line()))
                .containsExactly(
                        powerShell.toString(),
                        "-NoLogo",
                        "-NoProfile",
                        "-NonInteractive",
                        "-Command",
                        "$ProgressPreference='SilentlyContinue';" + script
                                + "\n\nif(-not $?){if($LASTEXITCODE){exit $LASTEXITCODE}else{exit 1}}");
    }

    @Test
    void aPowerShellLineThatIsTooLongIsRefused() throws Exception {
        powerShell();
        int around = call(Shell.POWERSHELL, "").line().length();
        String fits = "x".repeat(32_766 - around);

        assertThat(call(Shell.POWERSHELL, fits).line()).hasSize(32_766);
        assertRefused(
                Shell.POWERSHELL,
                fits + "x",
                SandboxErrorCode.COMMAND_INVALID,
                "the POWERSHELL script makes a line of 32767 characters, and Windows passes at most 32766",
                ".ps1 file");
    }

    @Test
    void aBashScriptIsInTheEnvironmentAndTheLineIsAlwaysTheSame() throws Exception {
        Path bash = file(programFiles.resolve("Git").resolve("bin").resolve("bash.exe"));
        String script = "echo \"$HOME\" '*' {a,b} @file \\\\\" \u00e4\r\n\texit 3";

        ProgramCall call = call(Shell.BASH, script, ImmutableMap.of("A", "b", "cordon_script", "of another"));

        assertThat(call.image()).isEqualTo(bash);
        assertThat(call.line()).isEqualTo("\"" + bash + "\" -c \"IFS=;set -f;eval $CORDON_SCRIPT\"");
        assertThat(Splitter.on('\0').split(call.environment()))
                .containsExactly("A=b", "CORDON_SCRIPT=" + GitBash.PROLOGUE + script, "");
    }

    /** What MSYS2 gives a meaning to: quotes, wildcards, braces, home directories, response files, backslashes. */
    @Test
    void theLineOfBashHasNothingInItThatMsysReadsDifferently() {
        assertThat(GitBash.COMMAND).doesNotContainPattern("[\"'?*\\[\\](){}~@\\\\]");
    }

    @Test
    void aBashScriptThatIsTooLongForAVariableIsRefused() throws Exception {
        file(programFiles.resolve("Git/bin/bash.exe"));
        String fits = "x".repeat(32_767 - "CORDON_SCRIPT=".length() - GitBash.PROLOGUE.length() - 1);

        assertThat(call(Shell.BASH, fits).environment()).hasSize(32_767);
        assertRefused(
                Shell.BASH,
                fits + "x",
                SandboxErrorCode.COMMAND_INVALID,
                "the BASH script has " + (fits.length() + 1) + " characters",
                "has room for " + fits.length());
    }

    @Test
    void gitIsSearchedInItsUsualPlacesInTheirOrder() throws Exception {
        Path other = Files.createDirectory(temp.resolve("W6432"));
        ShellPlaces places = new ShellPlaces(ImmutableMap.of(
                "ProgramFiles",
                programFiles.toString(),
                "ProgramW6432",
                other.toString(),
                "LOCALAPPDATA",
                local.toString()));
        Path forOne = file(local.resolve("Programs/Git/usr/bin/bash.exe"));
        assertThat(GitBash.find(places, ImmutableMap.of())).isEqualTo(forOne);
        Path starter = file(local.resolve("Programs/Git/bin/bash.exe"));
        assertThat(GitBash.find(places, ImmutableMap.of())).isEqualTo(starter);
        Path wide = file(other.resolve("Git/bin/bash.exe"));
        assertThat(GitBash.find(places, ImmutableMap.of())).isEqualTo(wide);
        Path usual = file(programFiles.resolve("Git/usr/bin/bash.exe"));
        assertThat(GitBash.find(places, ImmutableMap.of())).isEqualTo(usual);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cmd", "bin", "CMD", "mingw64/bin"})
    void theGitOfTheChildsPathIsUsedElse(String directory) throws Exception {
        Path root = temp.resolve("portable");
        file(root.resolve(directory).resolve("git.exe"));
        Path bash = file(root.resolve("usr/bin/bash.exe"));

        assertThat(GitBash.find(places(), ImmutableMap.of("Path", work + ";" + root.resolve(directory))))
                .isEqualTo(bash);
        Path usual = file(programFiles.resolve("Git/bin/bash.exe"));
        assertThat(GitBash.find(
                        places(),
                        ImmutableMap.of("Path", root.resolve(directory).toString())))
                .isEqualTo(usual);
    }

    @Test
    void aBashThatBelongsToNoGitIsNotUsed() throws Exception {
        file(windows.resolve("System32/bash.exe"));
        Path cygwin = temp.resolve("cygwin/bin");
        file(cygwin.resolve("bash.exe"));
        file(work.resolve("bin/git.exe"));
        file(work.resolve("usr/bin/bash.exe"));
        // The first has no git, the second is relative to where the JVM was started, and starts with what an agent
        // writes.
        String relative =
                Path.of("").toAbsolutePath().relativize(work.resolve("bin")).toString();
        ImmutableMap<String, String> environment =
                ImmutableMap.of("PATH", String.join(";", List.of(cygwin.toString(), relative)));

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> call(Shell.BASH, "ls", environment))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_FOUND))
                .withMessageContaining("there is no Git for Windows")
                .withMessageContaining(programFiles.resolve("Git").toString())
                .withMessageContaining("Shell.CMD");
    }

    @Test
    void aGitBashThatLeadsToTheOneOfWslIsRefused() throws Exception {
        Path wsl = file(windows.resolve("System32/bash.exe"));
        Files.createDirectories(programFiles.resolve("Git/bin"));
        Files.createSymbolicLink(programFiles.resolve("Git/bin/bash.exe"), wsl);

        assertRefused(Shell.BASH, "ls", SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "bash.exe", "Subsystem for Linux");
    }

    @ParameterizedTest
    @EnumSource(
            value = Shell.class,
            names = {"CMD", "POWERSHELL"})
    void aShellThatThisWindowsDoesNotHaveIsNamed(Shell shell) {
        assertRefused(shell, "dir", SandboxErrorCode.PROGRAM_NOT_FOUND, "Shell." + shell, windows.toString());
    }

    /** A directory of the child's PATH could be one that an agent writes. */
    @Test
    void theShellsOfWindowsAreNotSearchedOnThePathOfTheChild() throws Exception {
        file(work.resolve("cmd.exe"));
        ImmutableMap<String, String> environment = ImmutableMap.of(
                "PATH", work.toString(), "ComSpec", work.resolve("cmd.exe").toString());
        Path cmd = cmd();

        assertThat(call(Shell.CMD, "dir", environment).image()).isEqualTo(cmd);
    }
}
