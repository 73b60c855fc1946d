package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Shell;
import io.cordon.sandbox.spi.LaunchRequest;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What {@code CreateProcess} is given to start a program or a shell.
 *
 * @param image the program's file, absolute, links resolved
 * @param line the command line
 * @param environment the environment block
 */
public record ProgramCall(Path image, String line, String environment) {
    /**
     * The call for a request.
     *
     * @param environment all variables of the child
     * @throws SandboxException if there is no such program, or if it cannot be given these arguments or this script
     */
    public static ProgramCall of(LaunchRequest request, ImmutableMap<String, String> environment)
            throws SandboxException {
        return of(request, environment, ShellPlaces.ofThisJvm());
    }

    static ProgramCall of(LaunchRequest request, ImmutableMap<String, String> environment, ShellPlaces places)
            throws SandboxException {
        ProgramSearch search =
                new ProgramSearch(request.directory(), environment, new WslPrograms(places.systemRoot()));
        if (request.shell().isEmpty()) {
            return new ProgramCall(
                    search.find(request.program()),
                    CommandLine.encode(request.command()),
                    EnvironmentBlock.encode(environment));
        }
        String script = request.command().get(0);
        return switch (request.shell().get()) {
            case CMD -> {
                Path cmd = existing(Shell.CMD, places.commandInterpreter());
                yield new ProgramCall(cmd, CmdScript.line(cmd, script), EnvironmentBlock.encode(environment));
            }
            case POWERSHELL -> {
                Path powerShell = existing(Shell.POWERSHELL, places.windowsPowerShell());
                yield new ProgramCall(
                        powerShell, PowerShellScript.line(powerShell, script), EnvironmentBlock.encode(environment));
            }
            case BASH -> {
                Path bash = search.checked("bash", GitBash.find(places, environment));
                yield new ProgramCall(
                        bash, GitBash.line(bash), EnvironmentBlock.encode(GitBash.environment(environment, script)));
            }
        };
    }

    private static Path existing(Shell shell, Path program) throws SandboxException {
        if (!Files.isRegularFile(program)) {
            throw new SandboxException(
                    SandboxErrorCode.PROGRAM_NOT_FOUND,
                    "Shell." + shell + ": this Windows has no " + program + "; use another shell, or command(...)");
        }
        return program;
    }
}
