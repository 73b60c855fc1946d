package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.PlanEditor;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the opening tells of an object in a protected place that did not take its label, and what the child then does. */
@Timeout(60)
final class ExposedObjectTest {
    private static final String KEPT = "/me/secret/kept";
    private static final String SHUT = "/me/secret/shut";

    private final VirtualVolume volume = new VirtualVolume(
            Scenario.sd("O:SYG:SYD:(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)"),
            new SecurityReferenceMonitor(MonitorSwitches.DEFAULT),
            VolumeSwitches.DEFAULT);
    private Path home;
    private EditorRig.Sandbox sandbox;

    @BeforeEach
    void makeVolume() throws IOException {
        home = HomeDirectory.make();
        SecurityDescriptor plain = Scenario.sd("O:USERG:USERD:AI" + Scenario.FULL);
        for (String directory : List.of("/me", "/me/cordon", "/me/ws", "/me/secret")) {
            volume.addDirectory(directory, plain);
        }
        volume.addFile(KEPT, plain);
        volume.addFile(SHUT, plain);
        EditorRig rig = new EditorRig(new VirtualHost(volume, Scenario.TOKEN, Scenario.LOGON, "/me/cordon/t0"), home);
        sandbox = rig.sandbox(
                "t1",
                SandboxPolicy.builder()
                        .network(NetworkAccess.ALLOWED)
                        .allowWrite(VirtualVolume.toPath("/me/ws"))
                        .denyRead(VirtualVolume.toPath("/me/secret"))
                        .build(),
                PlanOptions.DEFAULT);
    }

    @AfterEach
    void deleteHome() throws Exception {
        sandbox.close();
        HomeDirectory.delete(home);
    }

    private ImmutableList<PlanEditor.Exposed> exposed() throws Exception {
        return sandbox.open().opened().outcome().exposed();
    }

    private VolumeSession child() {
        return volume.as(sandbox.host.child(sandbox.plan()));
    }

    /** Its owner is granted nothing, so that he cannot open it by name; its list he may change, and so may his child. */
    private void shut() {
        VolumeSession user = volume.as(Scenario.TOKEN);
        assertThat(user.setLabel(SHUT, new LabelAce(AceFlags.NONE, MandatoryLabel.NO_WRITE_UP, IntegrityLevel.LOW))
                        .isDone())
                .isTrue();
        assertThat(user.setDacl(SHUT, Acl.EMPTY).isDone()).isTrue();
    }

    @Test
    void whatCannotBeOpenedIsToldAsReadAndAsChanged() throws Exception {
        sandbox.betweenFactsAndEdits = this::shut;
        AccessAce all = AccessAce.allow(AceFlags.NONE, AccessMask.FILE_ALL_ACCESS, Scenario.TOKEN.user());

        assertThat(exposed()).singleElement().satisfies(told -> {
            assertThat(told.object().path())
                    .isEqualTo(VirtualVolume.toPath(SHUT).toString());
            assertThat(told.readable()).isTrue();
            assertThat(told.changeable()).isTrue();
        });
        // and that is the truth
        assertThat(child().read(SHUT).isDone()).isFalse();
        assertThat(child().setDacl(SHUT, Acl.of(all)).isDone()).isTrue();
        assertThat(child().read(SHUT).isDone()).isTrue();
    }

    @Test
    void whatTookItsLabelIsNotTold() throws Exception {
        assertThat(volume.as(Scenario.TOKEN).read(KEPT).isDone()).isTrue();
        assertThat(exposed()).isEmpty();
        assertThat(child().read(KEPT).isDone()).isFalse();
        assertThat(child().write(KEPT, "by the child").isDone()).isFalse();
        assertThat(volume.as(Scenario.TOKEN).write(KEPT, "by the user").isDone())
                .isTrue();
    }
}
