package io.cordon.examples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a step happens: a workspace with a small Java project, and beside it files of the user. Every step has a stage
 * of its own kind twice, one to show what it does unconfined, one for the sandbox.
 */
final class Stage {
    private final Path directory;

    private Stage(Path directory) {
        this.directory = directory;
    }

    /** Builds the files in a new directory. */
    static Stage build(Path directory) throws IOException {
        Stage stage = new Stage(Files.createDirectories(directory).toRealPath());
        Files.createDirectories(stage.workspace().resolve("src"));
        Files.createDirectories(stage.home());
        Files.createDirectories(stage.sibling());
        Files.writeString(stage.workspace().resolve("src/Sum.java"), """
                public class Sum {
                    static int sum(int... numbers) {
                        return java.util.Arrays.stream(numbers).sum();
                    }
                }
                """);
        Files.writeString(stage.workspace().resolve("src/SumTest.java"), """
                public class SumTest {
                    public static void main(String[] arguments) {
                        if (Sum.sum(1, 2, 3) != 6) {
                            throw new AssertionError("1 + 2 + 3");
                        }
                        System.out.println("1 test passed");
                    }
                }
                """);
        Files.writeString(stage.home().resolve("notes.txt"), "notes of the user\n");
        Files.writeString(stage.home().resolve(".profile"), "# profile of the user\n");
        Files.writeString(stage.sibling().resolve("keep.txt"), "to be kept\n");
        return stage;
    }

    Path workspace() {
        return directory.resolve("workspace");
    }

    /** The home directory of the user, as far as the demo is concerned. */
    Path home() {
        return directory.resolve("home");
    }

    /** Another project of the user. */
    Path sibling() {
        return directory.resolve("sibling");
    }

    /** The content of a file, or nothing if there is no such file. */
    static String content(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
