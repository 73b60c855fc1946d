package io.cordon.sandbox.windows;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.sun.jna.Memory;
import com.sun.jna.platform.win32.Advapi32;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanOptions.HardLinks;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files that a tool does not think of: while a sandbox is open they are labelled, afterwards they are as before. */
@Tag("windows")
@Timeout(120)
@SuppressWarnings("try") // sandboxes that are only open
class OddFilesTest {
    private static final int READ_CONTROL = 0x0002_0000;
    private static final int FILE_READ_DATA = 0x1;
    private static final int CREATE_NEW = 1;
    private static final int OPEN_EXISTING = 3;
    private static final int DELETE = 0x0001_0000;
    private static final int AS_ITSELF = 0x0220_0000;
    private static final int SE_FILE_OBJECT = 1;
    private static final int DACL_SECURITY_INFORMATION = 0x4;

    private final FileCalls files = NativeCalls.windows().files();

    @TempDir
    Path temp;

    private Path root;
    /** By names that only this can delete. */
    private final Deque<String> made = new ArrayDeque<>();

    @BeforeEach
    void makeRoot() throws IOException {
        WindowsJvm.assumeEnforcing();
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
    }

    /** What JUnit could not delete, and what a failed test left open. */
    @AfterEach
    void deleteRoot() throws Exception {
        if (root != null) {
            assertThat(Sandbox.recover().left()).isEmpty();
            while (!made.isEmpty()) {
                try (OwnedHandle handle = files.open(made.pop(), DELETE, 0, OPEN_EXISTING, AS_ITSELF)) {
                    files.delete(handle);
                }
            }
        }
    }

    /** By names that {@code java.nio} does not take. */
    private Map<String, SecurityDescriptor> securities() throws WindowsFailure {
        Map<String, SecurityDescriptor> securities = new TreeMap<>();
        FileTree.Visitor<WindowsFailure> visitor = new FileTree.Visitor<>() {
            @Override
            public boolean enter(FileTree.Entry entry) throws WindowsFailure {
                securities.put(entry.path(), files.descriptor(entry.handle()));
                return true;
            }

            @Override
            public void failed(String path, WindowsFailure failure) throws WindowsFailure {
                throw failure;
            }
        };
        new FileTree(files).walk(FileTree.extended(root), visitor, READ_CONTROL);
        return securities;
    }

    private void make(String name) throws WindowsFailure {
        String path = FileTree.extended(root) + "\\" + name;
        files.open(path, FILE_READ_DATA, 0, CREATE_NEW, 0).close();
        made.push(path);
    }

    private void makeDirectory(String name) throws WindowsFailure {
        String path = FileTree.extended(root) + "\\" + name;
        files.createDirectory(path);
        made.push(path);
    }

    private Sandbox open(PlanOptions options) throws SandboxException {
        return Sandbox.open(WindowsJvm.policy(root).build(), new WindowsSandboxBackend(options));
    }

    private static boolean isLabelled(SecurityDescriptor descriptor) {
        return MandatoryLabel.aceOf(descriptor) != null;
    }

    /** That every object is labelled while a sandbox is open, and as it was afterwards. */
    private void assertStampedAndPutBack(int objects) throws Exception {
        for (PlanOptions options : new PlanOptions[] {PlanOptions.DEFAULT, PlanOptions.WRITE_RESTRICTED}) {
            Map<String, SecurityDescriptor> before = securities();
            assertThat(before).hasSize(objects);
            try (Sandbox sandbox = open(options)) {
                assertThat(sandbox.violations()).isEmpty();
                assertThat(securities())
                        .hasSize(objects)
                        .allSatisfy((path, descriptor) ->
                                assertThat(isLabelled(descriptor)).as(path).isTrue());
            }
            assertThat(securities()).isEqualTo(before);
        }
    }

