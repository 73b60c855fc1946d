package io.cordon.sandbox.windows.edit;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.UUID;

/** Collects the fields of {@link JournalFormat}. Its inverse is {@link ByteReader}. */
final class ByteWriter {
    private byte[] bytes = new byte[256];
    private ByteBuffer buffer = littleEndian(bytes);

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer room(int count) {
        if (buffer.remaining() < count) {
            int used = buffer.position();
            int needed = Math.addExact(used, count);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * needed));
            buffer = littleEndian(bytes).position(used);
        }
        return buffer;
    }

    @CanIgnoreReturnValue
    ByteWriter int8(int value) {
        room(1).put((byte) value);
        return this;
    }

    @CanIgnoreReturnValue
    ByteWriter int16(int value) {
        room(2).putShort((short) value);
        return this;
    }

    @CanIgnoreReturnValue
    ByteWriter int32(int value) {
        room(4).putInt(value);
        return this;
    }

    @CanIgnoreReturnValue
    ByteWriter int64(long value) {
        room(8).putLong(value);
        return this;
    }

    @CanIgnoreReturnValue
    ByteWriter bytes(byte[] value) {
        room(value.length).put(value);
        return this;
    }

    /** A number of bytes, and the bytes. */
    @CanIgnoreReturnValue
    ByteWriter sized(byte[] value) {
        return int32(value.length).bytes(value);
    }

    /** The UTF-16 units from {@code from} on. */
    @CanIgnoreReturnValue
    ByteWriter units(String text, int from) {
        ByteBuffer target = room(2 * (text.length() - from));
        for (int i = from; i < text.length(); i++) {
            target.putChar(text.charAt(i));
        }
        return this;
    }

    /** A number of UTF-16 units, and the units. */
    @CanIgnoreReturnValue
    ByteWriter string(String text) {
        return int32(text.length()).units(text, 0);
    }

    @CanIgnoreReturnValue
    ByteWriter id(UUID id) {
        return int64(id.getMostSignificantBits()).int64(id.getLeastSignificantBits());
    }

    @CanIgnoreReturnValue
    ByteWriter ids(Collection<UUID> ids) {
        int32(ids.size());
        ids.forEach(this::id);
        return this;
    }

    @CanIgnoreReturnValue
    ByteWriter fileId(FileId id) {
        return int64(id.volume()).int64(id.index());
    }

    @CanIgnoreReturnValue
    ByteWriter label(MandatoryLabel label) {
        return int32(label.level().rid()).int32(label.policy().bits());
    }

    /** One byte, in which bit n stands for the n-th. */
    @CanIgnoreReturnValue
    ByteWriter flags(boolean... flags) {
        int bits = 0;
        for (int i = 0; i < flags.length; i++) {
            bits |= flags[i] ? 1 << i : 0;
        }
        return int8(bits);
    }

    int size() {
        return buffer.position();
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, buffer.position());
    }
}
