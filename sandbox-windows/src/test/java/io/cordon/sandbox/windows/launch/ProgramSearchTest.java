package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs on any system: the search itself only asks which files there are. */
class ProgramSearchTest {
    @TempDir
    Path temp;

    private Path work;
    private Path bin;
    private Path more;

    @BeforeEach
    void makeDirectories() throws IOException {
        temp = temp.toRealPath();
        work = Files.createDirectory(temp.resolve("work"));
        bin = Files.createDirectory(temp.resolve("bin"));
        more = Files.createDirectory(temp.resolve("more"));
    }

    private ProgramSearch search() {
        return new ProgramSearch(
                work,
                ImmutableMap.of("Path", bin + ";;.;\"" + more + "\"", "PATHEXT", ".com; .exe;.BAT;.cmd;.js"),
                new WslPrograms(temp.resolve("Windows")));
    }

    private static Path file(Path directory, String name) throws IOException {
        return Files.createFile(directory.resolve(name));
    }

    @Test
    void aNameIsFoundOnThePathOfTheChildByItsExtensions() throws Exception {
        Path tool = file(more, "tool.exe");
        file(more, "tool"); // beside a program there often is a script of the same name for other systems
        assertThat(search().find("tool")).isEqualTo(tool);
        assertThat(search().find("tool.exe")).isEqualTo(tool);
    }

    @Test
    void theFirstDirectoryWinsAndThenTheFirstExtension() throws Exception {
        file(more, "tool.com");
        Path first = file(bin, "tool.exe");
        assertThat(search().find("tool")).isEqualTo(first);
        Path com = file(bin, "tool.com");
        assertThat(search().find("tool")).isEqualTo(com);
    }

    @Test
    void theWorkingDirectoryIsNotSearched() throws Exception {
        file(work, "tool.exe");
        assertRefused("tool", SandboxErrorCode.PROGRAM_NOT_FOUND, "on the child's PATH");
    }

    @Test
    void aRelativePathBeginsInTheWorkingDirectory() throws Exception {
        Path tool = file(work, "tool.exe");
        assertThat(search().find("./tool.exe")).isEqualTo(tool);
        assertRefused("./other.exe", SandboxErrorCode.PROGRAM_NOT_FOUND, work.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"npm", "npm.cmd", "NPM.CMD"})
    void aBatchFileIsRefusedAsAProgram(String name) throws Exception {
        file(bin, "npm.cmd");
        if (Files.notExists(bin.resolve("NPM.CMD"))) {
            file(bin, "NPM.CMD");
        }
        assertRefused(name, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "Shell.CMD");
    }

