package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/** Takes the fields of {@link JournalFormat} apart; whatever is wrong is a {@link JournalFormatException}. */
final class ByteReader {
    private final Path file;
    private final long base;
    private final ByteBuffer buffer;

    /** @param base where in the file the bytes begin */
    ByteReader(Path file, long base, byte[] bytes) {
        this.file = file;
        this.base = base;
        this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    JournalFormatException wrong(String reason) {
        return new JournalFormatException(file, base + buffer.position(), reason);
    }

    JournalFormatException wrong(RuntimeException cause) {
        return new JournalFormatException(file, base + buffer.position(), String.valueOf(cause.getMessage()), cause);
    }

    private ByteBuffer need(long count) throws JournalFormatException {
        if (count < 0 || count > buffer.remaining()) {
            throw wrong("a field of " + count + " bytes, of which there are " + buffer.remaining());
        }
        return buffer;
    }

    int uint8() throws JournalFormatException {
        return need(1).get() & 0xFF;
    }

    int uint16() throws JournalFormatException {
        return need(2).getShort() & 0xFFFF;
    }

    int int32() throws JournalFormatException {
        return need(4).getInt();
    }

    long int64() throws JournalFormatException {
        return need(8).getLong();
    }

    /** A number of things, each of which takes at least {@code size} bytes. */
    int count(int size) throws JournalFormatException {
        int count = int32();
        if (count < 0 || (long) count * size > buffer.remaining()) {
            throw wrong("a count of " + Integer.toUnsignedString(count) + ", for which there is no room");
        }
        return count;
    }

    /** A place in a table of {@code size} values. */
    int index(int size) throws JournalFormatException {
        int index = int32();
        if (index < 0 || index >= size) {
            throw wrong("entry " + Integer.toUnsignedString(index) + " of a table of " + size);
        }
        return index;
    }

    byte[] sized() throws JournalFormatException {
        byte[] bytes = new byte[count(1)];
        buffer.get(bytes);
        return bytes;
    }

    String units(int count) throws JournalFormatException {
        need(2L * count);
        char[] units = new char[count];
        for (int i = 0; i < count; i++) {
            units[i] = buffer.getChar();
        }
        return new String(units);
    }

    String string() throws JournalFormatException {
        return units(count(2));
    }

    /** A path of the host's file system. */
    Path path() throws JournalFormatException {
        try {
            return Path.of(string());
        } catch (InvalidPathException e) {
            throw wrong(e);
        }
    }

    UUID id() throws JournalFormatException {
        return new UUID(int64(), int64());
    }

    ImmutableSet<UUID> ids() throws JournalFormatException {
        int count = count(16);
        ImmutableSet.Builder<UUID> ids = ImmutableSet.builder();
        for (int i = 0; i < count; i++) {
            ids.add(id());
        }
        return ids.build();
    }

    FileId fileId() throws JournalFormatException {
        return new FileId(int64(), int64());
    }

    MandatoryLabel label() throws JournalFormatException {
        return new MandatoryLabel(new IntegrityLevel(int32()), AccessMask.of(int32()));
    }

    /** One byte of {@code count} flags, see {@link ByteWriter#flags}. */
    int flags(int count) throws JournalFormatException {
        int flags = uint8();
        if (flags >= 1 << count) {
            throw wrong("unknown flags: " + flags);
        }
        return flags;
    }

    Instant instant() throws JournalFormatException {
        return Instant.ofEpochMilli(int64());
    }

    void expectEnd() throws JournalFormatException {
        if (buffer.hasRemaining()) {
            throw wrong(buffer.remaining() + " bytes too many in the block");
        }
    }
}
