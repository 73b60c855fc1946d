package io.cordon.sandbox.windows.launch;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The directories of a {@code PATH}, of which those are left out that begin in the current directory: an agent fills it. */
final class SearchPath {
    private SearchPath() {}

    static Stream<Path> of(Map<String, String> environment) {
        return Splitter.on(';')
                .omitEmptyStrings()
                .splitToStream(ShellPlaces.variable(environment, "PATH").orElse(""))
                .flatMap(entry -> directory(entry).stream());
    }

    private static Optional<Path> directory(String entry) {
        try {
            return Optional.of(Path.of(CharMatcher.is('"').trimFrom(entry))).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
