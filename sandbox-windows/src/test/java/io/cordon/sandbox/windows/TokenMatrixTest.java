package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.platform.win32.WinReg;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What each kind of child may do, on a machine that enforces levels and restrictions: inside its root, outside, and
 * beyond files. Every denial has the same attempt without a sandbox beside it, which succeeds.
 */
@Tag("windows")
@Timeout(120)
class TokenMatrixTest {
    private static final int ERROR_ACCESS_DENIED = 5;
    private static final String DENIED = String.valueOf(ERROR_ACCESS_DENIED);
    private static final String DONE = "0";

    @TempDir
    Path temp;

    private Path root;
    private Path outside;

    @BeforeEach
    void makeDirectories() throws IOException {
        WindowsJvm.assumeEnforcing();
        root = files(temp.toRealPath().resolve("root"));
        outside = files(temp.toRealPath().resolve("outside"));
    }

    private static Path files(Path directory) throws IOException {
        Files.createDirectories(directory.resolve("sub"));
        for (String name : ImmutableList.of("write", "append", "rename", "delete", "move")) {
            Files.writeString(directory.resolve("sub").resolve(name), "before");
        }
        return directory;
    }

    private static final ImmutableList<String> OPERATIONS =
            ImmutableList.of("write", "append", "rename", "delete", "create", "mkdir");

    /** Each operation on the file of its name. */
    private static List<String> operations(Path directory) {
        List<String> arguments = new ArrayList<>();
        for (String name : OPERATIONS) {
            arguments.add(name);
            arguments.add(directory.resolve("sub").resolve(name).toString());
        }
        return arguments;
    }

    private static String outcomes(String outcome) {
        return String.join(" " + outcome + "\n", OPERATIONS) + " " + outcome + "\n";
    }

    private static ImmutableList<String> attempts(List<String> arguments) {
        return WindowsJvm.attempts(arguments.toArray(new String[0]));
    }

