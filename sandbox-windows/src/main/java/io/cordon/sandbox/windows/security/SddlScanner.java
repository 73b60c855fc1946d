package io.cordon.sandbox.windows.security;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import java.util.Arrays;

/** Walks over SDDL text and reads its smallest parts. */
final class SddlScanner {
    private static final int MAX_HEX_DIGITS = 12;

    private final String text;
    private int at;

    SddlScanner(String text) {
        this.text = text;
    }

    int position() {
        return at;
    }

    boolean atEnd() {
        return at == text.length();
    }

    boolean isNext(String word) {
        return text.startsWith(word, at);
    }

    /** Steps over {@code word} if it comes next. */
    boolean skip(String word) {
        boolean next = isNext(word);
        at += next ? word.length() : 0;
        return next;
    }

    void expect(String word, String where) {
        if (!skip(word)) {
            throw unexpected("expected '" + word + "' " + where);
        }
    }

    void expectEnd(String what) {
        if (!atEnd()) {
            throw unexpected(what + " ends before");
        }
    }

    SecurityFormatException unexpected(String message) {
        return atEnd()
                ? new SecurityFormatException(Problem.TRUNCATED, at, message + ", but the text ends")
                : new SecurityFormatException(
                        Problem.UNEXPECTED_CHARACTER, at, message + ", found '" + printable(text.charAt(at)) + "'");
    }

    private static String printable(char c) {
        return c >= ' ' && c < 0x7F ? String.valueOf(c) : String.format("U+%04X", (int) c);
    }

    /** The next {@code length} characters without stepping over them; fewer at the end. */
    String peek(int length) {
        return text.substring(at, Math.min(text.length(), at + length));
    }

    void advance(int length) {
        at += length;
    }

    /** Everything up to the next {@code ';'} or {@code ')'}, which must come. */
    String field() {
        int end = at;
        while (end < text.length() && text.charAt(end) != ';' && text.charAt(end) != ')' && text.charAt(end) != '(') {
            end++;
        }
        String field = text.substring(at, end);
        at = end;
        return field;
    }

    /** {@code S-1-authority(-sub)*}. */
    Sid numericSid() {
        int start = at;
        expect("S-", "at the start of a SID");
        long revision = number(0xFFL, "revision of a SID");
        if (revision != 1) {
            throw new SecurityFormatException(
                    Problem.UNKNOWN_REVISION, start + 2, "a SID of revision " + revision + ", known is 1");
        }
        expect("-", "before the authority of a SID");
        long authority = number(0xFFFF_FFFF_FFFFL, "authority of a SID");
        long[] words = new long[Sid.MAX_SUB_AUTHORITIES];
        int count = 0;
        while (skip("-")) {
            if (count == words.length) {
                throw new SecurityFormatException(Problem.TOO_LONG, at, "a SID has at most 15 sub-authorities");
            }
            words[count++] = number(0xFFFF_FFFFL, "sub-authority of a SID");
        }
        return Sid.of(authority, Arrays.copyOf(words, count));
    }

    /**
     * An unsigned number: decimal, or hexadecimal after {@code 0x}.
     *
     * <p>At most twelve hexadecimal digits, the width of an authority in MS-DTYP 2.4.2.1: without that limit the D of a
     * following {@code D:} would belong to the number.
     */
    long number(long max, String what) {
        int start = at;
        int radix = skip("0x") || skip("0X") ? 16 : 10;
        int digits = at;
        long value = 0;
        int end = radix == 16 ? Math.min(text.length(), digits + MAX_HEX_DIGITS) : text.length();
        while (at < end && digit(text.charAt(at), radix) >= 0) {
            value = value * radix + digit(text.charAt(at), radix);
            if (value > max) {
                throw new SecurityFormatException(
                        Problem.BAD_NUMBER, start, what + " exceeds 0x" + Long.toHexString(max));
            }
            at++;
        }
        if (at == digits) {
            throw unexpected("expected a number as " + what);
        }
        return value;
    }

    /** ASCII digits only: {@link Character#digit} takes those of every script. */
    private static int digit(char c, int radix) {
        return c < 0x80 ? Character.digit(c, radix) : -1;
    }
}
