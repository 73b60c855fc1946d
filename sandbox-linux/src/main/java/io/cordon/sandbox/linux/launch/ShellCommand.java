package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;

/** What a shell's script is on this system: a program with arguments. */
final class ShellCommand {
    private ShellCommand() {}

    /**
     * The request with a program instead of a shell.
     *
     * @throws SandboxException if the shell is one of Windows
     */
    static LaunchRequest resolve(LaunchRequest request) throws SandboxException {
        if (request.shell().isEmpty()) {
            return request;
        }
        return switch (request.shell().get()) {
            // The two dashes end bash's options: a script may begin with one.
            case BASH ->
                request.withCommand(
                        ImmutableList.of("bash", "-c", "--", request.command().get(0)));
            case CMD -> throw unavailable("CMD", "cmd.exe is a program of Windows");
            case POWERSHELL -> throw unavailable("POWERSHELL", "Windows PowerShell is a program of Windows");
        };
    }

    private static SandboxException unavailable(String shell, String reason) {
        return new SandboxException(
                SandboxErrorCode.COMMAND_INVALID,
                "Shell." + shell + ": " + reason + ", and this is Linux; write the script for Shell.BASH");
    }
}
