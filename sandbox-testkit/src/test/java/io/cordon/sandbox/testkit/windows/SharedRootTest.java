package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several sandboxes of one user on one root, or on roots in each other. */
@Timeout(60)
final class SharedRootTest {
    private static final String OUTER = "/me/ws";
    private static final String INNER = "/me/ws/inner";

    private Path home;
    private EditorRig rig;
    private VirtualVolume volume;
    private String before;

    @BeforeEach
    void makeVolume() throws IOException {
        home = HomeDirectory.make();
        SecurityDescriptor plain = Scenario.sd("O:USERG:USERD:AI" + Scenario.FULL);
        volume = new VirtualVolume(
                Scenario.sd("O:SYG:SYD:(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)"),
                new SecurityReferenceMonitor(MonitorSwitches.DEFAULT),
                VolumeSwitches.DEFAULT);
        for (String directory : List.of("/me", "/me/cordon", OUTER, INNER, "/me/ws/.git", "/me/ws/inner/deep")) {
            volume.addDirectory(directory, plain);
        }
        volume.addFile("/me/ws/file", plain);
        volume.addFile("/me/ws/inner/file", plain);
        volume.addFile("/me/ws/.git/config", plain);
        rig = new EditorRig(new VirtualHost(volume, Scenario.TOKEN, Scenario.LOGON, "/me/cordon/t0"), home);
        before = EditorRig.image(volume);
    }

    @AfterEach
    void deleteHome() throws IOException {
        assertThat(rig.calls.openHandles()).isEmpty();
        HomeDirectory.delete(home);
    }

    private static SandboxPolicy policy(String root, UnaryOperator<SandboxPolicy.Builder> more) {
        SandboxPolicy.Builder builder =
                SandboxPolicy.builder().network(NetworkAccess.ALLOWED).allowWrite(VirtualVolume.toPath(root));
        return more.apply(builder).build();
    }

    private EditorRig.Sandbox sandbox(String name, String root, boolean restricted) {
        return rig.sandbox(name, policy(root, more -> more), PlanOptions.DEFAULT.withWriteRestricted(restricted));
    }

    private boolean writes(EditorRig.Sandbox sandbox, String file) {
        return volume.as(sandbox.host.child(sandbox.plan()))
                .write(file, "by the child")
                .isDone();
    }

