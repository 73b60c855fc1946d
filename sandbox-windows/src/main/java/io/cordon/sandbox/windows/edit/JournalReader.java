package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the edits of a layer in the order in which they are undone, the last one first.
 *
 * <p>Opening it reads and decodes the whole file once, so that nothing is undone from a file that turns out to be damaged
 * halfway. No more than one block is in memory. Not safe for use by several threads.
 */
public final class JournalReader implements AutoCloseable {
    private final BlockReader blocks;
    private final LayerHeader header;
    private final Optional<ImmutableList<Stamped>> completed;
    private final long begin;
    private final long records;
    private final boolean torn;
    private long cursor;

    private JournalReader(BlockReader blocks) throws IOException {
        this.blocks = blocks;
        BlockReader.Block first = blocks.first(JournalFormat.HEADER);
        header = HeaderCodec.decode(blocks.id(), first.reader(blocks.path()));
        begin = first.end();
        long end = begin;
        long count = 0;
        Optional<ImmutableList<Stamped>> trees = Optional.empty();
        Optional<BlockReader.Block> next = blocks.at(end);
        while (next.isPresent() && next.get().type() == JournalFormat.RECORDS) {
            count += decode(next.get()).size();
            end = next.get().end();
            next = blocks.at(end);
        }
        if (next.isPresent()) {
            trees = Optional.of(completed(next.get()));
        } else if (end < blocks.size()) {
            requireNothingBehind(end);
        }
        completed = trees;
        records = count;
        torn = next.isEmpty() && end < blocks.size();
        cursor = end;
    }

    /**
     * Opens a journal.
     *
     * @throws JournalFormatException if it must not be applied
     */
    public static JournalReader open(Path file) throws IOException {
        BlockReader blocks = BlockReader.open(file, JournalFormat.LAYER_MAGIC);
        try {
            return new JournalReader(blocks);
        } catch (IOException | RuntimeException e) {
            try (blocks) {
                throw e;
            }
        }
    }

    private ImmutableList<EditRecord> decode(BlockReader.Block block) throws JournalFormatException {
        return RecordsBlock.decode(block.reader(blocks.path()));
    }

    private ImmutableList<Stamped> completed(BlockReader.Block block) throws JournalFormatException {
        if (block.type() != JournalFormat.COMPLETED) {
            throw new JournalFormatException(
                    blocks.path(), block.position(), "a block of the type " + block.type() + " behind the header");
        }
        if (block.end() != blocks.size()) {
            throw new JournalFormatException(blocks.path(), block.end(), "something follows the completed block");
        }
        return CompletedCodec.decode(block.reader(blocks.path()));
    }

    private void requireNothingBehind(long damaged) throws IOException {
        OptionalLong behind = blocks.next(damaged + 1);
        if (behind.isPresent()) {
            throw new JournalFormatException(
                    blocks.path(),
                    damaged,
                    "a damaged block, behind which a valid one begins at " + behind.getAsLong());
        }
    }

    /** What is known of the layer before its first edit. */
    public LayerHeader header() {
        return header;
    }

    /** The trees that the layer went through to their end; nothing if it is unfinished. */
    public Optional<ImmutableList<Stamped>> completed() {
        return completed;
    }

    /** How many edits are recorded. */
    public long records() {
        return records;
    }

    /** Whether a block at the end was being written when the process ended, and is left out. */
    public boolean torn() {
        return torn;
    }

    /**
     * The next batch of edits to undo, the last edit first; empty when there is none any more.
     *
     * @throws JournalFormatException if the file was changed since it was opened
     */
    public ImmutableList<EditRecord> previous() throws IOException {
        if (cursor == begin) {
            return ImmutableList.of();
        }
        long end = cursor;
        BlockReader.Block block = blocks.before(end)
                .filter(found -> found.position() >= begin && found.type() == JournalFormat.RECORDS)
                .orElseThrow(
                        () -> new JournalFormatException(blocks.path(), end, "the block before was changed meanwhile"));
        ImmutableList<EditRecord> edits = decode(block).reverse();
        cursor = block.position();
        return edits;
    }

    @Override
    public void close() throws IOException {
        blocks.close();
    }
}