    /**
     * Wine's GetFinalPathNameByHandleW has room for 260 characters, and leaves a dot or a blank at the end of a path out;
     * so there Cordon cannot tell such an object from one behind a link, and refuses the root.
     */
    private void assertStampedOrRefusedOnWine(int objects) throws Exception {
        if (System.getProperty("cordon.test.wine") == null) {
            assertStampedAndPutBack(objects);
            return;
        }
        WindowsJvm.Security before = WindowsJvm.security(root);
        SandboxException refused = catchThrowableOfType(
                SandboxException.class, () -> open(PlanOptions.DEFAULT).close());
        assertThat(refused.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
        assertThat(refused).hasMessageContaining("GetFinalPathNameByHandleW of " + FileTree.extended(root) + "\\");
        assertThat(WindowsJvm.security(root)).isEqualTo(before);
    }

    @Test
    void anEmptyRoot() throws Exception {
        assertStampedAndPutBack(1);
    }

    @Test
    void readOnlyHiddenAndSystemFiles() throws Exception {
        for (String attribute : new String[] {"dos:readonly", "dos:hidden", "dos:system"}) {
            Path file = Files.writeString(root.resolve(attribute.substring(4)), "x");
            Files.setAttribute(file, attribute, true);
            assertThat(Files.getAttribute(file, attribute)).isEqualTo(true);
        }
        assertStampedAndPutBack(4);
        for (String attribute : new String[] {"dos:readonly", "dos:hidden", "dos:system"}) {
            Path file = root.resolve(attribute.substring(4));
            assertThat(Files.getAttribute(file, attribute)).isEqualTo(true);
            Files.setAttribute(file, attribute, false);
            assertThat(file).hasContent("x");
        }
    }

    /** Share modes are about data; a label is set through a handle without any right to that. */
    @Test
    void aFileThatIsOpenElsewhereForItselfAlone() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "x");
        try (OwnedHandle held = files.open(FileTree.extended(file), FILE_READ_DATA, 0, OPEN_EXISTING, 0)) {
            assertThat(held.isOpen()).isTrue();
            WindowsFailure shared = catchThrowableOfType(
                    WindowsFailure.class,
                    () -> files.open(FileTree.extended(file), FILE_READ_DATA, 7, OPEN_EXISTING, 0));
            assertThat(shared.code()).as("positive control").isEqualTo(32);
            assertStampedAndPutBack(2);
        }
    }

    @Test
    void aPathOfMoreThan260Characters() throws Exception {
        String name = "a".repeat(60);
        makeDirectory(name);
        for (int i = 0; i < 5; i++) {
            name += "\\" + "b".repeat(60);
            makeDirectory(name);
        }
        make(name + "\\file");
        assertThat(name.length()).isGreaterThan(360);
        assertStampedOrRefusedOnWine(8);
    }

    @Test
    void namesWithADotOrABlankAtTheirEnd() throws Exception {
        make("name");
        make("name.");
        make("name ");
        makeDirectory("directory. ");
        make("directory. \\file.");
        assertStampedOrRefusedOnWine(6);
    }

    @Test
    void namesThatDifferByTheirCaseOnly() throws Exception {
        make("name");
        boolean made = catchThrowableOfType(WindowsFailure.class, () -> make("NAME")) == null;
        assumeTrue(made, "this volume takes names that differ by their case only for the same");
        assertStampedAndPutBack(3);
    }

    /** As icacls does; it hands its entry on to what is in the root, and ours with it. */
    @Test
    void anEntryThatSomebodyAddsMeanwhileStaysAndNothingOfOurs() throws Exception {
        Path file = Files.writeString(root.resolve("file"), "x");
        Map<String, SecurityDescriptor> before = securities();
        AccessAce added = AccessAce.allow(AccessMask.FILE_GENERIC_READ, WellKnownSids.AUTHENTICATED_USERS)
                .withFlags(AceFlags.INHERIT);
        Acl own = requireNonNull(
                requireNonNull(before.get(FileTree.extended(root))).dacl());

        for (PlanOptions options : new PlanOptions[] {PlanOptions.DEFAULT, PlanOptions.WRITE_RESTRICTED}) {
            Acl[] opened = {own};
            try (Sandbox sandbox = open(options)) {
                assertThat(sandbox.violations()).isEmpty();
                opened[0] = requireNonNull(requireNonNull(securities().get(FileTree.extended(root)))
                        .dacl());
                setDacl(with(opened[0], added));
                assertThat(requireNonNull(requireNonNull(securities().get(FileTree.extended(file)))
                                        .dacl())
                                .aces())
                        .as("it is handed on")
                        .contains(added.withFlags(AceFlags.INHERITED));
            }
            assertThat(opened[0]).as("positive control: something was ours").isNotEqualTo(own);
            Map<String, SecurityDescriptor> after = securities();
            assertThat(requireNonNull(requireNonNull(after.get(FileTree.extended(root)))
                                    .dacl())
                            .aces())
                    .containsExactlyInAnyOrderElementsOf(with(own, added).aces());
            assertThat(after)
                    .allSatisfy((path, descriptor) ->
                            assertThat(isLabelled(descriptor)).as(path).isFalse());

            // without it, all is as before
            setDacl(own);
            assertThat(securities().keySet()).isEqualTo(before.keySet());
            assertThat(requireNonNull(requireNonNull(securities().get(FileTree.extended(file)))
                                    .dacl())
                            .aces())
                    .isEqualTo(requireNonNull(requireNonNull(before.get(FileTree.extended(file)))
                                    .dacl())
                            .aces());
        }
    }

    private static Acl with(Acl list, Ace added) {
        return list.withAces(
                ImmutableList.<Ace>builder().addAll(list.aces()).add(added).build());
    }

    private void setDacl(Acl list) {
        byte[] bytes = list.encode();
        try (Memory dacl = new Memory(bytes.length)) {
            dacl.write(0, bytes, 0, bytes.length);
            assertThat(Advapi32.INSTANCE.SetNamedSecurityInfo(
                            root.toString(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, null, null, dacl, null))
                    .isZero();
        }
    }

    /** Beside the one with the user's profile, the journal and the temporary files. */
    @Test
    void aRootOnAnotherDrive() throws Exception {
        Path first = root;
        Path inside = Files.writeString(first.resolve("file"), "x");
        root = onAnotherDrive();
        try {
            Path there = Files.writeString(root.resolve("file"), "x");
            assertStampedAndPutBack(2);

            SandboxPolicy both = WindowsJvm.policy(root)
                    .allowWrite(first)
                    .denyWrite(Files.createDirectory(root.resolve("kept")))
                    .build();
            WindowsJvm.Security before = WindowsJvm.security(root);
            Path kept = Files.writeString(root.resolve("kept").resolve("file"), "x");
            try (Sandbox sandbox = Sandbox.open(both)) {
                String attempted = sandbox.run(WindowsJvm.attempts(
                                "write", inside.toString(), "write", there.toString(), "write", kept.toString()))
                        .stdout()
                        .text()
                        .replace("\r", "");
                assertThat(attempted).isEqualTo("write OK\nwrite OK\nwrite DENIED\n");
            }
            assertThat(kept).hasContent("x");
            assertThat(WindowsJvm.security(root)).isEqualTo(before);
            assertThat(WindowsJvm.unconfined(WindowsJvm.attempts("write", kept.toString())))
                    .as("positive control")
                    .isEqualTo("write OK\n");
        } finally {
            new FileTree(files).delete(root);
            root = first;
        }
    }

    /** On Wine a drive is a directory of Linux, of which Z is the whole. */
    private Path onAnotherDrive() throws IOException {
        for (Path drive : root.getFileSystem().getRootDirectories()) {
            Path tmp = drive.resolve("tmp");
            Path parent = Files.isDirectory(tmp) ? tmp : drive;
            if (!drive.equals(root.getRoot()) && Files.isWritable(parent)) {
                return Files.createTempDirectory(parent, "cordon");
            }
        }
        return abort("there is no other drive to write to");
    }

    @Test
    void hardLinksAreSkippedOrAllowedAsTheOptionsSay() throws Exception {
        Path outside = Files.writeString(temp.toRealPath().resolve("outside"), "x");
        Path linked = Files.createLink(root.resolve("linked"), outside);
        Files.writeString(root.resolve("plain"), "x");
        WindowsJvm.Security before = WindowsJvm.security(outside);
        Map<HardLinks, String> expected = ImmutableMap.of(HardLinks.SKIP, "DENIED", HardLinks.ALLOW, "OK");
        for (Map.Entry<HardLinks, String> each : expected.entrySet()) {
            Files.writeString(outside, "before");
            try (Sandbox sandbox = open(PlanOptions.DEFAULT.withHardLinks(each.getKey()))) {
                String attempted = sandbox.run(WindowsJvm.attempts(
                                "write",
                                linked.toString(),
                                "write",
                                root.resolve("plain").toString()))
                        .stdout()
                        .text()
                        .replace("\r", "");
                assertThat(attempted).isEqualTo("write " + each.getValue() + "\nwrite OK\n");
            }
            assertThat(outside).hasContent(each.getKey() == HardLinks.SKIP ? "before" : "changed");
            assertThat(WindowsJvm.security(outside)).as("%s", each.getKey()).isEqualTo(before);
        }
    }
}
