package io.cordon.sandbox.windows.security;

import com.google.common.primitives.ImmutableIntArray;
import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import java.util.Arrays;
import java.util.Locale;

/**
 * A security identifier: an authority of 48 bits and up to 15 sub-authorities of 32 bits (MS-DTYP 2.4.2).
 *
 * <p>Equality is by value. The hash is computed once, because an access check compares SIDs more than it does anything
 * else.
 */
public final class Sid implements Comparable<Sid> {
    /** The most sub-authorities that a SID can have (SID_MAX_SUB_AUTHORITIES). */
    public static final int MAX_SUB_AUTHORITIES = 15;

    static final int HEADER_LENGTH = 8;
    private static final int REVISION = 1;
    private static final long MAX_AUTHORITY = 0xFFFF_FFFF_FFFFL;

    private final long authority;
    private final int[] subAuthorities;
    private final int hash;

    private Sid(long authority, int[] subAuthorities) {
        this.authority = authority;
        this.subAuthorities = subAuthorities;
        this.hash = 31 * Long.hashCode(authority) + Arrays.hashCode(subAuthorities);
    }

    /**
     * A SID of its parts.
     *
     * @param authority the identifier authority, 0 to 2^48 - 1
     * @param subAuthorities each an unsigned 32-bit number, at most {@value #MAX_SUB_AUTHORITIES}
     * @throws SecurityFormatException if a part is out of range
     */
    public static Sid of(long authority, long... subAuthorities) {
        if (authority < 0 || authority > MAX_AUTHORITY) {
            throw new SecurityFormatException(
                    Problem.BAD_NUMBER, 0, "authority of a SID is not a 48-bit number: " + authority);
        }
        if (subAuthorities.length > MAX_SUB_AUTHORITIES) {
            throw new SecurityFormatException(
                    Problem.TOO_LONG, 0, "a SID has at most 15 sub-authorities, not " + subAuthorities.length);
        }
        int[] words = new int[subAuthorities.length];
        for (int i = 0; i < words.length; i++) {
            if (subAuthorities[i] < 0 || subAuthorities[i] > 0xFFFF_FFFFL) {
                throw new SecurityFormatException(
                        Problem.BAD_NUMBER, i, "sub-authority is not a 32-bit number: " + subAuthorities[i]);
            }
            words[i] = (int) subAuthorities[i];
        }
        return new Sid(authority, words);
    }

    /**
     * Reads the string form {@code S-1-authority-sub-...} (MS-DTYP 2.4.2.1); the authority may be decimal, or
     * hexadecimal after {@code 0x}.
     *
     * @throws SecurityFormatException if {@code text} is anything else
     */
    public static Sid parse(String text) {
        SddlScanner scanner = new SddlScanner(text);
        Sid sid = scanner.numericSid();
        scanner.expectEnd("the SID");
        return sid;
    }

    /**
     * Reads the binary form (MS-DTYP 2.4.2.2), which must fill {@code bytes}.
     *
     * @throws SecurityFormatException if it does not
     */
    public static Sid decode(byte[] bytes) {
        Sid sid = decode(bytes, 0, bytes.length);
        if (sid.length() != bytes.length) {
            throw new SecurityFormatException(
                    Problem.WRONG_SIZE, sid.length(), "the SID ends before the " + bytes.length + " bytes given");
        }
        return sid;
    }

    /** Reads a SID that starts at {@code at} and must end before {@code limit}. */
    static Sid decode(byte[] bytes, int at, int limit) {
        if (limit - at < HEADER_LENGTH) {
            throw new SecurityFormatException(
                    Problem.TRUNCATED, at, "a SID needs at least 8 bytes, there are " + (limit - at));
        }
        if (bytes[at] != REVISION) {
            throw new SecurityFormatException(
                    Problem.UNKNOWN_REVISION, at, "a SID of revision " + (bytes[at] & 0xFF) + ", known is 1");
        }
        int count = bytes[at + 1] & 0xFF;
        if (count > MAX_SUB_AUTHORITIES) {
            throw new SecurityFormatException(
                    Problem.TOO_LONG, at + 1, "a SID has at most 15 sub-authorities, not " + count);
        }
        if (limit - at < HEADER_LENGTH + 4 * count) {
            throw new SecurityFormatException(
                    Problem.TRUNCATED,
                    at,
                    "a SID of " + count + " sub-authorities does not fit into " + (limit - at) + " bytes");
        }
        long authority = 0;
        for (int i = 2; i < HEADER_LENGTH; i++) {
            authority = (authority << 8) | (bytes[at + i] & 0xFF);
        }
        int[] words = new int[count];
        for (int i = 0; i < count; i++) {
            words[i] = LittleEndian.int32(bytes, at + HEADER_LENGTH + 4 * i);
        }
        return new Sid(authority, words);
    }

    /** The binary form (MS-DTYP 2.4.2.2). */
    public byte[] encode() {
        byte[] bytes = new byte[length()];
        encode(bytes, 0);
        return bytes;
    }

    void encode(byte[] target, int at) {
        target[at] = REVISION;
        target[at + 1] = (byte) subAuthorities.length;
        for (int i = 0; i < 6; i++) {
            target[at + 2 + i] = (byte) (authority >>> (8 * (5 - i)));
        }
        for (int i = 0; i < subAuthorities.length; i++) {
            LittleEndian.putInt32(target, at + HEADER_LENGTH + 4 * i, subAuthorities[i]);
        }
    }

    /** The number of bytes of the binary form. */
    public int length() {
        return HEADER_LENGTH + 4 * subAuthorities.length;
    }

    /** The identifier authority. */
    public long authority() {
        return authority;
    }

    /** The sub-authorities; each {@code int} is to be read as unsigned. */
    public ImmutableIntArray subAuthorities() {
        return ImmutableIntArray.copyOf(subAuthorities);
    }

    int subAuthorityCount() {
        return subAuthorities.length;
    }

    int subAuthority(int index) {
        return subAuthorities[index];
    }

    /** By authority, then by sub-authorities as unsigned numbers. */
    @Override
    public int compareTo(Sid other) {
        int byAuthority = Long.compare(authority, other.authority);
        return byAuthority != 0 ? byAuthority : Arrays.compareUnsigned(subAuthorities, other.subAuthorities);
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Sid that
                        && hash == that.hash
                        && authority == that.authority
                        && Arrays.equals(subAuthorities, that.subAuthorities));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The string form; authorities of 2^32 and more are hexadecimal, as MS-DTYP 2.4.2.1 asks. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("S-1-");
        text.append(
                authority <= 0xFFFF_FFFFL
                        ? Long.toString(authority)
                        : String.format(Locale.ROOT, "0x%012X", authority));
        for (int word : subAuthorities) {
            text.append('-').append(Integer.toUnsignedString(word));
        }
        return text.toString();
    }
}
