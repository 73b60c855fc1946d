package io.cordon.sandbox.linux;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A workspace, and beside it what a confined child must leave alone. */
public final class Scene {
    private final Path directory;

    /** Builds one in an empty directory. */
    public Scene(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        Files.createDirectories(workspace().resolve("src"));
        Files.writeString(workspace().resolve("src/a.txt"), "inside\n");
        Files.createDirectories(outside().resolve("dir"));
        Files.writeString(outside().resolve("file"), "outside\n");
        Files.createDirectories(outside().resolve("empty"));
        Files.createSymbolicLink(workspace().resolve("link-to-file"), outside().resolve("file"));
        Files.createSymbolicLink(workspace().resolve("link-to-dir"), outside().resolve("dir"));
        for (String name : List.of("file", "dir", "empty", "")) {
            Files.setPosixFilePermissions(
                    outside().resolve(name),
                    PosixFilePermissions.fromString(name.equals("file") ? "rw-r--r--" : "rwxr-xr-x"));
            Files.setLastModifiedTime(outside().resolve(name), FileTime.fromMillis(1_000_000_000_000L));
        }
    }

    /** The writable root. */
    public Path workspace() {
        return directory.resolve("workspace");
    }

    /** What lies beside it. */
    public Path outside() {
        return directory.resolve("outside");
    }

    /** A policy for the workspace, with the gap of this backend accepted by name. */
    public SandboxPolicy policy() {
        return SandboxPolicy.builder()
                .allowWrite(workspace())
                .acceptPartial(Capability.PROCESS_TREE)
                .build();
    }

    /** All that is outside: names beneath it, with modes, times, and the contents of files. */
    public SortedMap<String, String> outsideContents() throws IOException {
        SortedMap<String, String> contents = new TreeMap<>();
        if (Files.notExists(outside())) {
            return contents; // moved away as a whole
        }
        try (Stream<Path> paths = Files.walk(outside())) {
            for (Path path : paths.toList()) {
                String name = outside().relativize(path).toString();
                contents.put(
                        name,
                        Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) + " "
                                + Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS) + " "
                                + (Files.isRegularFile(path) ? Files.readString(path) : "-"));
            }
        }
        return contents;
    }

    /** Runs a shell script in the workspace without a sandbox, and gives its exit code: the positive control. */
    public int runUnconfined(String script) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", script).directory(workspace().toFile());
        builder.environment().putAll(variables());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        return builder.start().waitFor();
    }

    /** What scripts find the places by. */
    public Map<String, String> variables() {
        return Map.of("OUT", outside().toString(), "WS", workspace().toString());
    }

    /** A result as one text, for messages of assertions. */
    public static String described(SandboxResult result) {
        return result.status() + " " + result.exitCode() + "\nstdout: "
                + result.stdout().text(StandardCharsets.UTF_8) + "\nstderr: "
                + result.stderr().text(StandardCharsets.UTF_8);
    }
}
