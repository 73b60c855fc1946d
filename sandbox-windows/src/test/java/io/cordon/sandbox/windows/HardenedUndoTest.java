package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.sun.jna.platform.win32.Advapi32;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing takes back what the hardened option added to a root, and no more than that. */
@Tag("windows")
@Timeout(120)
class HardenedUndoTest {
    private static final int SE_FILE_OBJECT = 1;
    private static final int DACL_SECURITY_INFORMATION = 0x4;
    private static final int PROTECTED_DACL_SECURITY_INFORMATION = 0x80000000;

    @TempDir
    Path temp;

    private Path root;
    private Path directory;
    private Path file;

    @BeforeEach
    void makeRoot() throws IOException {
        WindowsJvm.assumeEnforcing();
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        directory = Files.createDirectory(root.resolve("sub"));
        file = Files.writeString(directory.resolve("file"), "x");
    }

    private ImmutableList<WindowsJvm.Security> security() {
        return ImmutableList.of(WindowsJvm.security(root), WindowsJvm.security(directory), WindowsJvm.security(file));
    }

    private static ImmutableList<String> make(Path made) {
        return ImmutableList.of(
                "cmd.exe",
                "/d",
                "/c",
                "mkdir " + made + "& echo x>" + made + "\\file& echo x>%TEMP%\\moved& move %TEMP%\\moved " + made);
    }

    /** That of a directory whose access list was protected keeps being that. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closingRestoresAccessListsAndLabels(boolean isProtected) throws Exception {
        // given
        if (isProtected) {
            protect(root);
        }
        ImmutableList<WindowsJvm.Security> before = security();
        Path made = root.resolve("made");

        // when
        try (TokenKind.Runner runner = TokenKind.BOTH.open(root)) {
            // positive control: while it is open they are different
            for (int i = 0; i < before.size(); i++) {
                assertThat(security().get(i).descriptor())
                        .isNotEqualTo(before.get(i).descriptor());
                assertThat(security().get(i).label()).isNotEqualTo(before.get(i).label());
            }
            runner.run(make(made));
            assertThat(made.resolve("file")).exists();
            assertThat(made.resolve("moved")).exists();
        }

        // then
        assertThat(security()).isEqualTo(before);
        // and of what the child made nothing says more than of what the user makes
        Path plain = Files.createDirectory(root.resolve("plain"));
        Files.writeString(plain.resolve("file"), "x");
        assertThat(WindowsJvm.security(made)).isEqualTo(WindowsJvm.security(plain));
        assertThat(WindowsJvm.security(made.resolve("file"))).isEqualTo(WindowsJvm.security(plain.resolve("file")));
        assertThat(WindowsJvm.security(made.resolve("moved"))).isEqualTo(WindowsJvm.security(plain.resolve("file")));
    }

    private static void protect(Path directory) {
        PointerByReference descriptor = new PointerByReference();
        PointerByReference dacl = new PointerByReference();
        assertThat(Advapi32.INSTANCE.GetNamedSecurityInfo(
                        directory.toString(),
                        SE_FILE_OBJECT,
                        DACL_SECURITY_INFORMATION,
                        null,
                        null,
                        dacl,
                        null,
                        descriptor))
                .isZero();
        assertThat(Advapi32.INSTANCE.SetNamedSecurityInfo(
                        directory.toString(),
                        SE_FILE_OBJECT,
                        DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                        null,
                        null,
                        dacl.getValue(),
                        null))
                .isZero();
        Kernel32.INSTANCE.LocalFree(descriptor.getValue());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoSandboxesOfWhichOneHasTheGrantShareARoot(boolean hardenedClosesFirst) throws Exception {
        // given
        ImmutableList<WindowsJvm.Security> before = security();
        TokenKind.Runner low = TokenKind.LOW.open(root);
        TokenKind.Runner both = TokenKind.BOTH.open(root);
        try {
            // when
            TokenKind.Runner left;
            if (hardenedClosesFirst) {
                both.close();
                left = low;
            } else {
                low.close();
                left = both;
            }

            // then
            Path written = root.resolve("written");
            left.run(ImmutableList.of("cmd.exe", "/d", "/c", "echo x>" + written));
            assertThat(written).exists();
        } finally {
            low.close();
            both.close();
        }
        assertThat(security()).isEqualTo(before);
    }
}
