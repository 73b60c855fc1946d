package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is written into a journal, and the bytes that come of it.
 *
 * @param completed nothing for an unfinished one
 */
record SampleJournal(LayerHeader header, List<List<EditRecord>> batches, Optional<ImmutableList<Stamped>> completed) {
    /** The bytes, and where the header, each batch and the completed block end in them. */
    static final class Written {
        private final byte[] bytes;
        private final List<Integer> ends;

        private Written(byte[] bytes, List<Integer> ends) {
            this.bytes = bytes;
            this.ends = ends;
        }

        /** A copy. */
        byte[] bytes() {
            return bytes.clone();
        }

        List<Integer> ends() {
            return ends;
        }

        /** The part in which a byte is. */
        int partOf(int position) {
            int part = 0;
            while (ends.get(part) <= position) {
                part++;
            }
            return part;
        }
    }

    /** What a reader says of a file. */
    record Read(LayerHeader header, List<EditRecord> undone, Optional<ImmutableList<Stamped>> completed) {}

    Written write() throws SandboxException {
        MemoryFile file = new MemoryFile();
        byte[] start = JournalFormat.file(
                JournalFormat.LAYER_MAGIC, header.id(), JournalFormat.HEADER, HeaderCodec.encode(header));
        List<Integer> ends = new ArrayList<>(List.of(start.length));
        try (JournalWriter writer =
                JournalWriter.on(Path.of("memory"), header.id(), file, start.length, StepListener.NONE)) {
            for (List<EditRecord> batch : batches) {
                writer.append(batch);
                ends.add(start.length + file.bytes().length);
            }
            if (completed.isPresent()) {
                writer.complete(completed.get());
                ends.add(start.length + file.bytes().length);
            }
        }
        return new Written(new ByteWriter().bytes(start).bytes(file.bytes()).toBytes(), ends);
    }

    /** What a reader is to say when only the first parts are there. */
    Read cutTo(int parts) {
        List<EditRecord> records = new ArrayList<>();
        batches.subList(0, Math.min(parts - 1, batches.size())).forEach(records::addAll);
        boolean whole = parts == batches.size() + 2;
        return new Read(header, ImmutableList.copyOf(records).reverse(), whole ? completed : Optional.empty());
    }

    /** What a reader is to say of all of it. */
    Read whole() {
        return cutTo(batches.size() + 1 + (completed.isPresent() ? 1 : 0));
    }

    static Read read(Path file) throws IOException {
        try (JournalReader reader = JournalReader.open(file)) {
            List<EditRecord> undone = new ArrayList<>();
            List<EditRecord> batch = reader.previous();
            while (!batch.isEmpty()) {
                undone.addAll(batch);
                batch = reader.previous();
            }
            if (undone.size() != reader.records()) {
                throw new AssertionError(undone.size() + " records, promised were " + reader.records());
            }
            return new Read(reader.header(), undone, reader.completed());
        }
    }

    static Read read(byte[] bytes) throws IOException {
        return read(file(bytes));
    }

    static Layer layer(byte[] bytes) throws IOException {
        return Layer.read(file(bytes));
    }

    /** A file with these bytes until the next call: properties need thousands. */
    static Path file(byte[] bytes) throws IOException {
        return Files.write(Scratch.FILE, bytes);
    }

    private static final class Scratch {
        private static final Path FILE = create();

        private static Path create() {
            try {
                Path file = Files.createTempFile("journal", ".layer");
                file.toFile().deleteOnExit();
                return file;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Where the payload of the block behind the header begins. */
    static long firstRecord(Path file) throws IOException {
        try (BlockReader blocks = BlockReader.open(file, JournalFormat.LAYER_MAGIC)) {
            return blocks.first(JournalFormat.HEADER).end() + JournalFormat.BLOCK_HEADER;
        }
    }
}
