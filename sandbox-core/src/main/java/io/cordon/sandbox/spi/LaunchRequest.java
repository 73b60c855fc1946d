package io.cordon.sandbox.spi;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;

/**
 * A process to start. Core has checked what is the same everywhere: there is a program, nothing has a NUL in it, names
 * of variables are names, and the directory exists.
 *
 * @param command the program and its arguments
 * @param directory the working directory, absolute
 * @param environment all variables of the child, apart from those that the backend has to add
 * @param stdin where the child reads from
 * @param stdout where its output goes
 * @param stderr where its errors go; without meaning when {@code mergeStderr}
 * @param mergeStderr whether errors go where the output goes
 */
public record LaunchRequest(
        ImmutableList<String> command,
        Path directory,
        ImmutableMap<String, String> environment,
        Redirect stdin,
        Redirect stdout,
        Redirect stderr,
        boolean mergeStderr) {
    /** Checks what core promises. */
    public LaunchRequest {
        checkArgument(!command.isEmpty(), "the command has no program");
        checkArgument(directory.isAbsolute(), "the directory is relative: %s", directory);
    }

    /** The program, as the caller wrote it. */
    public String program() {
        return command.get(0);
    }
}