    @ParameterizedTest
    @EnumSource(TokenKind.class)
    void insideOfTheRootEverythingWorks(TokenKind kind) throws Exception {
        try (TokenKind.Runner runner = kind.open(root)) {
            Path made = runner.temp().resolve("made");
            Path inRoot = root.resolve("sub").resolve("create");
            List<String> arguments = operations(root);
            // what it made itself, in both places, and what it finds outside
            arguments.addAll(List.of("append", inRoot.toString(), "read", inRoot.toString()));
            arguments.addAll(List.of("create", made.toString(), "write", made.toString(), "delete", made.toString()));
            arguments.addAll(
                    List.of("read", outside.resolve("sub").resolve("write").toString()));

            assertThat(runner.run(attempts(arguments)))
                    .isEqualTo(
                            outcomes("OK") + "append OK\nread OK\n" + "create OK\nwrite OK\ndelete OK\n" + "read OK\n");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TokenKind.class,
            names = {"LOW", "BOTH"})
    void withALevelNothingOutsideCanBeChanged(TokenKind kind) throws Exception {
        ImmutableList<String> command = attempts(operations(outside));
        try (TokenKind.Runner runner = kind.open(root)) {
            assertThat(runner.run(command)).isEqualTo(outcomes("DENIED"));
        }
        assertThat(WindowsJvm.unconfined(command)).isEqualTo(outcomes("OK"));
    }

    /**
     * The reason why the level comes first: FILE_DELETE_CHILD is none of the rights that a write-restricted token is
     * restricted in (windows-security-facts.md 2.2), and a directory that its user owns grants it. Another name in the
     * same directory is denied only because that needs FILE_ADD_FILE.
     */
    @ParameterizedTest
    @EnumSource(value = TokenKind.class, names = "RESTRICTED")
    void withoutALevelDeletingAndMovingAwayOutsideSucceedThroughFileDeleteChild(TokenKind kind) throws Exception {
        ImmutableList<String> command = attempts(operations(outside));
        Path victim = outside.resolve("sub").resolve("move");
        Path stolen = root.resolve("stolen");
        try (TokenKind.Runner runner = kind.open(root)) {
            assertThat(runner.run(command))
                    .isEqualTo("write DENIED\nappend DENIED\nrename DENIED\ndelete OK\ncreate DENIED\nmkdir DENIED\n");
            runner.run(ImmutableList.of("cmd.exe", "/d", "/c", "move", victim.toString(), stolen.toString()));
        }
        assertThat(outside.resolve("sub").resolve("delete")).doesNotExist();
        assertThat(victim).doesNotExist();
        assertThat(stolen).hasContent("before");
        Files.writeString(outside.resolve("sub").resolve("delete"), "again");
        assertThat(WindowsJvm.unconfined(command)).isEqualTo(outcomes("OK"));
    }

    private static ImmutableList<String> reach(Set<String> arguments) {
        return WindowsJvm.java(ReachMain.class, arguments.toArray(new String[0]));
    }

    /** The outcome of each argument. */
    private static Map<String, String> found(String output) {
        Map<String, String> outcomes = new LinkedHashMap<>();
        output.lines().forEach(line -> {
            int blank = line.indexOf(' ');
            assertThat(blank).as(output).isPositive();
            outcomes.put(line.substring(0, blank), line.substring(blank + 1));
        });
        return outcomes;
    }

    /** What a child tries on the processes, keys and objects of its user. */
    private static ImmutableMap<String, String> ofTheUser(String key, String name) {
        long pid = ProcessHandle.current().pid();
        int thread = Kernel32.INSTANCE.GetCurrentThreadId();
        return ImmutableMap.<String, String>builder()
                .put("key-read," + key, DONE)
                .put("key-write," + key, DENIED)
                .put("key-create," + key + "\\sub", DENIED)
                .put("key-create," + key + "-new", DENIED)
                .put("process," + pid + ",0x1000", DONE) // PROCESS_QUERY_LIMITED_INFORMATION
                .put("process," + pid + ",0x20", DENIED) // PROCESS_VM_WRITE
                .put("process," + pid + ",0x40", DENIED) // PROCESS_DUP_HANDLE
                .put("process," + pid + ",0x2", DENIED) // PROCESS_CREATE_THREAD
                // PROCESS_TERMINATE belongs to the generic right to execute, of which neither keeps.
                .put("process," + pid + ",0x1", DONE)
                .put("thread," + thread + ",0x10", DENIED) // THREAD_SET_CONTEXT
                .put("event," + name + "-event,0x2", DENIED) // EVENT_MODIFY_STATE
                .put("event," + name + "-event,0x100000", DONE) // SYNCHRONIZE
                .put("mutex," + name + "-mutex,0x40000", DENIED) // WRITE_DAC
                // MUTEX_MODIFY_STATE is the bit of MUTANT_QUERY_STATE, a right to read.
                .put("mutex," + name + "-mutex,0x1", DONE)
                .buildOrThrow();
    }

    /**
     * What it makes itself, which shows that its default access list is right. That it can open its token shows less: on
     * Wine it can also when the token has no label.
     */
    private static ImmutableMap<String, String> ofItsOwn(TokenKind kind, String name) {
        return ImmutableMap.<String, String>builder()
                .put("own-thread,0x1FFFFF", DONE) // THREAD_ALL_ACCESS
                .put("own-token", DONE)
                .put("own-event," + name, DONE)
                .put("anonymous-pipe", DONE)
                .put("spawn", DONE)
                .put("own-pipe,cordon,0x80000000", DONE) // GENERIC_READ
                // With GENERIC_WRITE. The system's descriptor lets everybody read a pipe with a name, and nobody but
                // its
                // user write it, which is what breaks Node (windows-security-facts.md 5.1).
                .put("own-pipe,cordon,0xC0000000", kind.isRestricted() ? DENIED : DONE)
                .buildOrThrow();
    }

    /**
     * A process that a child starts has its default access list. The first process of a tree has that of its creator, the
     * JVM, on Wine: in it a write-restricted process finds itself without the right to write. The page on
     * CreateProcessAsUserW says that it is that of the token's user.
     */
    private static final ImmutableMap<String, String> OF_A_GRANDCHILD =
            ImmutableMap.of("own-process,0x1FFFFF", DONE); // PROCESS_ALL_ACCESS

    @ParameterizedTest
    @EnumSource(TokenKind.class)
    void beyondFilesItChangesNothingOfTheUsersAndUsesWhatItMakes(TokenKind kind) throws Exception {
        String key = "Software\\cordon-" + UUID.randomUUID();
        String name = "Local\\cordon-" + UUID.randomUUID();
        ImmutableMap<String, String> child = ImmutableMap.<String, String>builder()
                .putAll(ofTheUser(key, name))
                .putAll(ofItsOwn(kind, name))
                .buildOrThrow();
        ImmutableMap<String, String> grandchild = ImmutableMap.<String, String>builder()
                .putAll(child)
                .putAll(OF_A_GRANDCHILD)
                .buildOrThrow();
        ImmutableList<String> nested = ImmutableList.<String>builder()
                .add("cmd.exe", "/d", "/c", "cmd.exe", "/d", "/c")
                .addAll(reach(grandchild.keySet()))
                .build();
        Advapi32Util.registryCreateKey(WinReg.HKEY_CURRENT_USER, key);
        HANDLE event = Kernel32.INSTANCE.CreateEvent(null, true, false, name + "-event");
        HANDLE mutex = Kernel32.INSTANCE.CreateMutex(null, false, name + "-mutex");
        try (TokenKind.Runner runner = kind.open(root)) {
            assertThat(found(runner.run(reach(child.keySet())))).isEqualTo(child);
            assertThat(found(runner.run(nested))).as("of a grandchild").isEqualTo(grandchild);
            Map<String, String> control = found(WindowsJvm.unconfined(nested));
            assertThat(control).as("unconfined").hasSameSizeAs(grandchild);
            assertThat(control.values()).as("unconfined").containsOnly(DONE);
        } finally {
            Kernel32.INSTANCE.CloseHandle(event);
            Kernel32.INSTANCE.CloseHandle(mutex);
            for (String made : ImmutableList.of(key + "\\sub", key + "-new", key)) {
                if (Advapi32Util.registryKeyExists(WinReg.HKEY_CURRENT_USER, made)) {
                    Advapi32Util.registryDeleteKey(WinReg.HKEY_CURRENT_USER, made);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TokenKind.class)
    void programsSpeakThroughThePipesOfAShell(TokenKind kind) throws Exception {
        Path script = Files.writeString(root.resolve("pipe.cmd"), "@dir /b %1|find \"e\"|find \"t\"\r\n");
        ImmutableList<String> command = ImmutableList.of(
                "cmd.exe", "/d", "/c", script.toString(), outside.resolve("sub").toString());
        try (TokenKind.Runner runner = kind.open(root)) {
            assertThat(runner.run(command)).isEqualTo("delete\nwrite\n");
        }
    }

    /** Known limit: the label says which level may write, and both sandboxes have the same one. */
    @Test
    void atTheSameLevelAChildChangesTheRootOfAnotherSandbox() throws Exception {
        try (TokenKind.Runner first = TokenKind.LOW.open(root);
                TokenKind.Runner second = TokenKind.LOW.open(outside)) {
            assertThat(second.temp()).exists();
            assertThat(first.run(attempts(operations(outside)))).isEqualTo(outcomes("OK"));
        }
    }

    @Test
    void withARestrictionItChangesNothingThere() throws Exception {
        try (TokenKind.Runner first = TokenKind.BOTH.open(root);
                TokenKind.Runner second = TokenKind.BOTH.open(outside)) {
            assertThat(first.run(attempts(operations(outside)))).isEqualTo(outcomes("DENIED"));
            // positive control: whose root it is may
            assertThat(second.run(attempts(operations(outside)))).isEqualTo(outcomes("OK"));
        }
    }
}
