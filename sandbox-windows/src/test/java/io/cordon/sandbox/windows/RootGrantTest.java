package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.FileCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a fake of Windows: the entry comes where Windows wants it, and goes with all else left as it is. */
@Timeout(60)
class RootGrantTest {
    private static final Path ROOT = Path.of("root");
    private static final int ACCESS = FileTree.READ_CONTROL | 0x00040000; // WRITE_DAC
    private static final AccessAce DENIED = AccessAce.deny(AccessMask.DELETE, WellKnownSids.EVERYONE);
    private static final AccessAce ALLOWED = AccessAce.allow(AccessMask.FILE_GENERIC_READ, WellKnownSids.EVERYONE);

    @TempDir
    Path home;

    private CapabilitySids sids;

    @BeforeEach
    void makeSecret() throws Exception {
        sids = CapabilitySids.of(home);
    }

    private static FakeWindows windows(Acl dacl) throws Exception {
        FakeWindows windows = new FakeWindows();
        windows.files().putDirectory("root");
        FileCalls files = windows.calls().files();
        try (FileTree.Entry entry = new FileTree(files).open(FileTree.extended(ROOT), ACCESS)) {
            files.setDacl(entry.handle(), dacl.encode());
        }
        return windows;
    }

    private static Acl dacl(FakeWindows windows) throws Exception {
        FileCalls files = windows.calls().files();
        try (FileTree.Entry entry = new FileTree(files).open(FileTree.extended(ROOT), ACCESS)) {
            return Acl.decode(files.dacl(entry.handle()));
        }
    }

    @Test
    void theEntryComesBehindDenialsAndNothingElseChanges() throws Exception {
        FakeWindows windows = windows(Acl.of(DENIED, ALLOWED));

        RootGrant grant = RootGrant.apply(windows.calls().files(), sids, ROOT);

        assertThat(dacl(windows).aces()).hasSize(3).startsWith(DENIED).endsWith(ALLOWED);
        assertThat(dacl(windows).aces().get(1)).isInstanceOfSatisfying(AccessAce.class, entry -> {
            assertThat(entry.sid()).isEqualTo(grant.sid());
            assertThat(entry.flags()).isEqualTo(AceFlags.INHERIT);
            assertThat(entry.mask())
                    .isEqualTo(AccessMask.of(0x001301BF)); // not FILE_DELETE_CHILD, WRITE_DAC, WRITE_OWNER
        });
        grant.withdraw();
        assertThat(dacl(windows)).isEqualTo(Acl.of(DENIED, ALLOWED));
    }

    @Test
    void whatOthersAddedMeanwhileStays() throws Exception {
        FakeWindows windows = windows(Acl.of(ALLOWED));
        RootGrant grant = RootGrant.apply(windows.calls().files(), sids, ROOT);
        List<Ace> aces = new ArrayList<>(dacl(windows).aces());
        aces.add(0, DENIED);
        FileCalls files = windows.calls().files();
        try (FileTree.Entry entry = new FileTree(files).open(FileTree.extended(ROOT), ACCESS)) {
            files.setDacl(entry.handle(), Acl.of(aces).encode());
        }

        grant.withdraw();

        assertThat(dacl(windows)).isEqualTo(Acl.of(DENIED, ALLOWED));
    }

    /** A grant can be handed on to a part of a tree before a file is met that takes none: that is failing halfway. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whicheverCallOfGrantingFailsTheListIsAsBefore(boolean halfway) throws Exception {
        FaultInjection none = new FaultInjection(0);
        RootGrant.apply(none.around(windows(Acl.of(ALLOWED)).calls()).files(), sids, ROOT);
        assertThat(none.count()).isGreaterThan(3);

        for (int n = 1; n <= none.count(); n++) {
            FakeWindows windows = windows(Acl.of(ALLOWED));
            FaultInjection faults = halfway ? FaultInjection.halfway(n) : new FaultInjection(n);
            SandboxException failure = catchThrowableOfType(
                    SandboxException.class,
                    () -> RootGrant.apply(faults.around(windows.calls()).files(), sids, ROOT));

            String when = "with call " + n + " failed: " + faults.failed();
            assertThat(failure).as(when).hasMessageContaining("31");
            assertThat(dacl(windows)).as(when).isEqualTo(Acl.of(ALLOWED));
            assertThat(windows.left()).as(when).isEmpty();
            assertThat(windows.misuse()).as(when).isEmpty();
        }
    }

    @Test
    void aListThatIsFullIsNamed() throws Exception {
        List<Ace> aces = new ArrayList<>();
        int entries = 0xFFFC
                / AccessAce.allow(AccessMask.DELETE, Sid.of(5, 21, 1, 2, 3, 4)).length();
        for (int i = 0; i < entries; i++) {
            aces.add(AccessAce.allow(AccessMask.DELETE, Sid.of(5, 21, 1, 2, 3, i)));
        }
        FakeWindows windows = windows(Acl.of(aces));

        SandboxException refused = catchThrowableOfType(
                SandboxException.class, () -> RootGrant.apply(windows.calls().files(), sids, ROOT));

        assertThat(refused.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
        assertThat(refused).hasMessageContaining("allowWrite(root)").hasMessageContaining("65532 bytes");
        assertThat(windows.left()).isEmpty();
    }
}
