package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;

/** The arguments of a program in one line, without the program, as ShellExecuteExW wants them. */
public final class ArgumentLine {
    /** A name without quotes and blanks, which the line begins with before it is cut off. */
    private static final String PROGRAM = "program";

    private ArgumentLine() {}

    /**
     * The line from which the program takes these arguments.
     *
     * @throws SandboxException with COMMAND_INVALID if the line is too long
     */
    public static String of(ImmutableList<String> arguments) throws SandboxException {
        return CommandLine.encode(
                        ImmutableList.<String>builder()
                                .add(PROGRAM)
                                .addAll(arguments)
                                .build(),
                        "the line of " + arguments.size() + " arguments",
                        "use a shorter class path, as that of a JAR whose manifest names the others")
                .substring(PROGRAM.length())
                .strip();
    }
}
