package io.cordon.sandbox.windows.security;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import java.util.Locale;

/**
 * An entry of a type that this library does not interpret (object, resource attribute, trust label, ...), carried
 * through byte for byte.
 *
 * @param type the type byte of the header, 0 to 255
 * @param flags the flags of the header
 * @param body everything after the four bytes of the header; a multiple of four bytes
 */
public record OpaqueAce(int type, AceFlags flags, ByteString body) implements Ace {
    /**
     * @throws SecurityFormatException if the type is not a byte, or the body is too long or not a multiple of four
     * bytes
     */
    public OpaqueAce {
        if (type < 0 || type > 0xFF) {
            throw new SecurityFormatException(Problem.BAD_NUMBER, 0, "type of an ACE is one byte, not " + type);
        }
        if (body.length() % 4 != 0) {
            throw new SecurityFormatException(
                    Problem.WRONG_SIZE, 0, "body of an ACE is a multiple of 4 bytes, not " + body.length());
        }
        if (AceCodec.HEADER_LENGTH + body.length() > Acl.MAX_LENGTH - Acl.HEADER_LENGTH) {
            throw new SecurityFormatException(
                    Problem.TOO_LONG, 0, "a body of " + body.length() + " bytes does not fit an ACE");
        }
    }

    @Override
    public OpaqueAce withFlags(AceFlags newFlags) {
        return new OpaqueAce(type, newFlags, body);
    }

    @Override
    public int length() {
        return AceCodec.HEADER_LENGTH + body.length();
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "(type 0x%02X;%s;%s)", type, flags, body);
    }
}
