package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;

/**
 * Splits a command line as the C runtime does, written from its documented rules and not from {@link CommandLine}: 2n
 * backslashes before a quote are n backslashes and the quote is a delimiter; 2n+1 are n backslashes and the quote is
 * literal; inside of quotes, two quotes are one.
 */
final class ArgvDecoder {
    private ArgvDecoder() {}

    static ImmutableList<String> decode(String line) {
        ImmutableList.Builder<String> arguments = ImmutableList.builder();
        int at = line.startsWith("\"") ? line.indexOf('"', 1) + 1 : indexOfBlank(line);
        arguments.add(line.substring(0, at).replace("\"", ""));
        while (true) {
            while (at < line.length() && isBlank(line.charAt(at))) {
                at++;
            }
            if (at == line.length()) {
                return arguments.build();
            }
            StringBuilder argument = new StringBuilder();
            boolean quoted = false;
            while (at < line.length() && (quoted || !isBlank(line.charAt(at)))) {
                int backslashes = 0;
                while (at < line.length() && line.charAt(at) == '\\') {
                    backslashes++;
                    at++;
                }
                boolean quote = at < line.length() && line.charAt(at) == '"';
                argument.append("\\".repeat(quote ? backslashes / 2 : backslashes));
                if (!quote) {
                    if (at < line.length() && (quoted || !isBlank(line.charAt(at)))) {
                        argument.append(line.charAt(at));
                        at++;
                    }
                } else if (backslashes % 2 == 1) {
                    argument.append('"');
                    at++;
                } else if (quoted && at + 1 < line.length() && line.charAt(at + 1) == '"') {
                    argument.append('"');
                    at += 2;
                } else {
                    quoted = !quoted;
                    at++;
                }
            }
            arguments.add(argument.toString());
        }
    }

    private static int indexOfBlank(String line) {
        int at = 0;
        while (at < line.length() && !isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
