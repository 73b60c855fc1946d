package io.cordon.sandbox.windows.launch;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;

/**
 * Windows hands a program one line; the C runtime and {@code CommandLineToArgvW} split it into arguments. This makes the
 * line that they split into the arguments that were given.
 *
 * @see <a href="https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments">Parsing C command-line
 *     arguments</a>
 */
final class CommandLine {
    /** With the NUL at its end, see {@code CreateProcessW}. */
    private static final int MAX_LENGTH = 32_767;

    private static final CharMatcher NEEDS_QUOTES = CharMatcher.anyOf(" \t\n\u000b\"");

    private CommandLine() {}

    /**
     * The line.
     *
     * @throws SandboxException if the line is too long, or the name of the program has a quote in it
     */
    static String encode(ImmutableList<String> command) throws SandboxException {
        return encode(
                command,
                "the command '" + command.get(0) + "' with " + (command.size() - 1) + " arguments",
                "put the arguments into a file, if the program reads them from one");
    }

    /**
     * The line for a command that the caller knows by another name.
     *
     * @param what the name, for the message when the line is too long
     * @param remedy what to do then
     */
    static String encode(ImmutableList<String> command, String what, String remedy) throws SandboxException {
        StringBuilder line = new StringBuilder(program(command.get(0)));
        for (String argument : command.subList(1, command.size())) {
            line.append(' ');
            append(line, argument);
        }
        if (line.length() >= MAX_LENGTH) {
            throw new SandboxException(
                    SandboxErrorCode.COMMAND_INVALID,
                    what + " makes a line of " + line.length() + " characters, and Windows passes at most "
                            + (MAX_LENGTH - 1) + "; " + remedy);
        }
        return line.toString();
    }

    /** The name of the program has rules of its own: there, a backslash is never an escape. */
    private static String program(String program) throws SandboxException {
        if (program.indexOf('"') >= 0) {
            throw new SandboxException(
                    SandboxErrorCode.COMMAND_INVALID,
                    "the program '" + program + "' has a quote in its name, which no file has; remove it");
        }
        return NEEDS_QUOTES.matchesAnyOf(program) ? '"' + program + '"' : program;
    }

    private static void append(StringBuilder line, String argument) {
        if (!argument.isEmpty() && NEEDS_QUOTES.matchesNoneOf(argument)) {
            line.append(argument);
            return;
        }
        line.append('"');
        int backslashes = 0;
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c == '\\') {
                backslashes++;
            } else {
                // Backslashes are literal, except before a quote, where two stand for one.
                line.append("\\".repeat(c == '"' ? 2 * backslashes + 1 : backslashes))
                        .append(c);
                backslashes = 0;
            }
        }
        line.append("\\".repeat(2 * backslashes)).append('"');
    }
}
