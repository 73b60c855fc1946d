package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.File;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is wrong with a process that a caller wants to start, as far as that is the same on every system. */
final class RequestRules {
    private RequestRules() {}

    static ImmutableList<String> checkedCommand(List<String> command, Optional<Shell> shell) throws SandboxException {
        ImmutableList<String> parts = ImmutableList.copyOf(command);
        // An empty script is one that does nothing.
        if (parts.isEmpty() || (shell.isEmpty() && parts.get(0).isEmpty())) {
            throw new SandboxException(
                    SandboxErrorCode.COMMAND_EMPTY, "the command has no program; call command(program, arguments...)");
        }
        for (String part : parts) {
            if (part.indexOf('\0') >= 0) {
                throw new SandboxException(
                        SandboxErrorCode.COMMAND_INVALID,
                        "the command's part '" + part.replace("\0", "\\0")
                                + "' has a NUL in it, which no program can receive; remove it");
            }
        }
        return parts;
    }

    static Path checkedDirectory(@Nullable File directory) throws SandboxException {
        File file = (directory == null ? new File("") : directory).getAbsoluteFile();
        if (!file.isDirectory()) { // which is also what a file says whose name is no path
            throw new SandboxException(
                    SandboxErrorCode.DIRECTORY_INVALID,
                    "directory(" + file.toString().replace("\0", "\\0")
                            + "): this is not an existing directory; create it first");
        }
        return file.toPath();
    }

    static ImmutableMap<String, String> checkedEnvironment(Map<String, String> environment) throws SandboxException {
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            Optional<PolicyRules.Violation> violation =
                    EnvironmentNames.invalid(variable.getKey(), variable.getValue());
            if (violation.isPresent()) {
                throw new SandboxException(
                        violation.get().code(), violation.get().message());
            }
        }
        return ImmutableMap.copyOf(environment);
    }

    /** A terminal is all three streams at once. */
    static void checkTerminalStreams(Redirect stdin, Redirect stdout, Redirect stderr) throws SandboxException {
        for (Redirect redirect : List.of(stdin, stdout, stderr)) {
            if (!redirect.equals(Redirect.PIPE)) {
                throw new SandboxException(
                        SandboxErrorCode.TERMINAL_INVALID,
                        "terminal(...) together with the redirect " + redirect
                                + ": the terminal is input, output and errors of the process, which the caller reads and "
                                + "writes by pipes; remove the redirect or the terminal");
            }
        }
    }
}
