package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
                work, ImmutableMap.of("Path", bin + ";;.;\"" + more + "\"", "PATHEXT", ".com; .exe;.BAT;.cmd;.js"));
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
        assertRefused(name, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "cmd.exe");
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
    @ValueSource(strings = {"npm.cmd.", "npm.cmd ", "npm.cmd::$DATA", "C:npm.cmd:x", "n*", "np?"})
    void spellingsThatWindowsReadsDifferentlyAreRefused(String name) throws Exception {
        file(bin, "npm.cmd");
        assertRefused(name, SandboxErrorCode.COMMAND_INVALID, name);
    }

    private void assertRefused(String name, SandboxErrorCode code, String inMessage) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> search().find(name))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageContaining(inMessage);
    }
}
