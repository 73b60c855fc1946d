package io.cordon.sandbox;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * How many characters a terminal shows.
 *
 * @param columns the width, from 1 to 32,767: systems keep it in 16 bits with a sign (COORD on Windows)
 * @param rows the height, from 1 to 32,767
 */
public record TerminalSize(int columns, int rows) {
    private static final int MAX = Short.MAX_VALUE;

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if there is no such terminal
     */
    public TerminalSize {
        checkArgument(isPossible(columns, rows), "%s", message(columns, rows));
    }

    /**
     * A size that a caller asked for.
     *
     * @throws SandboxException with {@link SandboxErrorCode#TERMINAL_INVALID} if there is no such terminal
     */
    public static TerminalSize of(int columns, int rows) throws SandboxException {
        if (!isPossible(columns, rows)) {
            throw new SandboxException(SandboxErrorCode.TERMINAL_INVALID, message(columns, rows));
        }
        return new TerminalSize(columns, rows);
    }

    private static boolean isPossible(int columns, int rows) {
        return columns >= 1 && columns <= MAX && rows >= 1 && rows <= MAX;
    }

    private static String message(int columns, int rows) {
        return "a terminal of " + columns + " columns and " + rows + " rows: both must be from 1 to " + MAX
                + "; 80 columns and 24 rows are common";
    }
}
