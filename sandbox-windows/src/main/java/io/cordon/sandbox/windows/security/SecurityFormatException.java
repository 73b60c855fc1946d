package io.cordon.sandbox.windows.security;

/**
 * Text or bytes that are not a well-formed SID, ACE, ACL or security descriptor, or a value that the asked-for form
 * cannot express.
 *
 * <p>No decoder, parser or printer of this package lets another exception out for bad input.
 */
public final class SecurityFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** What is wrong, for callers that decide by it. */
    public enum Problem {
        /** The input ends before the structure does. */
        TRUNCATED,
        /** The input, or a part of it, exceeds what the format can hold. */
        TOO_LONG,
        /** A size field contradicts the structure that it describes. */
        WRONG_SIZE,
        /** An offset points outside of the input. */
        OFFSET_OUT_OF_RANGE,
        /** A revision that this code does not know. */
        UNKNOWN_REVISION,
        /** A word of SDDL that has no meaning at this place. */
        UNKNOWN_TOKEN,
        /** A number that is not one, or is out of its range. */
        BAD_NUMBER,
        /** A character that the grammar does not allow at this place. */
        UNEXPECTED_CHARACTER,
        /** Fields that contradict each other. */
        INCONSISTENT,
        /** The value is valid, but the requested form has no way to write it. */
        NOT_EXPRESSIBLE
    }

    private final Problem problem;
    private final int position;

    SecurityFormatException(Problem problem, int position, String message) {
        super(message + " (at " + position + ")");
        this.problem = problem;
        this.position = position;
    }

    /** What is wrong. */
    public Problem problem() {
        return problem;
    }

    /**
     * Where: the byte offset in binary input, the character index in text, the index of the ACE for {@link
     * Problem#NOT_EXPRESSIBLE}.
     */
    public int position() {
        return position;
    }
}
