package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.Lifetime;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Edits that stay when their sandbox is closed. */
@Timeout(60)
final class PersistentRootTest {
    private static final String ROOT = "/me/ws";

    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = HomeDirectory.make();
    }

    @AfterEach
    void deleteHome() throws IOException {
        HomeDirectory.delete(home);
    }

    private EditorRig rig(int files) {
        SecurityDescriptor plain = Scenario.sd("O:USERG:USERD:AI" + Scenario.FULL);
        VirtualVolume volume = new VirtualVolume(
                Scenario.sd("O:SYG:SYD:(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)"),
                new SecurityReferenceMonitor(MonitorSwitches.DEFAULT),
                VolumeSwitches.DEFAULT);
        for (String directory : List.of("/me", "/me/cordon", ROOT, "/me/ws/.git")) {
            volume.addDirectory(directory, plain);
        }
        for (int i = 0; i < files; i++) {
            volume.addFile(ROOT + "/f" + i, plain);
        }
        return new EditorRig(
                new VirtualHost(volume, Scenario.TOKEN, Scenario.LOGON, "/me/cordon/t0"),
                home.resolve(Integer.toString(files)));
    }

    private static SandboxPolicy policy() {
        return SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(VirtualVolume.toPath(ROOT))
                .build();
    }

    private static SandboxPolicy carved() {
        return SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(VirtualVolume.toPath(ROOT))
                .denyWrite(VirtualVolume.toPath("/me/ws/.git"))
                .build();
    }

    private static EditorRig.Sandbox open(EditorRig rig, String name, SandboxPolicy policy, PlanOptions options)
            throws SandboxException {
        return rig.sandbox(name, policy, options).open(Lifetime.PERSISTENT, EditProgress.NONE);
    }

    private static IntegrityLevel level(EditorRig rig, String path) {
        return MandatoryLabel.of(rig.host.volume().object(path).descriptor()).level();
    }

    private int callsOfSecondOpening(int files, PlanOptions options) throws Exception {
        EditorRig rig = rig(files);
        String before = EditorRig.image(rig.host.volume());
        rig.batchSize = 256;
        assertThat(open(rig, "t1", policy(), options).close().left()).isEmpty();
        assertThat(level(rig, ROOT + "/f0")).isEqualTo(options.level());
        String kept = EditorRig.image(rig.host.volume());
        int first = rig.calls.count();

        EditorRig.Sandbox second = open(rig, "t2", policy(), options);
        assertThat(second.plan().edits())
                .filteredOn(edit -> edit.path().equals(VirtualVolume.toPath(ROOT)))
                .allMatch(edit -> edit instanceof Edit.AddAce add && !add.tree());
        assertThat(second.close().left()).isEmpty();
        int calls = rig.calls.count() - first;

        assertThat(EditorRig.image(rig.host.volume())).isEqualTo(kept);
        assertThat(rig.cleanUp(layer -> true).left()).isEmpty();
        assertThat(EditorRig.image(rig.host.volume())).isEqualTo(before);
        assertThat(rig.journal()).isEmpty();
        return calls;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSecondOpeningTakesTheSameCallsWhateverTheSize(boolean restricted) throws Exception {
        PlanOptions options = PlanOptions.DEFAULT.withWriteRestricted(restricted);
        int ten = callsOfSecondOpening(10, options);
        int many = callsOfSecondOpening(300, options);
        System.out.println("native calls of a second opening and its closing: " + ten + " with 10 files, " + many
                + " with 300, write-restricted " + restricted);
        assertThat(many).isEqualTo(ten);
    }

    @Test
    void whatTheChildMadeIsCleanedUpToo() throws Exception {
        // given
        EditorRig rig = rig(3);
        EditorRig.Sandbox sandbox = open(rig, "t1", policy(), PlanOptions.WRITE_RESTRICTED);
        VirtualVolume before = rig.host.volume().copy();
        VirtualToken child = sandbox.host.child(sandbox.plan());
        assertThat(rig.host
                        .volume()
                        .as(child)
                        .createDirectory("/me/ws/made", null)
                        .isDone())
                .isTrue();
        sandbox.close();
        assertThat(level(rig, "/me/ws/made")).isEqualTo(PlanOptions.DEFAULT.level());

        // when
        assertThat(rig.cleanUp(layer -> true).left()).isEmpty();

        // then
        before.paths().values().forEach(id -> before.setDescriptor(id, SecurityDescriptor.EMPTY));
        assertThat(Residue.of(before, rig.host.volume(), sandbox.plan())).isEmpty();
    }

    @Test
    void anotherPolicyReplacesWhatNobodyUses() throws Exception {
        // given
        EditorRig rig = rig(3);
        String before = EditorRig.image(rig.host.volume());
        open(rig, "t1", policy(), PlanOptions.DEFAULT).close();
        assertThat(level(rig, "/me/ws/.git")).isEqualTo(IntegrityLevel.MEDIUM_LOW);

        // when
        EditorRig.Sandbox second = open(rig, "t2", carved(), PlanOptions.DEFAULT);

        // then
        assertThat(level(rig, "/me/ws/.git")).isEqualTo(IntegrityLevel.MEDIUM);
        assertThat(level(rig, "/me/ws/f0")).isEqualTo(IntegrityLevel.MEDIUM_LOW);
        assertThat(second.close().left()).isEmpty();
        assertThat(rig.journal()).hasSize(1);
        assertThat(rig.cleanUp(layer -> true).left()).isEmpty();
        assertThat(EditorRig.image(rig.host.volume())).isEqualTo(before);
        assertThat(rig.journal()).isEmpty();
    }

    @Test
    void anotherPolicyDoesNotReplaceWhatSomebodyUses() throws Exception {
        EditorRig rig = rig(3);
        EditorRig.Sandbox first = open(rig, "t1", policy(), PlanOptions.DEFAULT);
        String image = EditorRig.image(rig.host.volume());

        EditorRig.Sandbox second = rig.sandbox("t2", carved(), PlanOptions.DEFAULT);
        assertThatThrownBy(() -> second.open(Lifetime.PERSISTENT, EditProgress.NONE))
                .isInstanceOfSatisfying(
                        SandboxException.class,
                        refused -> assertThat(refused.code()).isEqualTo(SandboxErrorCode.ROOT_IN_USE));
        second.close();

        assertThat(EditorRig.image(rig.host.volume())).isEqualTo(image);
        assertThat(rig.cleanUp(layer -> true).left()).isEmpty(); // not while it is open
        assertThat(EditorRig.image(rig.host.volume())).isEqualTo(image);
        first.close();
    }

    @Test
    void aPersistentRootMayBeUsedForASession() throws Exception {
        EditorRig rig = rig(3);
        open(rig, "t1", policy(), PlanOptions.DEFAULT).close();
        String kept = EditorRig.image(rig.host.volume());

        EditorRig.Sandbox second =
                rig.sandbox("t2", policy(), PlanOptions.DEFAULT).open();
        assertThat(second.close().left()).isEmpty();

        assertThat(EditorRig.image(rig.host.volume())).isEqualTo(kept);
    }

    @Test
    void whatIsCarvedOutIsProtectedAgainAtTheNextOpening() throws Exception {
        EditorRig rig = rig(3);
        String before = EditorRig.image(rig.host.volume());
        open(rig, "t1", carved(), PlanOptions.DEFAULT).close();
        assertThat(MandatoryLabel.aceOf(rig.host.volume().object("/me/ws/.git").descriptor()))
                .isNull();

        EditorRig.Sandbox second = open(rig, "t2", carved(), PlanOptions.DEFAULT);
        assertThat(MandatoryLabel.aceOf(rig.host.volume().object("/me/ws/.git").descriptor()))
                .isNotNull();
        assertThat(rig.host
                        .volume()
                        .as(second.host.child(second.plan()))
                        .write("/me/ws/f1", "x")
                        .isDone())
                .isTrue();
        rig.host.volume().object("/me/ws/f1").content = "/me/ws/f1";
        second.close();
        assertThat(rig.cleanUp(layer -> true).left()).isEmpty();
        assertThat(EditorRig.image(rig.host.volume())).isEqualTo(before);
    }
}
