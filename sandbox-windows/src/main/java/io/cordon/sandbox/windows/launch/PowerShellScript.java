package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import java.nio.file.Path;

/**
 * The line for a script of Windows PowerShell: the script is the one argument of {@code -Command}, which powershell.exe
 * receives by the rules of the C runtime, line breaks included.
 *
 * <p>Not {@code -EncodedCommand}, although it needs no quoting: where that is given and the errors go into a pipe, Windows
 * PowerShell takes its caller for another PowerShell and writes errors as serialized objects (CLIXML), whatever
 * {@code -OutputFormat} says. It would also have room for 12,000 characters only.
 *
 * @see <a href="https://github.com/PowerShell/PowerShell/issues/5912">errors are CLIXML with -EncodedCommand</a>
 * @see <a href="https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_powershell_exe">
 *     about_PowerShell_exe</a>
 */
final class PowerShellScript {
    /** On the first line of the script, so that the lines in its messages are its own. */
    static final String PROLOGUE = "$ProgressPreference='SilentlyContinue';";

    /**
     * {@code -Command} exits with 1 for whatever failed; this lets the code of a program through. The empty line ends a
     * statement that the script's last line continues by a backtick.
     */
    static final String EPILOGUE = "\n\nif(-not $?){if($LASTEXITCODE){exit $LASTEXITCODE}else{exit 1}}";

    private PowerShellScript() {}

    /**
     * The line.
     *
     * @throws SandboxException if it is too long
     */
    static String line(Path powerShell, String script) throws SandboxException {
        return CommandLine.encode(
                ImmutableList.of(
                        powerShell.toString(),
                        "-NoLogo",
                        "-NoProfile",
                        "-NonInteractive",
                        "-Command",
                        PROLOGUE + script + EPILOGUE),
                "the POWERSHELL script",
                "write it into a .ps1 file and run that by a short script");
    }
}
