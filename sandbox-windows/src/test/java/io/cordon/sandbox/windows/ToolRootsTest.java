package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.windows.ToolRoots.Access;
import io.cordon.sandbox.windows.ToolRoots.ToolRoot;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which directories are found, on any system; what descriptors say of them is answered by the test. */
class ToolRootsTest {
    @TempDir
    Path temp;

    private Path home;
    private Path jdk;
    private Path tools;

    @BeforeEach
    void makeDirectories() throws IOException {
        Path top = temp.toRealPath();
        home = Files.createDirectories(top.resolve("home"));
        jdk = Files.createDirectories(top.resolve("jdk"));
        tools = Files.createDirectories(top.resolve("tools"));
    }

    private Path program(String directory, String file) throws IOException {
        Path made = Files.createDirectories(tools.resolve(directory));
        Files.createFile(made.resolve(file));
        return made;
    }

    private static String path(Path... entries) {
        return String.join(
                File.pathSeparator, Stream.of(entries).map(Path::toString).toList());
    }

    private List<ToolRoot> find(ImmutableMap<String, String> environment) throws Exception {
        return ToolRoots.find(environment, jdk, home, directory -> Access.TO_GRANT)
                .all();
    }

    @Test
    void programsAreFoundWithAllThatBelongsToThem() throws Exception {
        Path git = program("git/cmd", "git.exe");
        Path node = program("node", "node.exe");
        Path python = program("python", "python.exe");
        Path other = program("other", "other.exe");

        assertThat(find(ImmutableMap.of("Path", path(git, node, python, other, tools.resolve("missing")))))
                .containsExactly(
                        new ToolRoot("java", jdk, Access.TO_GRANT),
                        new ToolRoot("git", tools.resolve("git"), Access.TO_GRANT),
                        new ToolRoot("node", node, Access.TO_GRANT),
                        new ToolRoot("python", python, Access.TO_GRANT),
                        new ToolRoot("PATH", other, Access.TO_GRANT));
    }

    @Test
    void cachesOfTheUserAreFound() throws Exception {
        Path maven = Files.createDirectories(home.resolve(".m2/repository"));
        Path local = Files.createDirectories(home.resolve("local"));
        Path pip = Files.createDirectories(local.resolve("pip/Cache"));

        assertThat(find(ImmutableMap.of("LOCALAPPDATA", local.toString())))
                .extracting(ToolRoot::path)
                .containsExactly(jdk, maven, pip);
    }

    /** A program in the home directory, or in a directory that holds it, would open all of the user's files. */
    @Test
    void whatHoldsTheHomeOfTheUserIsNeverSuggested() throws Exception {
        Files.createFile(home.resolve("node.exe"));
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.createFile(bin.resolve("git.exe"));

        assertThat(find(ImmutableMap.of("PATH", path(home, bin, temp.toRealPath()))))
                .extracting(ToolRoot::path)
                .containsExactly(jdk);
    }

    @Test
    void aPlaceInAnotherOneIsNotNamedTwice() throws Exception {
        Path bin = Files.createDirectories(jdk.resolve("bin"));
        Files.createFile(bin.resolve("java.exe"));
        Path more = Files.createDirectories(jdk.resolve("more"));

        assertThat(find(ImmutableMap.of("PATH", path(bin, more), "JAVA_HOME", jdk.toString())))
                .extracting(ToolRoot::path)
                .containsExactly(jdk);
    }

    @Test
    void onlyWhatIsNotOpenAndCanBeIsToBeGranted() throws Exception {
        Path open = program("open", "a.exe");
        Path shut = program("shut", "b.exe");

        ToolRoots roots = ToolRoots.find(
                ImmutableMap.of("PATH", path(open, shut)),
                jdk,
                home,
                directory -> directory.equals(open)
                        ? Access.OPEN
                        : directory.equals(shut) ? Access.OUT_OF_REACH : Access.TO_GRANT);

        assertThat(roots.toGrant()).containsExactly(jdk);
        assertThat(roots.all())
                .extracting(ToolRoot::access)
                .containsExactly(Access.TO_GRANT, Access.OPEN, Access.OUT_OF_REACH);
    }
}
