package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.UUID;

/** Where damaged and foreign files of the journal are kept for a person to look at. They are never read again. */
final class Quarantine {
    private static final String REASON = ".reason.txt";

    private final Path directory;
    private final StepListener steps;

    Quarantine(Path directory, StepListener steps) {
        this.directory = directory;
        this.steps = steps;
    }

    /** Moves a file there. */
    void take(Path file, String reason) throws IOException {
        Files.createDirectories(directory);
        Path target = directory.resolve(String.valueOf(file.getFileName()));
        if (Files.exists(target)) {
            target = target.resolveSibling(target.getFileName() + "-" + UUID.randomUUID());
        }
        steps.step("quarantine.move");
        // Not Files.writeString, whose channel an interrupt closes.
        try (OutputStream out = new FileOutputStream(
                target.resolveSibling(target.getFileName() + REASON).toFile())) {
            out.write((Instant.now() + " " + reason + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
        steps.step("quarantine.moved");
    }

    /** The files that are there. */
    ImmutableList<Path> files() throws IOException {
        if (!Files.isDirectory(directory)) {
            return ImmutableList.of();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory, file -> !String.valueOf(file.getFileName()).endsWith(REASON))) {
            return ImmutableList.sortedCopyOf(files);
        }
    }
}
