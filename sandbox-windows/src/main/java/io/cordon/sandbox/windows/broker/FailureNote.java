package io.cordon.sandbox.windows.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Why a broker ended before it could say so over the pipe: a file in its directory, which its children cannot write. It
 * has no console, and its exit code says too little.
 */
final class FailureNote {
    private static final String NAME = "failure.txt";
    private static final int MOST_BYTES = 2_000;

    private FailureNote() {}

    /** Leaves the note, as far as that is possible. */
    static void leave(Path directory, Throwable failure) {
        byte[] text = failure.toString().getBytes(StandardCharsets.UTF_8);
        try {
            Files.write(directory.resolve(NAME), text.length > MOST_BYTES ? Arrays.copyOf(text, MOST_BYTES) : text);
        } catch (IOException e) {
            failure.addSuppressed(e); // the exit code still tells that there was one
        }
    }

    /** The note, to be put behind what happened; empty without one. */
    static String told(Path directory) {
        return find(directory).map(note -> ", which said: " + note).orElse("");
    }

    /** The note, on one line. Whatever is in the file is only shown. */
    private static Optional<String> find(Path directory) {
        Path file = directory.resolve(NAME);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
            return Optional.of(text.replaceAll("\\p{Cntrl}+", " ").strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
