package io.cordon.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The main job, run as a program: by whoever runs the tests, and by an ordinary user. */
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class DemoTest {
    /** The ordinary user without files of his own that every Unix has. */
    private static final String NOBODY = "65534";

    @Test
    void everyStepIsAsExpected(@TempDir Path directory) throws Exception {
        run(List.of(), System.getProperty("java.class.path"), directory);
    }

    @Test
    void everyStepIsAsExpectedForAnOrdinaryUser(@TempDir Path directory) throws Exception {
        assumeTrue(isRoot(), "whoever runs the tests is an ordinary user already");
        Path temp = Files.createDirectory(directory.resolve("tmp"));
        String classPath = copiedForAll(directory);
        Process chown = new ProcessBuilder("chown", NOBODY + ":" + NOBODY, temp.toString())
                .inheritIO()
                .start();
        assertThat(chown.waitFor()).isZero();
        Files.setPosixFilePermissions(directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));

        run(
                List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--inh-caps=-all"),
                classPath,
                temp);
    }

    private static boolean isRoot() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid", LinkOption.NOFOLLOW_LINKS) == 0;
    }

    private static void run(List<String> prefix, String classPath, Path temp) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Steps.java("java"),
                "-Djava.io.tmpdir=" + temp,
                "-Djna.tmpdir=" + temp,
                "-Duser.home=" + temp,
                "-cp",
                classPath,
                Demo.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put(Steps.TOKEN, "a-secret-of-the-host");
        builder.environment().put("HOME", temp.toString());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(output);

        assertThat(process.waitFor()).as(output).isZero();
        List<String> lines = output.lines().toList();
        assertThat(lines.get(lines.size() - 1)).matches("(\\d+) of \\1 as expected");
        assertThat(lines).filteredOn(line -> line.contains(" denied ")).hasSizeGreaterThanOrEqualTo(14);
        try (Stream<Path> left = Files.list(temp)) {
            assertThat(left.filter(path -> path.getFileName().toString().startsWith("cordon-")))
                    .as("what the demo leaves behind")
                    .isEmpty();
        }
    }

    /** The class path in a place that everybody can read, unlike most home directories. */
    private static String copiedForAll(Path directory) throws IOException {
        List<Path> copies = new ArrayList<>();
        // Surefire ends the class path with a separator, and an empty entry would mean the working directory.
        for (String entry :
                Splitter.on(File.pathSeparatorChar).omitEmptyStrings().split(System.getProperty("java.class.path"))) {
            Path source = Path.of(entry);
            Path copy = directory.resolve(
                    "entry-" + copies.size() + (Files.isDirectory(source) ? "" : "-" + source.getFileName()));
            copyTree(source, copy);
            copies.add(copy);
        }
        return copies.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static void copyTree(Path source, Path copy) throws IOException {
        try (Stream<Path> paths = Files.walk(source)) {
            for (Path path : paths.toList()) {
                Files.copy(path, copy.resolve(source.relativize(path).toString()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
