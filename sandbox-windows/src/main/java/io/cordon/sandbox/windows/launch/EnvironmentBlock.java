package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * The environment as {@code CreateProcess} takes it: {@code name=value}, each ended by a NUL, sorted by name without
 * regard to case. The hidden variables with the current directory of each drive ({@code =C:}) are not in it, because
 * nobody asked for them.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/procthread/changing-environment-variables">Changing environment
 *     variables</a>
 */
public final class EnvironmentBlock {
    /** As the system compares: by the upper case of each UTF-16 unit, in no language. */
    static final Comparator<String> BY_NAME = EnvironmentBlock::compare;

    /**
     * The name, the equals sign, the value and the NUL of one variable. The block as a whole has no limit.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/procthread/environment-variables">Environment variables</a>
     */
    static final int MAX_VARIABLE = 32_767;

    private EnvironmentBlock() {}

    /** Whether a variable is not too long for a program to read it. */
    static boolean fits(String name, String value) {
        return name.length() + 1 + value.length() + 1 <= MAX_VARIABLE;
    }

    private static int compare(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        for (int i = 0; i < shorter; i++) {
            int difference = Character.toUpperCase(a.charAt(i)) - Character.toUpperCase(b.charAt(i));
            if (difference != 0) {
                return difference;
            }
        }
        return a.length() - b.length();
    }

    /**
     * The block without the NUL after its last variable.
     *
     * @throws SandboxException if two names differ in case only, a name or value is none, or both are too long
     */
    public static String encode(Map<String, String> variables) throws SandboxException {
        Map<String, String> sorted = new TreeMap<>(BY_NAME);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            check(variable.getKey(), variable.getValue());
            if (sorted.put(variable.getKey(), variable.getValue()) != null) {
                throw new SandboxException(
                        SandboxErrorCode.ENVIRONMENT_NAME_INVALID,
                        "environment variable '" + variable.getKey()
                                + "' is there twice, in names that differ in case only; remove one");
            }
        }
        StringBuilder block = new StringBuilder();
        sorted.forEach(
                (name, value) -> block.append(name).append('=').append(value).append('\0'));
        return block.isEmpty() ? "\0" : block.toString();
    }

    /** Core checks this too; here a mistake would put a variable of the child's choice into the block. */
    private static void check(String name, String value) throws SandboxException {
        if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
            throw new SandboxException(
                    SandboxErrorCode.ENVIRONMENT_NAME_INVALID,
                    "environment variable '" + name.replace("\0", "\\0")
                            + "': a name is not empty and has neither '=' nor NUL in it; rename it");
        }
        if (value.indexOf('\0') >= 0) {
            throw new SandboxException(
                    SandboxErrorCode.ENVIRONMENT_VALUE_INVALID,
                    "environment variable '" + name + "' has a NUL in its value; remove it");
        }
        if (!fits(name, value)) {
            throw new SandboxException(
                    SandboxErrorCode.ENVIRONMENT_VALUE_INVALID,
                    "environment variable '" + name + "' has " + value.length()
                            + " characters, and on Windows a variable has, name included, at most " + (MAX_VARIABLE - 2)
                            + "; pass the value in a file");
        }
    }
}
