package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Path;

/**
 * The line for a script of {@code cmd.exe}. With {@code /s} it takes off the first and the last quote of what follows
 * {@code /c} and nothing else, whatever lies between, so that the script is neither quoted nor escaped; {@code /d} leaves
 * out the AutoRun commands of the registry, which any program of the user can set.
 *
 * @see <a href="https://learn.microsoft.com/windows-server/administration/windows-commands/cmd">cmd</a>
 */
final class CmdScript {
    /**
     * What cmd.exe reads of a line.
     *
     * @see <a href="https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation">
     *     Command prompt line string limitation</a>
     */
    private static final int MAX_LENGTH = 8_191;

    private static final String REMEDY = "write them into a .cmd file and run that by a script of one line";

    private CmdScript() {}

    /**
     * The line.
     *
     * @throws SandboxException if cmd.exe would not run all of the script
     */
    static String line(Path cmd, String script) throws SandboxException {
        for (char end : new char[] {'\n', '\r', '\0'}) {
            int at = script.indexOf(end);
            if (at >= 0) {
                throw new SandboxException(
                        SandboxErrorCode.COMMAND_INVALID,
                        "the CMD script has " + (end == '\0' ? "a NUL" : "a line break") + " at index " + at
                                + ", where cmd.exe would end; join the commands with & or &&, or " + REMEDY);
            }
        }
        String line = "\"" + cmd + "\" /d /s /c \"" + script + "\"";
        if (line.length() > MAX_LENGTH) {
            throw new SandboxException(
                    SandboxErrorCode.COMMAND_INVALID,
                    "the CMD script makes a line of " + line.length() + " characters, and cmd.exe reads at most "
                            + MAX_LENGTH + "; if it is commands, " + REMEDY);
        }
        return line;
    }
}
