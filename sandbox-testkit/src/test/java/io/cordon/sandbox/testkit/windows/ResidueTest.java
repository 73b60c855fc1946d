package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a child does to its root in order that something of it remains, each with the proof that it can. */
@Timeout(60)
final class ResidueTest {
    private static final LabelAce UNTRUSTED = new LabelAce(AceFlags.INHERIT, AccessMask.NONE, new IntegrityLevel(0));

    private final EditorRig rig;
    private final VirtualVolume volume;
    private final VirtualVolume before;
    private final Path home;
    private EditorRig.Sandbox sandbox;
    private VolumeSession child;

    ResidueTest() throws IOException {
        home = HomeDirectory.make();
        rig = new EditorRig(EveryEdit.host(false), home);
        volume = rig.host.volume();
        before = volume.copy();
        sandbox = rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(true));
        child = volume.as(Scenario.TOKEN);
    }

    @BeforeEach
    void open() throws Exception {
        sandbox.open();
        child = volume.as(sandbox.host.child(sandbox.plan()));
    }

    @AfterEach
    void nothingRemains() throws Exception {
        try {
            assertThat(sandbox.close().left()).isEmpty();
            assertThat(Residue.of(before, volume, sandbox.plan())).isEmpty();
            assertThat(rig.journal()).isEmpty();
            assertThat(rig.calls.openHandles()).isEmpty();
        } finally {
            HomeDirectory.delete(home);
        }
    }

    /** A child that may change labels and lists of what is its user's. */
    private void openUnrestricted() throws Exception {
        assertThat(sandbox.close().left()).isEmpty();
        sandbox = rig.sandbox("t2", EveryEdit.policy(), EveryEdit.options(false));
        open();
    }

    private static void done(VolumeOutcome outcome) {
        assertThat(outcome.isDone()).as(outcome.toString()).isTrue();
    }

    private Sid capability() {
        return sandbox.plan().token().restricting().orElseThrow().stream()
                .filter(sid -> sid.toString().startsWith("S-1-5-21-7001-"))
                .findFirst()
                .orElseThrow();
    }

    private @Nullable LabelAce label(String path) {
        return MandatoryLabel.aceOf(volume.object(path).descriptor());
    }

    @Test
    void lowersTheLabelOfItsRoot() throws Exception {
        openUnrestricted();
        done(child.setLabel("/me/ws", UNTRUSTED));
    }

    @Test
    void lowersTheLabelOfAFileThatHadOne() throws Exception {
        openUnrestricted();
        done(child.setLabel("/me/ws/labelled", UNTRUSTED));
        sandbox.close();
        assertThat(label("/me/ws/labelled"))
                .isEqualTo(MandatoryLabel.aceOf(before.object("/me/ws/labelled").descriptor()));
    }

    @Test
    void grantsItsOwnCapabilityWhatNoPlanGrants() {
        String all = Scenario.FULL + "(A;;FA;;;" + capability() + ")(A;OICIIO;GA;;;" + capability() + ")";
        done(child.createFile("/me/ws/src/made", Scenario.acl("D:" + all)));
    }

    @Test
    void leavesItsUserNothingButItsOwnCapability() {
        String own = "(A;;0x1f01ff;;;USER)(A;;FA;;;" + capability() + ")";
        done(child.createFile("/me/ws/src/made", Scenario.acl("D:" + own)));
    }

    @Test
    void putsItsOwnFileInThePlaceOfOneThatTheUserMayNotOpen() throws Exception {
        // given a file that nobody can label
        assertThat(sandbox.close().left()).isEmpty();
        volume.addFile("/me/ws/src/foreign", Scenario.sd("O:SYG:SYD:(A;;FA;;;SY)"));
        openUnrestricted();
        assertThat(sandbox.opened().outcome().unreached())
                .extracting(object -> object.path())
                .contains(VirtualVolume.toPath("/me/ws/src/foreign").toString());

        // when
        done(child.delete("/me/ws/src/foreign"));
        done(child.createFile("/me/ws/src/foreign", null));

        // then
        assertThat(label("/me/ws/src/foreign")).isNotNull();
    }

    @Test
    void movesWhatIsThereSoThatItsPathLeadsToSomethingElse() {
        done(child.rename("/me/ws/labelled", "/me/ws/src/moved", false));
        done(child.rename("/me/ws/src/main", "/me/ws/labelled", false));
        done(child.createFile("/me/ws/src/main", null));
    }

    @Test
    void putsAJunctionInThePlaceOfADirectory() {
        done(child.rename("/me/ws/modify", "/me/ws/src/moved", false));
        done(child.createDirectory("/me/ws/modify", null));
        done(child.makeJunction("/me/ws/modify", "/me/secret"));
        SecurityDescriptor key = volume.object("/me/secret/key").descriptor();
        assertThat(MandatoryLabel.aceOf(key)).isNotNull();
    }

    @Test
    void givesAFileASecondName() {
        done(child.hardLink("/me/ws/src/main", "/me/ws/src/second"));
        done(child.delete("/me/ws/src/main"));
        done(child.createFile("/me/ws/src/made", null));
        done(child.hardLink("/me/ws/src/made", "/me/cordon/t1/second"));
    }

    @Test
    void putsANameOfAFileElsewhereIntoItsRoot() throws Exception {
        // given a low file that the user alone can write, and a Windows that asks for nothing
        openUnrestricted();
        LabelAce low = new LabelAce(AceFlags.NONE, MandatoryLabel.NO_WRITE_UP, IntegrityLevel.LOW);
        SecurityDescriptor descriptor = Scenario.sd("O:SYG:SYD:(A;;FA;;;USER)").withSacl(Acl.of(low));
        VirtualObject file = volume.addFile("/me/elsewhere", descriptor);

        // when
        volume.addHardLink("/me/elsewhere", "/me/ws/src/elsewhere");
        assertThat(sandbox.close().left()).isEmpty();

        // then
        assertThat(file.descriptor()).isEqualTo(descriptor);
        volume.setDescriptor(file.id(), SecurityDescriptor.EMPTY);
    }

    @Test
    void makesAWholeTree() {
        for (String path : new String[] {"/me/ws/a", "/me/ws/a/b", "/me/ws/a/b/c"}) {
            done(child.createDirectory(path, null));
            done(child.createFile(path + "/file", null));
        }
        LabelAce label = Objects.requireNonNull(label("/me/ws/a/b/c/file"));
        assertThat(label.level()).isEqualTo(PlanOptions.DEFAULT.level());
    }
}
