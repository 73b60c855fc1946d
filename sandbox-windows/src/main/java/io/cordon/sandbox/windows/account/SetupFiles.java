package io.cordon.sandbox.windows.account;

import io.cordon.sandbox.windows.edit.ForcedFile;
import io.cordon.sandbox.windows.edit.StepListener;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The files of a set-up. Each is there as a whole or not at all, and what was written survives a loss of power. */
public interface SetupFiles {
    /** What is locked; empty, and left where it is. */
    String LOCK = "account-lock";

    /** The content of a file; empty if it is not there. */
    Optional<byte[]> read(String name) throws IOException;

    /** Writes a file. */
    void write(String name, byte[] content) throws IOException;

    /** Deletes a file, if it is there. */
    void delete(String name) throws IOException;

    /**
     * Locks the set-up until what is returned is closed, or the process ends; empty if somebody else has the lock. It is
     * not waited for, because a set-up is short and whoever asks is a person or can ask again.
     */
    Optional<Closeable> lock() throws IOException;

    /** Those in a directory, which is made when it is needed. */
    static SetupFiles in(Path directory) {
        return new SetupFiles() {
            @Override
            public Optional<byte[]> read(String name) throws IOException {
                Path file = directory.resolve(name);
                return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
            }

            @Override
            public void write(String name, byte[] content) throws IOException {
                Files.createDirectories(directory);
                ForcedFile.replace(directory.resolve(name), content, name, StepListener.NONE);
            }

            @Override
            public void delete(String name) throws IOException {
                Files.deleteIfExists(directory.resolve(name + ".tmp"));
                Files.deleteIfExists(directory.resolve(name));
            }

            @Override
            public Optional<Closeable> lock() throws IOException {
                Files.createDirectories(directory);
                // The file stays: whoever deletes one lets two others lock two files of the same name.
                FileChannel channel =
                        FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                boolean locked = false;
                try {
                    locked = channel.tryLock() != null;
                } catch (OverlappingFileLockException e) {
                    // Another thread of this process has it.
                } finally {
                    if (!locked) {
                        channel.close();
                    }
                }
                return locked ? Optional.of(channel) : Optional.empty();
            }
        };
    }
}
