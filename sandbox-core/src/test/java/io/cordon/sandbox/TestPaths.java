package io.cordon.sandbox;

import java.nio.file.Path;

/** Absolute paths in the system's own spelling; none of them needs to exist. */
final class TestPaths {
    /** The root of a file system. */
    static final Path ROOT = Path.of("").toAbsolutePath().getRoot();

    private TestPaths() {}

    static Path absolute(String path) {
        return ROOT.resolve(path);
    }
}
