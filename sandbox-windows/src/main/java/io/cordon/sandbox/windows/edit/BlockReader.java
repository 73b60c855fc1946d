package io.cordon.sandbox.windows.edit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The blocks of a file of {@link JournalFormat}, at any place. Not a channel: an interrupt must not close the file.
 *
 * <p>Not safe for use by several threads.
 */
final class BlockReader implements AutoCloseable {
    private static final int SCAN = 1 << 16;

    /** A valid block. */
    static final class Block {
        private final long position;
        private final int type;
        private final byte[] payload;

        private Block(long position, int type, byte[] payload) {
            this.position = position;
            this.type = type;
            this.payload = payload;
        }

        long position() {
            return position;
        }

        int type() {
            return type;
        }

        long end() {
            return position + payload.length + JournalFormat.BLOCK_OVERHEAD;
        }

        ByteReader reader(Path file) {
            return new ByteReader(file, position + JournalFormat.BLOCK_HEADER, payload);
        }
    }

    private final Path path;
    private final RandomAccessFile file;
    private final long size;
    private final UUID id;

    private BlockReader(Path path, RandomAccessFile file, String magic) throws IOException {
        this.path = path;
        this.file = file;
        this.size = file.length();
        this.id = preamble(magic);
    }

    /** @throws JournalFormatException if this is another file, or of another version, or its preamble is damaged */
    static BlockReader open(Path path, String magic) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "r");
        try {
            return new BlockReader(path, file, magic);
        } catch (IOException | RuntimeException e) {
            try (file) {
                throw e;
            }
        }
    }

    private UUID preamble(String magic) throws IOException {
        if (size < JournalFormat.PREAMBLE_LENGTH) {
            throw new JournalFormatException(path, size, "the file ends before its 32nd byte");
        }
        byte[] bytes = bytes(0, JournalFormat.PREAMBLE_LENGTH);
        if (!Arrays.equals(bytes, 0, 8, magic.getBytes(StandardCharsets.US_ASCII), 0, 8)) {
            throw new JournalFormatException(path, 0, "the file does not begin with " + magic);
        }
        ByteReader in = new ByteReader(path, 8, Arrays.copyOfRange(bytes, 8, bytes.length));
        int version = in.int32();
        if (version != JournalFormat.VERSION) {
            throw new JournalFormatException(
                    path, 8, "version " + Integer.toUnsignedString(version) + " of the format, known is 1");
        }
        UUID read = in.id();
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - 4);
        if (in.int32() != (int) checksum.getValue()) {
            throw new JournalFormatException(path, 28, "the checksum of the preamble is wrong");
        }
        return read;
    }

    private byte[] bytes(long position, int count) throws IOException {
        byte[] bytes = new byte[count];
        file.seek(position);
        file.readFully(bytes);
        return bytes;
    }

    UUID id() {
        return id;
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** The first block. */
    Block first(int type) throws IOException {
        Block block = at(JournalFormat.PREAMBLE_LENGTH)
                .orElseThrow(() -> new JournalFormatException(
                        path, JournalFormat.PREAMBLE_LENGTH, "the first block is damaged or cut"));
        if (block.type() != type) {
            throw new JournalFormatException(
                    path, JournalFormat.PREAMBLE_LENGTH, "the first block has the type " + block.type());
        }
        return block;
    }

    /** The block that begins there, if there is a valid one. */
    Optional<Block> at(long position) throws IOException {
        return found(position).filter(block -> block.position() == position);
    }

    /** The block whose bytes begin there, wherever it says that it belongs. */
    private Optional<Block> found(long position) throws IOException {
        long room = size - position - JournalFormat.BLOCK_OVERHEAD;
        if (position < JournalFormat.PREAMBLE_LENGTH || room < 0) {
            return Optional.empty();
        }
        ByteBuffer header = littleEndian(bytes(position, JournalFormat.BLOCK_HEADER));
        int length = header.getInt(16);
        if (header.getInt(0) != JournalFormat.MARKER
                || length < 0
                || length > Math.min(room, JournalFormat.MAX_PAYLOAD)) {
            return Optional.empty();
        }
        int total = length + JournalFormat.BLOCK_OVERHEAD;
        byte[] block = bytes(position, total);
        ByteBuffer trailer = littleEndian(block);
        if (trailer.getInt(total - 8) != JournalFormat.checksum(id, block, total - 8)
                || trailer.getInt(total - 4) != total) {
            return Optional.empty();
        }
        byte[] payload = Arrays.copyOfRange(block, JournalFormat.BLOCK_HEADER, JournalFormat.BLOCK_HEADER + length);
        return Optional.of(new Block(header.getLong(8), header.getInt(4), payload));
    }

    /** The block that ends there, if there is a valid one. */
    Optional<Block> before(long end) throws IOException {
        if (end < JournalFormat.PREAMBLE_LENGTH + JournalFormat.BLOCK_OVERHEAD) {
            return Optional.empty();
        }
        int total = littleEndian(bytes(end - 4, 4)).getInt(0);
        return at(end - total).filter(block -> block.end() == end);
    }

    /**
     * Where the next block of this file begins, at or behind {@code from}, whatever is in between, and even if it belongs
     * somewhere else.
     */
    OptionalLong next(long from) throws IOException {
        for (long position = from; position + JournalFormat.BLOCK_OVERHEAD <= size; position += SCAN - 3) {
            byte[] bytes = bytes(position, (int) Math.min(SCAN, size - position));
            ByteBuffer words = littleEndian(bytes);
            for (int i = 0; i + 4 <= bytes.length; i++) {
                if (words.getInt(i) == JournalFormat.MARKER
                        && found(position + i).isPresent()) {
                    return OptionalLong.of(position + i);
                }
            }
        }
        return OptionalLong.empty();
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
