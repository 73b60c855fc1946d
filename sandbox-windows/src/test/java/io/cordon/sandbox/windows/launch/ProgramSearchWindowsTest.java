package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import com.sun.jna.platform.win32.Kernel32;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a file system of Windows does: names without case, short names, and two kinds of slashes. */
@Tag("windows")
@Timeout(60)
class ProgramSearchWindowsTest {
    @TempDir
    Path temp;

    private Path windows;

    @BeforeEach
    void makeDirectories() throws IOException {
        temp = temp.toRealPath();
        windows = Files.createDirectory(temp.resolve("Windows"));
    }

    private ProgramSearch search() {
        return new ProgramSearch(temp, ImmutableMap.of("PATH", temp.toString()), new WslPrograms(windows));
    }

    private static Path file(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        return Files.createFile(path);
    }

    /** The name of eight characters and three that the volume gave the file, if it gives such names. */
    private static String shortName(Path file) {
        char[] buffer = new char[1024];
        int length = Kernel32.INSTANCE.GetShortPathName(file.toString(), buffer, buffer.length);
        String name = new String(buffer, 0, length);
        Assumptions.assumeTrue(name.indexOf('~') >= 0, "this volume gives no short names");
        return name.substring(name.lastIndexOf('\\') + 1);
    }

    private void assertRefused(String program, SandboxErrorCode code, String inMessage) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> search().find(program))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code))
                .withMessageContaining(inMessage);
    }

    @Test
    void aProgramIsFoundWhateverTheCaseAndByItsShortName() throws Exception {
        Path tool = file(temp.resolve("a long tool name.exe"));
        assertThat(search().find("A LONG Tool Name")).isEqualTo(tool);
        assertThat(search().find(shortName(tool))).isEqualTo(tool);
        assertThat(search().find(tool.toString().replace('\\', '/'))).isEqualTo(tool);
    }

    @ParameterizedTest
    @ValueSource(strings = {"script one.cmd", "script one.bat", "script one.BaT"})
    void aBatchFileIsRefusedByItsShortName(String name) throws Exception {
        Path script = file(temp.resolve(name));
        String shortName = shortName(script);

        assertThat(shortName).isNotEqualToIgnoringCase(name);
        assertRefused(shortName, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "is the batch file");
        assertRefused(".\\" + shortName, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "is the batch file");
        assertRefused(
                shortName.substring(0, shortName.indexOf('.')),
                SandboxErrorCode.PROGRAM_NOT_EXECUTABLE,
                "is the batch file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NPM.CMD", "npm.Cmd", "npm", "NPM", "./NPM.CMD", ".\\.\\npm.cmd", "npm.cmd\\"})
    void aBatchFileIsRefusedWhateverTheSpelling(String program) throws Exception {
        file(temp.resolve("npm.cmd"));
        assertRefused(program, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "is the batch file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"npm.cmd.", "npm.cmd ", ".\\npm.cmd. .", "npm.cmd::$DATA", "tool.exe:npm.cmd", "npm.cmd.\\"})
    void aSpellingThatTheSystemWouldReadAsABatchFileIsRefused(String program) throws Exception {
        file(temp.resolve("npm.cmd"));
        file(temp.resolve("tool.exe"));
        assertRefused(program, SandboxErrorCode.COMMAND_INVALID, "npm.cmd");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "bash.exe", "BASH.EXE", "Bash.Exe"})
    void theBashOfWindowsIsRefusedWhateverTheSpelling(String name) throws Exception {
        Path system32 = windows.resolve("System32");
        file(system32.resolve("bash.exe"));
        Path other = file(temp.resolve("bash.exe"));
        assertThat(search().find(name)).isEqualTo(other);

        for (String directory : new String[] {
            system32 + "\\", "WINDOWS/system32/", ".\\windows\\x\\..\\SYSTEM32\\", "windows//system32//"
        }) {
            Files.createDirectories(windows.resolve("x"));
            assertRefused(directory + name, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "Subsystem for Linux");
        }
        assertRefused(system32 + "\\" + name + ".", SandboxErrorCode.COMMAND_INVALID, "neither dot nor blank");
        assertRefused(system32 + "\\" + name + " ", SandboxErrorCode.COMMAND_INVALID, "neither dot nor blank");
    }

    @Test
    void aProgramOfWslIsRefusedByItsShortName() throws Exception {
        Path config = file(temp.resolve("tools").resolve("wslconfig.exe"));
        String shortName = shortName(config);

        assertThat(shortName).isNotEqualToIgnoringCase("wslconfig.exe");
        assertRefused("tools\\" + shortName, SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, "Subsystem for Linux");
    }
}
