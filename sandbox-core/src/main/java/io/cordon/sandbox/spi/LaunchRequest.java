package io.cordon.sandbox.spi;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.Shell;
import io.cordon.sandbox.TerminalSize;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process to start. Core has checked what is the same everywhere: there is a program or a script, nothing has a NUL in
 * it, names of variables are names, the directory exists, and with a terminal every stream is a pipe.
 *
 * @param command the program and its arguments; with a shell the script alone
 * @param shell the shell that runs the script, instead of a program
 * @param directory the working directory, absolute
 * @param environment all variables of the child, apart from those that the backend has to add
 * @param stdin where the child reads from
 * @param stdout where its output goes
 * @param stderr where its errors go; without meaning when {@code mergeStderr}
 * @param mergeStderr whether errors go where the output goes
 * @param terminal the size of the terminal that is all three streams of the child, if it is to have one: what the
 *     terminal prints is the output, and there are no errors apart from it
 */
public record LaunchRequest(
        ImmutableList<String> command,
        Optional<Shell> shell,
        Path directory,
        ImmutableMap<String, String> environment,
        Redirect stdin,
        Redirect stdout,
        Redirect stderr,
        boolean mergeStderr,
        Optional<TerminalSize> terminal) {
    /** Checks what core promises. */
    public LaunchRequest {
        checkArgument(!command.isEmpty(), "the command has no program");
        checkArgument(shell.isEmpty() || command.size() == 1, "a shell takes one script, not %s", command.size());
        checkArgument(directory.isAbsolute(), "the directory is relative: %s", directory);
        checkArgument(
                terminal.isEmpty()
                        || (stdin.equals(Redirect.PIPE)
                                && stdout.equals(Redirect.PIPE)
                                && stderr.equals(Redirect.PIPE)),
                "a stream is redirected although there is a terminal");
    }

    /** A program with three pipes. */
    public static LaunchRequest of(
            ImmutableList<String> command, Path directory, ImmutableMap<String, String> environment) {
        return new LaunchRequest(
                command,
                Optional.empty(),
                directory,
                environment,
                Redirect.PIPE,
                Redirect.PIPE,
                Redirect.PIPE,
                false,
                Optional.empty());
    }

    /** A shell that runs a script, with three pipes. */
    public static LaunchRequest of(
            Shell shell, String script, Path directory, ImmutableMap<String, String> environment) {
        LaunchRequest request = of(ImmutableList.of(script), directory, environment);
        return new LaunchRequest(
                request.command,
                Optional.of(shell),
                directory,
                environment,
                request.stdin,
                request.stdout,
                request.stderr,
                false,
                Optional.empty());
    }

    /** The same with another program and its arguments, and without a shell. */
    public LaunchRequest withCommand(ImmutableList<String> other) {
        return new LaunchRequest(
                other, Optional.empty(), directory, environment, stdin, stdout, stderr, mergeStderr, terminal);
    }

    /** The same with other streams, which are not merged. */
    public LaunchRequest withStreams(Redirect input, Redirect output, Redirect errors) {
        return new LaunchRequest(command, shell, directory, environment, input, output, errors, false, terminal);
    }

    /** The same with other variables. */
    public LaunchRequest withEnvironment(ImmutableMap<String, String> other) {
        return new LaunchRequest(command, shell, directory, other, stdin, stdout, stderr, mergeStderr, terminal);
    }

    /** The same with a terminal. */
    public LaunchRequest withTerminal(TerminalSize size) {
        return new LaunchRequest(
                command, shell, directory, environment, stdin, stdout, stderr, mergeStderr, Optional.of(size));
    }

    /** The program, as the caller wrote it; for messages, "a CMD script" where a shell runs one. */
    public String program() {
        return shell.map(kind -> "a " + kind + " script").orElse(command.get(0));
    }
}
