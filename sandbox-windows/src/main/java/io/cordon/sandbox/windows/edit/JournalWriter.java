package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/**
 * Records the edits of a layer before they are made.
 *
 * <p>After a failure nothing more can be written: what was recorded until then is on disk and is there to be undone, and
 * the batch that failed is not, so it must not be applied. Not safe for use by several threads.
 */
public final class JournalWriter implements AutoCloseable {
    private final Path path;
    private final UUID id;
    private final ForcedFile file;
    private final StepListener steps;
    private long end;
    private boolean ended;

    private JournalWriter(Path path, UUID id, ForcedFile file, long end, StepListener steps) {
        this.path = path;
        this.id = id;
        this.file = file;
        this.end = end;
        this.steps = steps;
    }

    /**
     * Makes the file of a layer.
     *
     * @throws SandboxException if that is not possible; then there is none
     */
    static JournalWriter create(Path path, LayerHeader header, StepListener steps) throws SandboxException {
        byte[] start = JournalFormat.file(
                JournalFormat.LAYER_MAGIC, header.id(), JournalFormat.HEADER, HeaderCodec.encode(header));
        try {
            ForcedFile.replace(path, start, "layer", steps);
            return on(path, header.id(), ForcedFile.open(path), start.length, steps);
        } catch (IOException e) {
            throw failure(path, e);
        }
    }

    /** Continues a file that has {@code end} bytes. */
    static JournalWriter on(Path path, UUID id, ForcedFile file, long end, StepListener steps) {
        return new JournalWriter(path, id, file, end, steps);
    }

    /** The file of the layer. */
    public Path path() {
        return path;
    }

    /** Names the layer. */
    public UUID id() {
        return id;
    }

    /**
     * Records a batch of edits. When this returns, they may be made.
     *
     * @param edits in the order in which they are made
     * @throws SandboxException if they could not be forced to disk; then none of them may be made
     * @throws IllegalStateException if the layer is complete, closed, or failed before
     */
    public void append(List<EditRecord> edits) throws SandboxException {
        requireOpen();
        long before = end;
        RecordsBlock block = new RecordsBlock();
        for (EditRecord edit : edits) {
            block.add(edit);
            if (block.size() >= JournalFormat.BATCH_LENGTH) {
                write(JournalFormat.RECORDS, block.toPayload(), "block", before);
                block = new RecordsBlock();
            }
        }
        if (!block.isEmpty()) {
            write(JournalFormat.RECORDS, block.toPayload(), "block", before);
        }
    }

    /**
     * Records that every edit of the layer was made. Nothing can be appended then.
     *
     * @param trees the trees that were gone through to their end, with what was found there
     * @throws SandboxException if that could not be forced to disk; then the layer is unfinished
     * @throws IllegalStateException if the layer is complete, closed, or failed before
     */
    public void complete(List<Stamped> trees) throws SandboxException {
        requireOpen();
        byte[] payload = CompletedCodec.encode(trees);
        if (payload.length > JournalFormat.MAX_PAYLOAD) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "what was found in the trees of the journal " + path + " takes " + payload.length
                            + " bytes, at most " + JournalFormat.MAX_PAYLOAD
                            + " are allowed; choose roots with fewer hard links");
        }
        write(JournalFormat.COMPLETED, payload, "complete", end);
        ended = true;
    }

    private void write(int type, byte[] payload, String step, long before) throws SandboxException {
        byte[] block = JournalFormat.block(id, end, type, payload);
        steps.step(step + ".write");
        try {
            file.write(block);
            steps.step(step + ".written");
            file.force();
        } catch (IOException e) {
            ended = true;
            // A batch that is not applied is better not there. If that fails too: a part of a block at the end is left
            // out by a reader, and a label or an entry that is not there is left alone by an undo.
            try {
                file.truncate(before);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw failure(path, e);
        }
        end += block.length;
        steps.step(step + ".forced");
    }

    private void requireOpen() {
        if (ended) {
            throw new IllegalStateException(path + " is complete or closed, or a write to it failed");
        }
    }

    private static SandboxException failure(Path path, IOException cause) {
        return new SandboxException(
                SandboxErrorCode.PREPARE_FAILED,
                "the journal " + path + " cannot be written, and no edit is made without it: " + cause
                        + "; make room on the disk, or give this user write access to the directory",
                cause);
    }

    @Override
    public void close() throws SandboxException {
        ended = true;
        try {
            file.close();
        } catch (IOException e) {
            throw failure(path, e);
        }
    }
}
