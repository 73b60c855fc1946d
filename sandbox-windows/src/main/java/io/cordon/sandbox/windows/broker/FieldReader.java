package io.cordon.sandbox.windows.broker;

import io.cordon.sandbox.windows.security.SecurityFormatException;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The fields of one message, in their order; everything that was written is read, and nothing else. */
final class FieldReader {
    private final ByteBuffer fields;

    FieldReader(byte[] message) {
        this.fields = ByteBuffer.wrap(message);
    }

    private void need(int bytes) throws ProtocolException {
        if (bytes > fields.remaining()) {
            throw new ProtocolException("the message is truncated");
        }
    }

    int one() throws ProtocolException {
        need(1);
        return Byte.toUnsignedInt(fields.get());
    }

    int number() throws ProtocolException {
        need(Integer.BYTES);
        return fields.getInt();
    }

    /** From {@code least} to {@code most}. */
    int number(int least, int most, String what) throws ProtocolException {
        int value = number();
        if (value < least || value > most) {
            throw new ProtocolException(what + " is " + value + ", not " + least + " to " + most);
        }
        return value;
    }

    long big() throws ProtocolException {
        need(Long.BYTES);
        return fields.getLong();
    }

    boolean truth() throws ProtocolException {
        int value = one();
        if (value > 1) {
            throw new ProtocolException("a truth value is " + value);
        }
        return value == 1;
    }

    /** UTF-16 as Windows has it: not every file name has a form in UTF-8. */
    String text(int most, String what) throws ProtocolException {
        int length = number(0, most, "the length of " + what);
        need(length * Character.BYTES);
        char[] chars = new char[length];
        fields.asCharBuffer().get(chars);
        fields.position(fields.position() + length * Character.BYTES);
        return new String(chars);
    }

    /** Text in which no NUL can hide what follows it. */
    String line(int most, String what) throws ProtocolException {
        String text = text(most, what);
        if (text.indexOf('\0') >= 0) {
            throw new ProtocolException(what + " has a NUL in it");
        }
        return text;
    }

    Sid sid() throws ProtocolException {
        int length = number(0, 68, "the length of a SID");
        need(length);
        byte[] bytes = new byte[length];
        fields.get(bytes);
        try {
            return Sid.decode(bytes);
        } catch (SecurityFormatException e) {
            throw new ProtocolException("a SID cannot be read: " + e.getMessage());
        }
    }

    String name(String what) throws ProtocolException {
        int length = number(0, 64, "the length of " + what);
        need(length);
        byte[] bytes = new byte[length];
        fields.get(bytes);
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    void end() throws ProtocolException {
        if (fields.hasRemaining()) {
            throw new ProtocolException("the message has " + fields.remaining() + " bytes too many");
        }
    }
}
