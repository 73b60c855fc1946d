package io.cordon.sandbox.windows.account;

import io.cordon.sandbox.windows.edit.ForcedFile;
import io.cordon.sandbox.windows.edit.StepListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The files of a set-up. Each is there as a whole or not at all, and what was written survives a loss of power. */
public interface SetupFiles {
    /** The content of a file; empty if it is not there. */
    Optional<byte[]> read(String name) throws IOException;

    /** Writes a file. */
    void write(String name, byte[] content) throws IOException;

    /** Deletes a file, if it is there. */
    void delete(String name) throws IOException;

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
        };
    }
}
