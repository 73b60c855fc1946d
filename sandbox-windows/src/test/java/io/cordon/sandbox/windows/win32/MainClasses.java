package io.cordon.sandbox.windows.win32;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The classes and the sources of this module, for tests that go through all of them. */
final class MainClasses {
    private MainClasses() {}

    /** All classes, not initialized: some load libraries of Windows. */
    static ImmutableList<Class<?>> all() throws IOException, URISyntaxException, ClassNotFoundException {
        Path classes = Path.of(NativeCalls.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        ImmutableList.Builder<Class<?>> found = ImmutableList.builder();
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                    .sorted()
                    .toList()) {
                String name = classes.relativize(file).toString().replaceAll("[/\\\\]", ".");
                if (!name.endsWith("-info.class")) {
                    String type = name.substring(0, name.length() - ".class".length());
                    found.add(Class.forName(type, false, MainClasses.class.getClassLoader()));
                }
            }
        }
        return found.build();
    }

    /** Whether a class was written by hand, and not by an annotation processor. */
    static boolean isWritten(Class<?> type) {
        String outermost = Splitter.on('$').split(type.getName()).iterator().next();
        return Files.exists(Path.of("src/main/java", outermost.replace('.', '/') + ".java"));
    }

    /** The interfaces of JNA: one for each library of Windows, named after it. */
    static ImmutableList<Class<?>> functionInterfaces() throws Exception {
        return all().stream()
                .filter(type -> type.isInterface() && type.getSimpleName().endsWith("Functions"))
                .collect(ImmutableList.toImmutableList());
    }

    /** The text of all sources; Maven runs tests in the directory of their module. */
    static ImmutableList<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            ImmutableList.Builder<String> sources = ImmutableList.builder();
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .sorted()
                    .toList()) {
                sources.add(Files.readString(file));
            }
            return sources.build();
        }
    }
}
