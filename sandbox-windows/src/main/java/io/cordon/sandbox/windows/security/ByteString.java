package io.cordon.sandbox.windows.security;

import java.util.Arrays;
import java.util.HexFormat;

/** Immutable bytes: the parts of a descriptor that are carried through unread. */
public final class ByteString {
    /** No bytes. */
    public static final ByteString EMPTY = new ByteString(new byte[0]);

    private final byte[] bytes;

    private ByteString(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of {@code bytes}. */
    public static ByteString copyOf(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new ByteString(bytes.clone());
    }

    /** A copy of a part of {@code bytes}. */
    static ByteString copyOf(byte[] bytes, int from, int to) {
        return from == to ? EMPTY : new ByteString(Arrays.copyOfRange(bytes, from, to));
    }

    /** The number of bytes. */
    public int length() {
        return bytes.length;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return bytes.length == 0;
    }

    /** A copy as an array. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    void copyInto(byte[] target, int at) {
        System.arraycopy(bytes, 0, target, at, bytes.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
