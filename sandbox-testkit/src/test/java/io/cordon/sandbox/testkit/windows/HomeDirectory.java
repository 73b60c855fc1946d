package io.cordon.sandbox.testkit.windows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The library's home on the real disk, of one test. */
final class HomeDirectory {
    private HomeDirectory() {}

    /** A new one, in memory where the system has a place for that: forcing a file to disk takes no time there. */
    static Path make() throws IOException {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "cordon")
                : Files.createTempDirectory("cordon");
    }

    static void delete(Path directory) throws IOException {
        List<Path> found;
        try (Stream<Path> files = Files.walk(directory)) {
            found = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : found) {
            Files.delete(file);
        }
    }
}
