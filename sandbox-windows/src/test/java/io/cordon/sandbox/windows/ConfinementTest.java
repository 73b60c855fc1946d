package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child can do and cannot do, on a machine that enforces integrity levels. */
@Tag("windows")
class ConfinementTest {
    private static final MandatoryLabel LOW = new MandatoryLabel(IntegrityLevel.MEDIUM_LOW, MandatoryLabel.NO_WRITE_UP);

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
        for (String name : ImmutableList.of("write", "append", "rename", "delete")) {
            Files.writeString(directory.resolve("sub").resolve(name), "before");
        }
        return directory;
    }

    private static String[] operations(Path directory) {
        Path sub = directory.resolve("sub");
        List<String> arguments = new ArrayList<>();
        for (String name : ImmutableList.of("write", "append", "rename", "delete", "create", "mkdir")) {
            arguments.add(name);
            arguments.add(sub.resolve(name).toString());
        }
        return arguments.toArray(new String[0]);
    }

    private static final String ALL_DONE = "write OK\nappend OK\nrename OK\ndelete OK\ncreate OK\nmkdir OK\n";
    private static final String ALL_DENIED = ALL_DONE.replace("OK", "DENIED");

    private static String text(SandboxResult result) {
        return (result.stdout().text() + result.stderr().text()).replace("\r", "");
    }

    @Test
    void aChildDoesInItsRootWhatItIsDeniedOutside() throws Exception {
        try (Sandbox sandbox = Sandbox.open(WindowsJvm.policy(root).build())) {
            // given
            assertThat(sandbox.enforcement().level(Capability.FILE_WRITE)).isNotEqualTo(EnforcementLevel.NONE);

            // when
            String inside = text(sandbox.run(WindowsJvm.attempts(operations(root))));
            String beside = text(sandbox.run(WindowsJvm.attempts(operations(outside))));
            String reading = text(sandbox.run(WindowsJvm.attempts(
                    "read", outside.resolve("sub").resolve("write").toString())));

            // then
            assertThat(inside).isEqualTo(ALL_DONE);
            assertThat(beside).isEqualTo(ALL_DENIED);
            assertThat(reading).isEqualTo("read OK\n");
        }
        assertThat(outside.resolve("sub").resolve("write")).hasContent("before");
        assertThat(outside.resolve("sub").resolve("append")).hasContent("before");
        assertThat(outside.resolve("sub").resolve("delete")).exists();
        assertThat(outside.resolve("sub").resolve("create")).doesNotExist();

        // the positive control comes last, because it changes the files
        assertThat(WindowsJvm.unconfined(WindowsJvm.attempts(operations(outside))))
                .isEqualTo(ALL_DONE);
    }

    @Test
    void aGrandchildIsDeniedTheSame() throws Exception {
        ImmutableList<String> command = ImmutableList.<String>builder()
                .add("cmd.exe", "/d", "/c", "cmd.exe", "/d", "/c")
                .addAll(WindowsJvm.attempts(operations(outside)))
                .build();
        try (Sandbox sandbox = Sandbox.open(WindowsJvm.policy(root).build())) {
            assertThat(text(sandbox.run(command))).isEqualTo(ALL_DENIED);
        }
        assertThat(WindowsJvm.unconfined(command)).isEqualTo(ALL_DONE);
    }

    @Test
    void theTempDirectoryIsPrivateWritableAndGoesWithTheSandbox() throws Exception {
        Path seen;
        try (Sandbox sandbox = Sandbox.open(WindowsJvm.policy(root).build())) {
            SandboxResult result = sandbox.run("cmd.exe", "/d", "/c", "echo x>%TEMP%\\made& echo %TEMP%");
            seen = Path.of(result.stdout().text().strip());
            assertThat(seen.resolve("made")).exists();
            assertThat(seen).startsWith(WindowsPlaces.ofThisJvm().home());
            // also what refuses to be deleted at first
            sandbox.run("cmd.exe", "/d", "/c", "mkdir %TEMP%\\a\\b& echo x>%TEMP%\\a\\b\\c& attrib +r %TEMP%\\a\\b\\c");
        }
        assertThat(seen).doesNotExist();
        assertThat(seen.getParent()).doesNotExist();
    }

    @Test
    void closingRestoresTheSecurityDescriptorsOfTheRootAndOfWhatIsInIt() throws Exception {
        // given
        Path file = root.resolve("sub").resolve("write");
        WindowsJvm.Security rootBefore = WindowsJvm.security(root);
        WindowsJvm.Security fileBefore = WindowsJvm.security(file);
        Path made = root.resolve("made");
        Path explicit = root.resolve("sub").resolve("append");

        // when
        try (Sandbox sandbox = Sandbox.open(WindowsJvm.policy(root).build())) {
            // positive control: while it is open they are different
            assertThat(WindowsJvm.security(root)).isNotEqualTo(rootBefore);
            assertThat(WindowsJvm.security(root).label()).contains(LOW.toAce(AceFlags.INHERIT));
            assertThat(WindowsJvm.security(file)).isNotEqualTo(fileBefore);
            // this one is made with a label of its own in the temp directory, and keeps it on its way
            sandbox.run("cmd.exe", "/d", "/c", "echo x>%TEMP%\\made& move %TEMP%\\made " + made);
            assertThat(made).exists();
            // and this one with a label that no directory handed on
            label(explicit);
        }

        // then
        assertThat(WindowsJvm.security(root)).isEqualTo(rootBefore);
        assertThat(WindowsJvm.security(file)).isEqualTo(fileBefore);
        assertThat(WindowsJvm.security(made).label()).isEmpty();
        assertThat(WindowsJvm.security(explicit).label()).isEmpty();
    }

    private static void label(Path file) throws Exception {
        FileCalls files = NativeCalls.windows().files();
        try (FileTree.Entry entry = new FileTree(files)
                .open(FileTree.extended(file.toRealPath()), FileTree.READ_CONTROL | FileTree.WRITE_OWNER)) {
            files.replaceLabel(
                    entry.handle(), files.descriptor(entry.handle()).withSacl(Acl.of(LOW.toAce(AceFlags.NONE))));
        }
        assertThat(WindowsJvm.security(file).label()).contains(LOW.toAce(AceFlags.NONE));
    }

    @Test
    void twoSandboxesShareARootUntilTheLastOneCloses() throws Exception {
        WindowsJvm.Security before = WindowsJvm.security(root);
        Sandbox first = Sandbox.open(WindowsJvm.policy(root).build());
        try (Sandbox second = Sandbox.open(WindowsJvm.policy(root).build())) {
            first.close();
            assertThat(text(second.run(WindowsJvm.attempts(operations(root))))).isEqualTo(ALL_DONE);
        }
        assertThat(WindowsJvm.security(root)).isEqualTo(before);
    }

    @Test
    void aRootWithAHardLinkIsRefused() throws Exception {
        Files.createLink(root.resolve("linked"), outside.resolve("sub").resolve("write"));
        WindowsJvm.Security before = WindowsJvm.security(outside.resolve("sub").resolve("write"));
        assertThat(catchThrowable(() -> Sandbox.open(WindowsJvm.policy(root).build())))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("linked in allowWrite(" + root + ") has a name outside of what is writable")
                .hasMessageContaining("replace it by a copy");
        assertThat(WindowsJvm.security(outside.resolve("sub").resolve("write"))).isEqualTo(before);
    }

    @Test
    void aProcessMoreThanTheLimitDoesNotStart() throws Exception {
        ImmutableList<String> nested = ImmutableList.of("cmd.exe", "/d", "/c", "cmd.exe", "/d", "/c", "echo", "second");
        try (Sandbox sandbox = Sandbox.open(
                WindowsJvm.policy(root).limits(limits -> limits.processes(1)).build())) {
            assertThat(sandbox.enforcement().level(Capability.PROCESS_COUNT)).isEqualTo(EnforcementLevel.FULL);
            assertThat(sandbox.run(nested).stdout().text()).doesNotContain("second");
        }
        try (Sandbox sandbox = Sandbox.open(
                WindowsJvm.policy(root).limits(limits -> limits.processes(4)).build())) {
            assertThat(sandbox.run(nested).stdout().text()).contains("second");
        }
    }
}
