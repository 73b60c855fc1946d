package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Iterables;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a tree outlives its root, its sandbox or its JVM, however these end. */
@Tag("windows")
@Timeout(120)
class TreeTest {
    private static final int ERROR_ACCESS_DENIED = 5;

    @TempDir
    Path temp;

    private Path root;
    private ImmutableSortedSet<Path> directories;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        directories = WindowsJvm.privateDirectories();
    }

    /** What a JVM that was ended could not take back. */
    @AfterEach
    void deletePrivateDirectories() throws Exception {
        for (Path left : WindowsJvm.privateDirectories()) {
            if (!directories.contains(left)) {
                new FileTree(NativeCalls.windows().files()).delete(left);
            }
        }
    }

    private static ProcessBuilder sleepingTree() {
        return new ProcessBuilder(Sleepers.nested())
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
    }

    private static void taskkill(long pid) throws Exception {
        Process taskkill = new ProcessBuilder("taskkill.exe", "/F", "/PID", String.valueOf(pid))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD)
                .start();
        assertThat(taskkill.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(taskkill.exitValue()).isZero();
    }

    @Test
    void theTreeEndsWithItsRootWhoeverEndsThat() throws Exception {
        try (TwoWays ways = TwoWays.open(root)) {
            Process byHandle = ways.confined(sleepingTree());
            ImmutableList<Long> first = Sleepers.awaitDescendants(byHandle.toHandle(), 2);
            byHandle.toHandle().destroyForcibly(); // TerminateProcess of this one process
            Sleepers.assertGone(first, "the root was terminated by its handle");
            assertThat(byHandle.waitFor(30, TimeUnit.SECONDS)).isTrue();

            Process byId = ways.confined(sleepingTree());
            ImmutableList<Long> second = Sleepers.awaitDescendants(byId.toHandle(), 2);
            taskkill(byId.pid());
            Sleepers.assertGone(second, "taskkill of the root");
            assertThat(byId.waitFor(30, TimeUnit.SECONDS)).isTrue();

            // positive control: without a sandbox, what is below the root stays
            Process plain = ways.plain(sleepingTree());
            ImmutableList<Long> third = Sleepers.awaitDescendants(plain.toHandle(), 2);
            taskkill(plain.pid());
            assertThat(plain.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(third).allMatch(Sleepers::isAlive);
            Sleepers.end(third);
        }
    }

    @Test
    void theTreeEndsWithItsSandbox() throws Exception {
        ImmutableList<Long> tree;
        try (TwoWays ways = TwoWays.open(root)) {
            Process process = ways.confined(sleepingTree());
            tree = Sleepers.awaitDescendants(process.toHandle(), 2);
            assertThat(tree).allMatch(Sleepers::isAlive);
        }
        assertThat(tree).noneMatch(Sleepers::isAlive); // closing waits for it
    }

    /** A JVM with a tree that sleeps. */
    private record Host(Process jvm, BufferedReader output, ImmutableList<Long> tree) {
        static Host start(ImmutableList<String> command) throws IOException {
            Process jvm =
                    new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
            BufferedReader output = jvm.inputReader();
            String ids = String.valueOf(output.readLine());
            assertThat(ids).matches("\\d+( \\d+)+");
            ImmutableList<Long> tree =
                    Splitter.on(' ').splitToStream(ids).map(Long::valueOf).collect(ImmutableList.toImmutableList());
            assertThat(tree).hasSize(3).allMatch(Sleepers::isAlive);
            return new Host(jvm, output, tree);
        }

        int goOn() throws Exception {
            try (var stdin = jvm.getOutputStream()) {
                stdin.write('\n');
            }
            return end();
        }

        int end() throws Exception {
            assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
            output.close();
            return jvm.exitValue();
        }
    }

    private Host host(String way, String end, String... options) throws IOException {
        ImmutableList<String> java = WindowsJvm.java(TreeMain.class, way, root.toString(), end);
        return Host.start(ImmutableList.<String>builder()
                .add(java.get(0))
                .add(options)
                .addAll(Iterables.skip(java, 1))
                .build());
    }

    @Test
    void theTreeEndsWithAJvmThatHalts() throws Exception {
        Host host = host("sandbox", "halt");
        assertThat(host.goOn()).isEqualTo(3);
        Sleepers.assertGone(host.tree(), "the JVM halted");
    }

    @Test
    void theTreeEndsWithAJvmThatReturnsWithoutClosing() throws Exception {
        Host host = host("sandbox", "return");
        assertThat(host.goOn()).isZero();
        Sleepers.assertGone(host.tree(), "the JVM returned from main");
    }

    @Test
    void theTreeEndsWithAJvmThatCrashes() throws Exception {
        Path report = temp.resolve("hs_err.log");
        Host host = host("sandbox", "crash", "-XX:ErrorFile=" + report, "-XX:-CreateCoredumpOnCrash");
        assertThat(host.goOn()).isNotZero();
        assertThat(report).content().contains("EXCEPTION_ACCESS_VIOLATION");
        Sleepers.assertGone(host.tree(), "the JVM crashed");
    }

    @Test
    void theTreeEndsWithAJvmThatIsEndedFromOutside() throws Exception {
        Host host = host("sandbox", "return");
        taskkill(host.jvm().pid());
        host.end();
        Sleepers.assertGone(host.tree(), "taskkill of the JVM");
    }

    /** The positive control of the four above. */
    @Test
    void aTreeOfProcessBuilderOutlivesItsJvm() throws Exception {
        Host host = host("plain", "halt");
        assertThat(host.goOn()).isEqualTo(3);
        Thread.sleep(1000);
        assertThat(host.tree()).allMatch(Sleepers::isAlive);
        Sleepers.end(host.tree());
    }

    private static ImmutableList<Long> started(Process process, String... expected) throws IOException {
        ImmutableList.Builder<Long> started = ImmutableList.builder();
        BufferedReader output = process.inputReader(); // not closed: the process writes no more
        for (String line : expected) {
            String read = String.valueOf(output.readLine());
            assertThat(read).matches(line);
            if (read.contains(" started ")) {
                started.add(Long.valueOf(read.substring(read.lastIndexOf(' ') + 1)));
            }
        }
        return started.build();
    }

    @Test
    void aChildCannotLeaveItsJob() throws Exception {
        ImmutableList<String> command = WindowsJvm.java(BreakawayMain.class);
        ImmutableList<Long> inside;
        try (TwoWays ways = TwoWays.open(root)) {
            Process process = ways.confined(new ProcessBuilder(command).redirectErrorStream(true));
            inside = started(process, "breakaway refused " + ERROR_ACCESS_DENIED, "ordinary started \\d+");
            assertThat(inside).hasSize(1).allMatch(Sleepers::isAlive);
        }
        assertThat(inside).noneMatch(Sleepers::isAlive);

        // positive control: where there is no job that forbids it, the flag refuses nothing
        Process plain = new ProcessBuilder(command).redirectErrorStream(true).start();
        ImmutableList<Long> outside = started(plain, "breakaway started \\d+", "ordinary started \\d+");
        plain.destroyForcibly().waitFor();
        assertThat(outside).hasSize(2).allMatch(Sleepers::isAlive);
        Sleepers.end(outside);
    }
}
