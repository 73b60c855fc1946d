package io.cordon.sandbox;

/**
 * A program that runs a script, a text in its own language. The script arrives exactly as it was written: Cordon quotes
 * for the system and for the shell's own reading of its command line, never the script itself. Values that are put into a
 * script are part of the script; pass what is not trusted in an environment variable or in a file.
 *
 * <p>A shell is found by the host, never on a path that the script's author chose: {@link #CMD} and {@link #POWERSHELL}
 * in Windows' own directory, {@link #BASH} in an installation of Git for Windows, or on Unix on the child's
 * {@code PATH}. A shell that a system does not have is refused with {@link SandboxErrorCode#COMMAND_INVALID} or
 * {@link SandboxErrorCode#PROGRAM_NOT_FOUND} and the reason.
 */
public enum Shell {
    /**
     * The command interpreter of Windows, {@code cmd.exe /d /s /c "SCRIPT"}, without the AutoRun commands of the registry.
     *
     * <p>The script is one line as it would be typed, not a batch file: {@code for} writes {@code %i}, not {@code %%i},
     * and {@code %NAME%} of a variable that is not set stays as it is. cmd.exe ends the line at the first line break, so
     * that a script with one is refused; join commands with {@code &} or {@code &&}. It reads no more than 8,191
     * characters, program and options included. The exit code is that of the last command. What it prints itself is in
     * the OEM code page, see {@link CodePage#OEM}.
     *
     * @see <a href="https://learn.microsoft.com/windows-server/administration/windows-commands/cmd">cmd</a>
     */
    CMD,
    /**
     * Windows PowerShell 5.1, which is on every Windows, without profile, banner and questions. The execution policy of
     * the machine stays in force: it does not concern the script, but the {@code .ps1} files that the script calls.
     *
     * <p>The exit code is the script's own with {@code exit N}. Else it is 0 if the last statement succeeded; if it did
     * not, the exit code of the program that ran last, or 1 where that is 0 or there was none; 1 after an error that
     * ended the script. {@code $ProgressPreference} is {@code SilentlyContinue}, because progress is drawn on a console
     * that nobody sees; for the same reason, the script cannot begin with {@code param} or {@code using}: write such a
     * script into a file and call that. What PowerShell prints is in the OEM code page, see {@link CodePage#OEM}.
     * PowerShell reads its input to the end before it exits: close {@link Process#getOutputStream()}, as
     * {@link SandboxedProcessBuilder#run()} does.
     *
     * @see <a href="https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_powershell_exe">
     *     about_PowerShell_exe</a>
     */
    POWERSHELL,
    /**
     * The GNU shell. On Unix {@code bash -c SCRIPT}. On Windows the one of Git for Windows, never the {@code bash.exe} of
     * the Windows Subsystem for Linux, which runs its commands in a virtual machine, outside of any confinement.
     *
     * <p>On Windows the programs of Git Bash need rights that a confined token may not have; where it does not start, its
     * message on the standard error says so.
     */
    BASH
}
