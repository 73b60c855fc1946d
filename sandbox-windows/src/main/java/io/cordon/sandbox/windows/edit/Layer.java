package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.FileId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * All that one opening of a sandbox changed, as its file tells without a look at the single edits. A value.
 *
 * @param file its journal
 * @param header what was meant
 * @param completed the trees that it went through to their end; nothing if it is unfinished
 */
public record Layer(Path file, LayerHeader header, Optional<ImmutableList<Stamped>> completed) {
    /** Names the layer. */
    public UUID id() {
        return header.id();
    }

    /** Whether every edit of it was made. */
    public boolean isComplete() {
        return completed.isPresent();
    }

    /** Whether it makes this directory writable; that of one that the layer made itself is known when it is complete. */
    boolean opens(FileId directory) {
        for (Place place : header.places()) {
            if (place.writable()
                    && (place.object().equals(Optional.of(directory))
                            || completed.stream()
                                    .flatMap(List::stream)
                                    .anyMatch(tree -> tree.object().equals(directory)
                                            && tree.path().equals(place.path())))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a place of it is one of these paths, lies above it or beneath it. */
    boolean overlaps(Iterable<Path> paths) {
        for (Path path : paths) {
            if (header.places().stream().anyMatch(place -> place.overlaps(path.toString()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Reads the beginning and the end of a journal, so that it takes the same time however many edits are in between.
     * Damage among them is found by {@link JournalReader}, before anything is undone.
     *
     * @throws JournalFormatException if the file is none of a layer
     */
    static Layer read(Path file) throws IOException {
        try (BlockReader blocks = BlockReader.open(file, JournalFormat.LAYER_MAGIC)) {
            BlockReader.Block first = blocks.first(JournalFormat.HEADER);
            LayerHeader header = HeaderCodec.decode(blocks.id(), first.reader(file));
            Optional<BlockReader.Block> last = blocks.before(blocks.size())
                    .filter(block -> block.position() >= first.end() && block.type() == JournalFormat.COMPLETED);
            return new Layer(
                    file,
                    header,
                    last.isPresent()
                            ? Optional.of(CompletedCodec.decode(last.get().reader(file)))
                            : Optional.empty());
        }
    }
}