    private void assertRestored() throws IOException {
        assertThat(EditorRig.image(volume).lines())
                .containsExactlyElementsOf(before.lines().toList());
        assertThat(rig.journal()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSecondSandboxOnARootEditsNothingInIt(boolean restricted) throws Exception {
        // given
        EditorRig.Sandbox first = sandbox("t1", OUTER, restricted).open();
        EditorRig.Sandbox second = sandbox("t2", OUTER, restricted).open();

        // then
        assertThat(second.plan().edits())
                .extracting(Edit::path)
                .doesNotContain(VirtualVolume.toPath(OUTER))
                .contains(VirtualVolume.toPath("/me/cordon/t2"));
        VolumeSession user = volume.as(Scenario.TOKEN);
        assertThat(writes(first, "/me/ws/file")).isTrue();
        assertThat(writes(second, "/me/ws/file")).isTrue();
        volume.object("/me/ws/file").content = "/me/ws/file";

        // when
        assertThat(first.close().left()).isEmpty();

        // then
        assertThat(writes(second, "/me/ws/inner/file")).isTrue();
        assertThat(user.write("/me/ws/inner/file", "/me/ws/inner/file").isDone())
                .isTrue();
        assertThat(second.close().left()).isEmpty();
        assertRestored();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void rootsInEachOtherAreRestoredInAnyOrder(int order) throws Exception {
        // given
        boolean innerFirst = (order & 1) != 0;
        boolean firstClosesFirst = (order & 2) != 0;
        boolean restricted = (order & 4) != 0;
        List<EditorRig.Sandbox> opened = new ArrayList<>();
        opened.add(sandbox("t1", innerFirst ? INNER : OUTER, restricted).open());
        opened.add(sandbox("t2", innerFirst ? OUTER : INNER, restricted).open());

        // then
        for (EditorRig.Sandbox each : opened) {
            assertThat(writes(each, "/me/ws/inner/file")).isTrue();
        }
        volume.object("/me/ws/inner/file").content = "/me/ws/inner/file";

        // when
        EditorRig.Sandbox closed = opened.remove(firstClosesFirst ? 0 : 1);
        assertThat(closed.close().left()).isEmpty();

        // then
        assertThat(writes(opened.get(0), "/me/ws/inner/file")).isTrue();
        volume.object("/me/ws/inner/file").content = "/me/ws/inner/file";
        assertThat(opened.get(0).close().left()).isEmpty();
        assertRestored();
    }

    private interface Rules extends UnaryOperator<SandboxPolicy.Builder> {}

    private void assertInUse(EditorRig.Sandbox first, EditorRig.Sandbox second, String path) throws Exception {
        first.open();
        String image = EditorRig.image(volume);

        assertThatThrownBy(second::open)
                .isInstanceOfSatisfying(
                        SandboxException.class,
                        refused -> assertThat(refused.code()).isEqualTo(SandboxErrorCode.ROOT_IN_USE))
                .hasMessageContaining(VirtualVolume.toPath(path).toString())
                .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
        second.close();

        assertThat(EditorRig.image(volume)).isEqualTo(image);
        first.close();
        assertRestored();
        second = rig.sandbox("t3", second.policy, second.options).open(); // the control: alone it is possible
        second.close();
        assertRestored();
    }

    private EditorRig.Sandbox carved(String name, String root, String carveOut) {
        Rules rules = builder -> builder.denyWrite(VirtualVolume.toPath(carveOut));
        return rig.sandbox(name, policy(root, rules), PlanOptions.DEFAULT);
    }

    @Test
    void aRootThatAnotherSandboxCarvesInto() throws Exception {
        assertInUse(carved("t1", OUTER, "/me/ws/.git"), sandbox("t2", OUTER, false), "/me/ws/.git");
    }

    @Test
    void aCarveOutInTheRootOfAnotherSandbox() throws Exception {
        assertInUse(sandbox("t1", OUTER, false), carved("t2", OUTER, "/me/ws/.git"), "/me/ws/.git");
    }

    @Test
    void aRootInTheCarveOutOfAnotherSandbox() throws Exception {
        assertInUse(carved("t1", OUTER, INNER), sandbox("t2", "/me/ws/inner/deep", false), "/me/ws/inner/deep");
    }

    @Test
    void aCarveOutAroundTheRootOfAnotherSandbox() throws Exception {
        assertInUse(sandbox("t1", "/me/ws/inner/deep", false), carved("t2", OUTER, INNER), "/me/ws/inner/deep");
    }

    @Test
    void aRootOfAnotherLevel() throws Exception {
        PlanOptions low = new PlanOptions(
                IntegrityLevel.LOW,
                false,
                PlanOptions.HardLinks.REFUSE,
                PlanOptions.ExposedPlaces.SHIELD,
                false,
                Lifetime.SESSION,
                false);
        assertInUse(sandbox("t1", OUTER, false), rig.sandbox("t2", policy(OUTER, more -> more), low), OUTER);
    }

    @Test
    void whoCancelsLeavesNothingBehind() throws Exception {
        // given
        int[] seen = new int[1];
        EditorRig.Sandbox sandbox = sandbox("t1", OUTER, true);

        // when
        assertThatThrownBy(() -> sandbox.open(Lifetime.SESSION, path -> {
                    if (++seen[0] == 9) {
                        throw new SandboxException(SandboxErrorCode.PREPARE_FAILED, "cancelled at " + path);
                    }
                }))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining("cancelled at ");

        // then
        assertThat(rig.calls.openHandles()).isEmpty();
        assertThat(rig.calls.mutations()).isNotEmpty();
        assertThat(sandbox.close().left()).isEmpty();
        assertRestored();
    }
}
