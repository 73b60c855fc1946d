package io.cordon.sandbox.windows.edit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is written at its end and forced to disk. Not a channel: an interrupt must not close it. */
public interface ForcedFile extends AutoCloseable {
    /** Writes at the end. */
    void write(byte[] bytes) throws IOException;

    /** Returns when everything that was written would survive a loss of power. */
    void force() throws IOException;

    /** Cuts everything behind {@code length}. */
    void truncate(long length) throws IOException;

    @Override
    void close() throws IOException;

    /** Opens a file, which is made if it is not there. */
    static ForcedFile open(Path path) throws IOException {
        RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
        return new ForcedFile() {
            @Override
            public void write(byte[] bytes) throws IOException {
                file.seek(file.length());
                file.write(bytes);
            }

            @Override
            public void force() throws IOException {
                file.getFD().sync();
            }

            @Override
            public void truncate(long length) throws IOException {
                file.setLength(length);
                file.getFD().sync();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    /**
     * Puts a file in its place as a whole: nobody ever sees a part of it under its name. Tells {@code kind.create},
     * {@code kind.written} and {@code kind.created}.
     */
    static void replace(Path target, byte[] content, String kind, StepListener steps) throws IOException {
        steps.step(kind + ".create");
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        try {
            try (ForcedFile file = open(temporary)) {
                file.truncate(0);
                file.write(content);
                file.force();
            }
            steps.step(kind + ".written");
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
        steps.step(kind + ".created");
    }
}
