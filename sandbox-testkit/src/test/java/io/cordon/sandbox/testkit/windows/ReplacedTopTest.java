package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.plan.Lifetime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody swaps an object between the look at it and the edit. */
@Timeout(60)
final class ReplacedTopTest {
    private Path home;
    private EditorRig rig;
    private VirtualVolume volume;

    @BeforeEach
    void makeHome() throws IOException {
        home = HomeDirectory.make();
        rig = new EditorRig(EveryEdit.host(true), home);
        volume = rig.host.volume();
    }

    @AfterEach
    void deleteHome() throws IOException {
        HomeDirectory.delete(home);
    }

    /** What becomes of the object that is moved away. */
    enum Replacement {
        NOTHING,
        DIRECTORY,
        JUNCTION_TO_IT,
        JUNCTION_ELSEWHERE
    }

    static Stream<Arguments> swaps() {
        return Stream.of("/me/ws", "/me/ws/.git", "/me/secret", "/me/ws/src", "/me/locallow")
                .flatMap(path -> Stream.of(Replacement.values()).map(by -> Arguments.of(path, by)));
    }

    private void swap(String path, Replacement by) {
        VolumeSession user = volume.as(Scenario.TOKEN);
        assertThat(user.rename(path, "/me/elsewhere", false).isDone()).isTrue();
        switch (by) {
            case NOTHING -> {}
            case DIRECTORY ->
                assertThat(user.createDirectory(path, null).isDone()).isTrue();
            case JUNCTION_TO_IT, JUNCTION_ELSEWHERE -> {
                assertThat(user.createDirectory(path, null).isDone()).isTrue();
                String target = by == Replacement.JUNCTION_TO_IT ? "/me/elsewhere" : "/me/cordon";
                assertThat(user.makeJunction(path, target).isDone()).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("swaps")
    void aTopThatWasSwappedIsRefused(String path, Replacement by) throws Exception {
        // given
        EditorRig.Sandbox sandbox = rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(false));
        String[] swapped = new String[1];
        sandbox.betweenFactsAndEdits = () -> {
            swap(path, by);
            swapped[0] = EditorRig.image(volume);
        };

        // when
        assertThatThrownBy(() -> sandbox.open(Lifetime.SESSION, EditProgress.NONE))
                .isInstanceOfSatisfying(
                        SandboxException.class,
                        refused -> assertThat(refused.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED))
                .hasMessageContaining(VirtualVolume.toPath(path).toString());

        // then
        assertThat(rig.calls.openHandles()).isEmpty();
        assertThat(sandbox.close().left()).isEmpty();
        assertThat(EditorRig.image(volume).lines())
                .containsExactlyElementsOf(swapped[0].lines().toList());
        assertThat(rig.journal()).isEmpty();
    }

    @Test
    void aDirectoryThatSomebodyElseMakesFirstIsHis() throws Exception {
        for (String path : List.of("/me/cordon/t1", "/me/ws/src/absent")) {
            EditorRig.Sandbox sandbox = rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(false));
            sandbox.betweenFactsAndEdits = () -> assertThat(volume.as(Scenario.TOKEN)
                            .createDirectory(path, null)
                            .isDone())
                    .isTrue();

            assertThatThrownBy(sandbox::open)
                    .isInstanceOf(SandboxException.class)
                    .hasMessageContaining(path);
            assertThat(sandbox.close().left()).isEmpty();

            assertThat(volume.find(path)).as(path).isNotNull();
            assertThat(volume.as(Scenario.TOKEN).delete(path).isDone()).isTrue();
        }
    }

    @Test
    void nobodyMovesTheDirectoryInWhichOneIsMade() throws Exception {
        // given
        EditorRig.Sandbox sandbox = rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(false));
        List<VolumeOutcome.Status> moved = new ArrayList<>();
        rig.calls.hook((number, name) -> {
            if (name.equals("createDirectory") && volume.find("/me/cordon/t1") != null) {
                moved.add(volume.as(Scenario.TOKEN)
                        .rename("/me/ws/src", "/me/elsewhere", false)
                        .status());
            }
        });

        // when
        sandbox.open();

        // then
        assertThat(moved).containsExactly(VolumeOutcome.Status.SHARING_VIOLATION);
        assertThat(volume.find("/me/ws/src/absent")).isNotNull();
        rig.calls.hook(CallHook.NONE);
        assertThat(sandbox.close().left()).isEmpty();
    }

    @Test
    void whatIsDeletedOutsideOfTheRootsNeedsNoProtection() throws Exception {
        EditorRig.Sandbox sandbox = rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(false));
        sandbox.betweenFactsAndEdits = () -> assertThat(
                        volume.as(Scenario.TOKEN).delete("/me/locallow").isDone())
                .isTrue();
        sandbox.open();
        assertThat(sandbox.close().left()).isEmpty();
        assertThat(rig.journal()).isEmpty();
    }
}