    @Test
    void aLinkToABatchFileIsRefusedAsWell() throws Exception {
        Path link = bin.resolve("tool.exe");
        try {
            Files.createSymbolicLink(link, file(more, "npm.bat"));
        } catch (IOException | UnsupportedOperationException e) {
            Assumptions.abort("no symbolic links here: " + e);
        }
        Assumptions.assumeTrue(Files.isSymbolicLink(link), "the link is none (stock Wine)");
        assertRefused("tool", SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "npm.bat");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "npm.cmd.",
                "npm.cmd ",
                "npm.cmd . .",
                "npm.cmd./",
                "dir\\npm.cmd. \\\\",
                "npm.cmd::$DATA",
                "tool.exe:npm.cmd",
                ":npm.cmd",
                "C:npm.cmd:x",
                "C:npm.exe",
                "C:\\dir\\tool.exe:npm.cmd",
                "\\\\?\\C:\\dir\\npm.cmd.",
                "\\\\.\\C:\\dir\\npm.cmd",
                "n*",
                "np?",
                "/"
            })
    void spellingsThatWindowsReadsDifferentlyAreRefused(String name) throws Exception {
        file(bin, "npm.cmd");
        assertRefused(name, SandboxErrorCode.COMMAND_INVALID, name);
    }

    /** Windows itself cannot make such a file by its usual names, but its \\?\ names can. */
    @ParameterizedTest
    @ValueSource(strings = {"npm.cmd.", "npm.cmd ", "npm.exe:x"})
    void aLinkToANameThatWindowsReadsDifferentlyIsRefused(String name) throws Exception {
        Assumptions.assumeTrue(more.getFileSystem().getSeparator().equals("/"), "such files cannot be made here");
        Files.createSymbolicLink(bin.resolve("tool.exe"), file(more, name));
        assertRefused(
                "tool", SandboxErrorCode.COMMAND_INVALID, more.resolve(name).toString());
    }

    @Test
    void aPathextThatRunsScriptsOrPutsBatchFilesFirstStartsNone() throws Exception {
        file(bin, "tool.js");
        file(bin, "tool.py");
        Path tool = file(bin, "tool.exe");
        assertThat(searchWith(".JS;.PY;.VBS;;.;exe;.EXE").find("tool")).isEqualTo(tool);

        file(bin, "tool.bat");
        assertThat(searchWith(".EXE;.BAT").find("tool")).isEqualTo(tool);
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> searchWith(".BAT;.EXE").find("tool"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE))
                .withMessageContaining("tool.bat");
    }

    private ProgramSearch searchWith(String pathext) {
        return new ProgramSearch(
                work,
                ImmutableMap.of("PATH", bin.toString(), "PATHEXT", pathext),
                new WslPrograms(temp.resolve("Windows")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wsl",
                "wsl.exe",
                "WSL.EXE",
                "Wsl.Exe",
                "wslhost.exe",
                "wslconfig",
                "wslg.exe",
                "./../bin/wsl.exe",
                "./../bin/WSL"
            })
    void theProgramsOfWslAreRefusedByName(String name) throws Exception {
        for (String file :
                List.of("wsl.exe", "WSL.EXE", "Wsl.Exe", "WSL.exe", "wslhost.exe", "wslconfig.exe", "wslg.exe")) {
            if (Files.notExists(bin.resolve(file))) {
                file(bin, file);
            }
        }
        assertRefused(name, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "Subsystem for Linux");
        assertThat(search().find(file(bin, "wslx.exe").toString()))
                .as("a name that only begins so")
                .isEqualTo(bin.resolve("wslx.exe"));
    }

    @Test
    void theBashOfWindowsIsTheOneOfWslAndOthersAreNot() throws Exception {
        Path system32 = Files.createDirectories(temp.resolve("Windows/System32"));
        Path bash = file(system32, "bash.exe");
        Path git = file(more, "bash.exe");
        assertThat(search().find("bash")).isEqualTo(git);

        assertRefused(bash.toString(), SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "Shell.BASH");
        assertRefused("../Windows/System32/bash", SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "Shell.BASH");
        ProgramSearch system = new ProgramSearch(
                work, ImmutableMap.of("PATH", system32 + ";" + more), new WslPrograms(temp.resolve("Windows")));
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> system.find("bash"))
                .as("it is not passed over: the caller shall know what it would have been")
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE));
    }

    @Test
    void theBashOfWslIsFoundOutUnderAnotherName() throws Exception {
        Path bash = file(Files.createDirectories(temp.resolve("Windows/System32")), "bash.exe");
        try {
            Files.createLink(bin.resolve("bash.exe"), bash);
            Files.createSymbolicLink(bin.resolve("tool.exe"), bash);
        } catch (IOException | UnsupportedOperationException e) {
            Assumptions.abort("no links here: " + e);
        }
        assertRefused("bash", SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "Shell.BASH");
        assertRefused("tool", SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "Subsystem for Linux");
    }

    /** The aliases of the Store are links of a kind that cannot be followed; here, links that lead nowhere. */
    @ParameterizedTest
    @ValueSource(strings = {"wsl", "bash", "ubuntu2204", "Debian", "kali"})
    void theAliasesOfWslAreFoundAndRefused(String name) throws Exception {
        Path apps = Files.createDirectories(temp.resolve("Microsoft/WindowsApps"));
        Files.createSymbolicLink(apps.resolve(name + ".exe"), Path.of("nowhere"));
        Files.createSymbolicLink(apps.resolve("winget.exe"), Path.of("nowhere"));
        file(more, name + ".exe");
        ProgramSearch search = new ProgramSearch(
                work, ImmutableMap.of("PATH", apps + ";" + more), new WslPrograms(temp.resolve("Windows")));

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> search.find(name))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE))
                .withMessageContaining("Subsystem for Linux");
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> search.find("winget"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_FOUND));
    }

    private void assertRefused(String name, SandboxErrorCode code, String inMessage) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> search().find(name))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageContaining(inMessage);
    }
}
