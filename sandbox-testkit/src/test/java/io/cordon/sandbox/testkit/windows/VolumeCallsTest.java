package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.plan.LabelChange;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The backend's view of the model: what each call needs, and that it leaves what NTFS would leave. */
@Timeout(60)
final class VolumeCallsTest {
    private static final int LIST = 0x1;
    private static final int READ_CONTROL = 0x20000;
    private static final int WRITE_DAC = 0x40000;
    private static final int WRITE_OWNER = 0x80000;
    private static final int DELETE = 0x10000;
    private static final int SHARE_READ_WRITE = 0x3;
    private static final int SHARE_ALL = 0x7;
    private static final int AS_ITSELF = 0x02200000;
    private static final int FOLLOWING = 0x02000000;

    private final VirtualVolume volume = new VirtualVolume(
            Scenario.sd("O:SYG:SYD:(A;OICI;0x1200a9;;;BU)"),
            new SecurityReferenceMonitor(MonitorSwitches.DEFAULT),
            VolumeSwitches.DEFAULT);
    private final VolumeCalls calls =
            new VolumeCalls(new VirtualHost(volume, Scenario.TOKEN, Scenario.LOGON, Scenario.TEMP));
    private final FileCalls files = calls.files();
    private final TokenCalls tokens = calls.tokens();

    VolumeCallsTest() {
        SecurityDescriptor own = Scenario.sd("O:USERG:USERD:" + Scenario.FULL);
        volume.addDirectory("/me", own);
        volume.addDirectory("/me/ws", own);
        volume.addFile("/me/ws/file", own);
        volume.addHardLink("/me/ws/file", "/me/second");
        volume.addJunction("/me/ws/link", "/me", own);
        volume.addDirectory("/foreign", Scenario.sd("O:SYG:SYD:(A;OICI;FA;;;SY)"));
    }

    @AfterEach
    void everyHandleIsClosed() {
        assertThat(calls.openHandles()).isEmpty();
    }

    private static String extended(String path) {
        return FileTree.extended(VirtualVolume.toPath(path));
    }

    private OwnedHandle open(String path, int access, int share) throws WindowsFailure {
        return files.open(extended(path), access, share, 3, AS_ITSELF);
    }

