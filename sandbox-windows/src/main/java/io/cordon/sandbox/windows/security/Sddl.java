package io.cordon.sandbox.windows.security;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;

/**
 * The text form of security descriptors (Microsoft Learn, "Security Descriptor String Format"; MS-DTYP 2.5.1).
 *
 * <p>Written strictly: capital letters, no blanks, access masks as words or as decimal or hexadecimal numbers.
 * Conditional, resource and object entries, and aliases that need a domain, are not read. {@code parse(print(x))}
 * equals {@code x} for whatever can be printed.
 */
public final class Sddl {
    /** The longest text that is read: more than any descriptor needs, and short enough to keep hostile input cheap. */
    public static final int MAX_LENGTH = 1 << 20;

    static final String NULL_ACL = "NO_ACCESS_CONTROL";

    private Sddl() {}

    /**
     * Reads a descriptor.
     *
     * @throws SecurityFormatException if {@code text} is not SDDL as described above; the position is the index of the
     * character
     */
    public static SecurityDescriptor parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new SecurityFormatException(
                    Problem.TOO_LONG, MAX_LENGTH, "SDDL of more than " + MAX_LENGTH + " characters: " + text.length());
        }
        return new SddlParser(text).descriptor();
    }

    /**
     * Writes a descriptor.
     *
     * @throws SecurityFormatException with {@link Problem#NOT_EXPRESSIBLE} if SDDL has no words for a part of it, so
     * that text would lose something
     */
    public static String print(SecurityDescriptor descriptor) {
        return SddlPrinter.print(descriptor);
    }
}