    private static void fails(int code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WindowsFailure.class,
                        failure -> assertThat(failure.code()).isEqualTo(code));
    }

    @Test
    void theBackendsWalkSeesTheTreeAndDoesNotFollowLinks() throws WindowsFailure {
        List<String> seen = new ArrayList<>();
        FileTree.Visitor<RuntimeException> visitor = new FileTree.Visitor<>() {
            @Override
            public boolean enter(FileTree.Entry entry) {
                seen.add(VirtualVolume.fromPath(FileTree.path(entry.path())));
                return true;
            }

            @Override
            public void failed(String path, WindowsFailure failure) {
                seen.add(path + " " + failure);
            }
        };
        new FileTree(files).walk(extended("/me"), visitor, 0);
        assertThat(seen).containsExactly("/me", "/me/second", "/me/ws", "/me/ws/file", "/me/ws/link");
    }

    @Test
    void allNamesOfAFileHaveOneIdentity() throws WindowsFailure {
        try (OwnedHandle first = open("/me/ws/file", 0, SHARE_ALL);
                OwnedHandle second = open("/me/second", 0, SHARE_ALL)) {
            FileFacts facts = files.facts(first);
            assertThat(facts).isEqualTo(files.facts(second));
            assertThat(facts.links()).isEqualTo(2);
            assertThat(files.finalPath(second)).isEqualTo(extended("/me/second"));
            try (OwnedHandle byId = files.openById(first, facts.fileIndex(), READ_CONTROL, SHARE_ALL, AS_ITSELF)) {
                assertThat(files.facts(byId)).isEqualTo(facts);
            }
            fails(VolumeCalls.ERROR_INVALID_PARAMETER, () -> files.openById(first, 99, 0, SHARE_ALL, AS_ITSELF));
        }
    }

    @Test
    void aLinkIsOpenedAsItselfOnlyOnRequest() throws WindowsFailure {
        try (OwnedHandle itself = open("/me/ws/link", 0, SHARE_ALL);
                OwnedHandle target = files.open(extended("/me/ws/link/second"), 0, SHARE_ALL, 3, FOLLOWING)) {
            assertThat(files.facts(itself).isReparsePoint()).isTrue();
            assertThat(files.finalPath(itself)).isEqualTo(extended("/me/ws/link"));
            assertThat(files.finalPath(target)).isEqualTo(extended("/me/second"));
        }
        fails(WindowsFailure.ERROR_FILE_NOT_FOUND, () -> open("/me/none", 0, SHARE_ALL));
        fails(WindowsFailure.ERROR_PATH_NOT_FOUND, () -> open("/me/none/file", 0, SHARE_ALL));
        assertThat(volume.find("/me/ws/link")).isNotNull();
    }

    @Test
    void whatTheUserHasNoRightToIsDenied() throws WindowsFailure {
        open("/me/ws", WRITE_DAC, SHARE_ALL).close();
        fails(WindowsFailure.ERROR_ACCESS_DENIED, () -> open("/foreign", READ_CONTROL, SHARE_ALL));
        try (OwnedHandle handle = open("/me/ws", READ_CONTROL, SHARE_ALL)) {
            SecurityDescriptor descriptor = files.descriptor(handle);
            fails(WindowsFailure.ERROR_ACCESS_DENIED, () -> files.replaceDacl(handle, descriptor));
            fails(WindowsFailure.ERROR_ACCESS_DENIED, () -> files.list(handle));
        }
        assertThat(calls.mutations()).isEmpty();
    }

    @Test
    void anOwnerWhoIsGrantedNothingCannotOpenWithoutSynchronize() throws WindowsFailure {
        volume.addFile("/me/ws/bare", Scenario.sd("O:USERG:USERD:"));
        assertThat(volume.as(Scenario.TOKEN).has("/me/ws/bare", AccessMask.WRITE_DAC))
                .isTrue();
        fails(WindowsFailure.ERROR_ACCESS_DENIED, () -> open("/me/ws/bare", WRITE_DAC, SHARE_ALL));
    }

    @Test
    void deletingTakesTheRightFromTheDirectoryToo() throws WindowsFailure {
        volume.addFile("/me/ws/kept", Scenario.sd("O:SYG:SYD:(A;;0x1200a9;;;USER)"));
        try (OwnedHandle handle = open("/me/ws/kept", DELETE, SHARE_ALL)) {
            files.delete(handle);
            assertThat(volume.find("/me/ws/kept")).isNotNull();
        }
        assertThat(volume.find("/me/ws/kept")).isNull();
        assertThat(calls.mutations()).extracting(VolumeCalls.Mutation::name).containsExactly("delete");
    }

    @Test
    void labelsAreReplacedUpToTheUsersLevel() throws WindowsFailure {
        SecurityDescriptor before = volume.object("/me/ws").descriptor();
        LabelAce low = new LabelAce(AceFlags.INHERIT, MandatoryLabel.NO_WRITE_UP, IntegrityLevel.LOW);
        LabelAce high = new LabelAce(AceFlags.INHERIT, MandatoryLabel.NO_WRITE_UP, IntegrityLevel.HIGH);
        try (OwnedHandle handle = open("/me/ws", READ_CONTROL | WRITE_OWNER, SHARE_ALL)) {
            SecurityDescriptor labelled = LabelChange.apply(before, low);
            files.replaceLabel(handle, labelled);
            assertThat(files.descriptor(handle)).isEqualTo(labelled);
            fails(
                    VolumeCalls.ERROR_PRIVILEGE_NOT_HELD,
                    () -> files.replaceLabel(handle, LabelChange.apply(before, high)));
            files.replaceLabel(handle, before);
        }
        assertThat(volume.object("/me/ws").descriptor()).isEqualTo(before);
        assertThat(calls.mutations())
                .extracting(VolumeCalls.Mutation::object)
                .containsExactly(
                        volume.object("/me/ws").id(), volume.object("/me/ws").id());
    }

    @Test
    void aHandleThatReadsWithoutSharingDeletionIsAFenceUntilItIsClosed() throws WindowsFailure {
        VolumeSession session = volume.as(Scenario.TOKEN);
        OwnedHandle fence = open("/me/ws", LIST, SHARE_READ_WRITE);
        OwnedHandle second = open("/me/ws", LIST, SHARE_READ_WRITE);
        second.close();

        assertThat(session.rename("/me/ws", "/me/moved", false).status())
                .isEqualTo(VolumeOutcome.Status.SHARING_VIOLATION);
        fails(WindowsFailure.ERROR_SHARING_VIOLATION, () -> open("/me/ws", DELETE, SHARE_ALL));

        fence.close();
        assertThat(session.rename("/me/ws", "/me/moved", false).isDone()).isTrue();
    }

    @Test
    void aHandleThatOnlyReadsAttributesHoldsNothing() throws WindowsFailure {
        try (OwnedHandle handle = open("/me/ws", READ_CONTROL, SHARE_READ_WRITE)) {
            assertThat(files.facts(handle).isDirectory()).isTrue();
            assertThat(volume.as(Scenario.TOKEN)
                            .rename("/me/ws", "/me/moved", false)
                            .isDone())
                    .isTrue();
            assertThat(files.finalPath(handle)).isEqualTo(extended("/me/moved"));
        }
    }

    @Test
    void directoriesInherit() throws WindowsFailure {
        files.createDirectory(extended("/me/ws/new"));
        assertThat(volume.object("/me/ws/new").descriptor().owner()).isEqualTo(Scenario.USER);
        fails(VolumeCalls.ERROR_ALREADY_EXISTS, () -> files.createDirectory(extended("/me/ws/new")));
        fails(WindowsFailure.ERROR_ACCESS_DENIED, () -> files.createDirectory(extended("/foreign/new")));
        fails(WindowsFailure.ERROR_PATH_NOT_FOUND, () -> files.createDirectory(extended("/none/new")));
        assertThat(calls.mutations()).hasSize(1);
    }

    @Test
    void tokensAnswerAsTheMonitorDoes() throws WindowsFailure {
        SecurityDescriptor open = Scenario.sd("O:USERG:USERD:(A;;FA;;;USER)(A;;0x2;;;WD)");
        try (OwnedHandle own = tokens.ownToken();
                OwnedHandle checking = tokens.forChecking(own);
                OwnedHandle restricted = tokens.restrict(own, Optional.of(ImmutableSet.of(WellKnownSids.EVERYONE)));
                OwnedHandle checkingRestricted = tokens.forChecking(restricted)) {
            assertThat(tokens.maximumAccess(checking, open)).isEqualTo(AccessMask.FILE_ALL_ACCESS);
            AccessMask restrictedMaximum = tokens.maximumAccess(checkingRestricted, open);
            assertThat(restrictedMaximum.contains(AccessMask.FILE_WRITE_DATA)).isTrue();
            assertThat(restrictedMaximum.intersects(AccessMask.DELETE)).isFalse();
            fails(1309, () -> tokens.maximumAccess(own, open));
        }
    }

    @Test
    void aHookFailsOrEndsAnyCall() throws WindowsFailure {
        int before = calls.count();
        calls.hook(CallHook.failingAt(before + 1));
        fails(CallHook.CODE, () -> files.createDirectory(extended("/me/ws/new")));
        files.createDirectory(extended("/me/ws/new"));
        calls.hook(CallHook.haltingAt(calls.count() + 1));
        assertThatThrownBy(() -> files.createDirectory(extended("/me/ws/other")))
                .isInstanceOf(CallHook.Halted.class);
        assertThatThrownBy(tokens::ownToken).isInstanceOf(CallHook.Halted.class);
        assertThat(calls.mutations()).hasSize(1);
    }
}
