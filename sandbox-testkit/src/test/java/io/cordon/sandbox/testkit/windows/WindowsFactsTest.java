package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.facts.CollectedFacts;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The backend's collector on the model: what it does about failures, refusals, records and races. */
@Timeout(120)
final class WindowsFactsTest {
    private static final SecurityDescriptor OWN = Scenario.sd("O:USERG:USERD:" + Scenario.FULL);

    /** What the user can neither open nor list. */
    private static final SecurityDescriptor CLOSED = Scenario.sd("O:SYG:SYD:");

    private final VirtualVolume volume = new VirtualVolume(
            Scenario.sd("O:SYG:SYD:(A;OICI;0x1200a9;;;BU)"),
            new SecurityReferenceMonitor(MonitorSwitches.DEFAULT),
            VolumeSwitches.DEFAULT);
    private final VirtualHost host = new VirtualHost(volume, Scenario.TOKEN, Scenario.LOGON, Scenario.TEMP);
    private final VolumeCalls calls = new VolumeCalls(host);

    WindowsFactsTest() {
        for (String directory : List.of("/me", "/me/ws", "/me/ws/.git", "/me/ws/secret", "/me/cordon", "/me/docs")) {
            volume.addDirectory(directory, OWN);
        }
        volume.addFile("/me/ws/code", OWN);
        volume.addFile("/me/ws/.git/config", OWN);
        volume.addFile("/me/ws/secret/key", OWN);
        volume.addFile("/me/docs/notes", OWN);
        volume.addDirectory("/me/low", Scenario.sd("O:USERG:USERD:" + Scenario.FULL + "S:(ML;OICI;NW;;;LW)"));
    }

    private static SandboxPolicy policy() {
        return SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(path("/me/ws"))
                .denyWrite(path("/me/ws/.git"))
                .denyWrite(path("/me/ws/absent"))
                .denyRead(path("/me/ws/secret"))
                .build();
    }

    private static Path path(String path) {
        return VirtualVolume.toPath(path);
    }

    private CollectedFacts collect(PlanOptions options) throws SandboxException {
        return CollectedOnModel.collect(calls, policy(), options);
    }

    private TreeFacts tree(CollectedFacts collected, String top) {
        return Objects.requireNonNull(collected.facts().trees().get(path(top)));
    }

    @Test
    void whatIsThereIsFoundAndCounted() throws SandboxException {
        CollectedFacts collected = collect(PlanOptions.DEFAULT);

        assertThat(collected.facts().objects())
                .containsOnlyKeys(path("/me/ws"), path("/me/ws/.git"), path("/me/ws/secret"));
        assertThat(collected.facts().makeable()).containsExactly(path("/me/ws/absent"));
        assertThat(collected.facts().exposed()).extracting(ObjectFacts::path).containsExactly(path("/me/low"));
        assertThat(collected.objects())
                .containsEntry(path("/me/ws"), 2L)
                .containsEntry(path("/me/ws/.git"), 2L)
                .containsEntry(path("/me/ws/secret"), 2L);
        assertThat(collected.total()).isEqualTo(6);
        assertThat(collected.facts().unsearched()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whateverCallFailsNoHandleStaysOpen(boolean hardened) throws SandboxException {
        PlanOptions options = PlanOptions.DEFAULT.withWriteRestricted(hardened);
        volume.addHardLink("/me/docs/notes", "/me/ws/linked");
        volume.addJunction("/me/ws/junction", "/me/docs", OWN);
        collect(options);
        int needed = calls.count();
        assertThat(needed).isGreaterThan(50);
        for (int n = 1; n <= needed; n++) {
            calls.hook(CallHook.failingAt(calls.count() + n));
            int number = n;
            assertThatThrownBy(() -> collect(options))
                    .as(() -> "call " + number)
                    .isInstanceOfSatisfying(
                            SandboxException.class,
                            e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED))
                    .hasMessageContaining("injected")
                    .hasMessageContaining("leave the path out of the policy");
            assertThat(calls.openHandles()).as(() -> "call " + number).isEmpty();
        }
        calls.hook(CallHook.NONE);
        collect(options);
        assertThat(calls.mutations()).isEmpty();
    }

    @Test
    void whoeverWatchesIsToldOfEveryObjectAndCanCancel() throws SandboxException {
        List<Path> told = new ArrayList<>();
        CollectedOnModel.collect(
                calls, policy(), PlanOptions.DEFAULT, RecordedTrees.NONE, each -> told.add(Path.of(each)));
        assertThat(told)
                .contains(path("/me/ws"), path("/me/ws/code"), path("/me/ws/.git/config"), path("/me/ws/secret/key"));
        for (int n = 1; n <= told.size(); n++) {
            int[] left = {n};
            EditProgress cancels = current -> {
                if (--left[0] == 0) {
                    throw new SandboxException(SandboxErrorCode.PREPARE_FAILED, "cancelled at " + current);
                }
            };
            assertThatThrownBy(() ->
                            CollectedOnModel.collect(calls, policy(), PlanOptions.DEFAULT, RecordedTrees.NONE, cancels))
                    .hasMessageContaining("cancelled at");
            assertThat(calls.openHandles()).isEmpty();
        }
    }

    private int callsOf(RecordedTrees recorded) throws SandboxException {
        int before = calls.count();
        SandboxPolicy root = SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(path("/me/ws"))
                .denyWrite(path("/me/ws/.git"))
                .build();
        CollectedOnModel.collect(calls, root, PlanOptions.DEFAULT, recorded, EditProgress.NONE);
        return calls.count() - before;
    }

    @Test
    void aRecordedTreeIsNotGoneThroughAgain() throws SandboxException {
        RecordedTrees all = new RecordedTrees() {
            @Override
            public Optional<TreeFacts> facts(FileId top, String shape) {
                return Optional.of(TreeFacts.PLAIN);
            }

            @Override
            public boolean isOpened(FileId directory) {
                return true;
            }
        };
        int few = callsOf(all);
        int fewWalked = callsOf(RecordedTrees.NONE);
        for (int i = 0; i < 100; i++) {
            volume.addFile("/me/ws/file" + i, OWN);
            volume.addFile("/me/ws/.git/file" + i, OWN);
        }
        assertThat(callsOf(RecordedTrees.NONE)).isGreaterThan(fewWalked + 200);
        assertThat(callsOf(all)).isEqualTo(few);
    }

    @Test
    void whatIsRecordedOfAnotherShapeIsNone() throws SandboxException {
        String shape = collect(PlanOptions.DEFAULT).shape();
        assertThat(collect(PlanOptions.DEFAULT).shape()).isEqualTo(shape);
        assertThat(collect(PlanOptions.WRITE_RESTRICTED).shape()).isNotEqualTo(shape);
        SandboxPolicy other = SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(path("/me/ws"))
                .build();
        assertThat(CollectedOnModel.collect(calls, other, PlanOptions.DEFAULT).shape())
                .isNotEqualTo(shape);
    }

    @Test
    void anotherSandboxesRootIsNotExposed() throws SandboxException {
        long other = volume.object("/me/low").id();
        RecordedTrees recorded = new RecordedTrees() {
            @Override
            public Optional<TreeFacts> facts(FileId top, String shape) {
                return Optional.empty();
            }

            @Override
            public boolean isOpened(FileId directory) {
                return directory.index() == other;
            }
        };
        CollectedFacts collected =
                CollectedOnModel.collect(calls, policy(), PlanOptions.DEFAULT, recorded, EditProgress.NONE);
        assertThat(collected.facts().exposed()).isEmpty();
    }

    @Test
    void whatTheUserCannotLookAtInACarveOutIsNotSilentlyTakenForProtected() throws SandboxException {
        volume.addDirectory("/me/ws/.git/closed", CLOSED);
        volume.addDirectory("/me/ws/secret/closed", CLOSED);
        CollectedFacts collected = collect(PlanOptions.DEFAULT);
        assertThat(tree(collected, "/me/ws/.git").unprotectable()).containsExactly(path("/me/ws/.git/closed"));
        assertThat(tree(collected, "/me/ws/secret").unprotectable()).containsExactly(path("/me/ws/secret/closed"));
        assertThat(WindowsPlanner.plan(policy(), collected.facts())).isInstanceOf(PlanResult.Refused.class);
    }

    @Test
    void aCarveOutThatCannotBeOpenedIsRefusedAndNotTakenForMissing() throws SandboxException {
        volume.addDirectory("/me/ws/absent", CLOSED);
        CollectedFacts collected = collect(PlanOptions.DEFAULT);
        assertThat(WindowsPlanner.plan(policy(), collected.facts()))
                .isInstanceOfSatisfying(
                        PlanResult.Refused.class,
                        refused -> assertThat(refused.toString()).contains("absent"));
    }

    @Test
    void aRootThatCannotBeOpenedIsNamedWithTheRemedy() {
        volume.addDirectory("/me/closed", CLOSED);
        SandboxPolicy closed = SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .allowWrite(path("/me/closed"))
                .build();
        assertThatThrownBy(() -> CollectedOnModel.collect(calls, closed, PlanOptions.DEFAULT))
                .isInstanceOf(SandboxException.class)
                .hasMessageContaining(path("/me/closed").toString())
                .hasMessageContaining("Full control");
    }

    @Test
    void whatCannotBeListedOutsideIsSaid() throws SandboxException {
        volume.addDirectory("/me/closed", CLOSED);
        assertThat(collect(PlanOptions.DEFAULT).facts().unsearched()).containsExactly(path("/me/closed"));
    }

    @Test
    void noIsolationIsClaimedOverWhatCannotBeLookedAt() throws SandboxException {
        assertThat(tree(collect(PlanOptions.WRITE_RESTRICTED), "/me/ws").sharedWritable())
                .isFalse();
        volume.addDirectory("/me/ws/closed", CLOSED);
        assertThat(tree(collect(PlanOptions.WRITE_RESTRICTED), "/me/ws").sharedWritable())
                .isTrue();
    }

    @Test
    void aFileWithANameOutsideIsFoundAndOneWithAllItsNamesInsideIsNot() throws SandboxException {
        volume.addHardLink("/me/docs/notes", "/me/ws/escapes");
        volume.addHardLink("/me/ws/code", "/me/ws/twin");
        assertThat(tree(collect(PlanOptions.DEFAULT), "/me/ws").hardLinks())
                .extracting(ObjectFacts::path)
                .containsExactly(path("/me/ws/escapes"));
    }

    /** Somebody puts a link in the place of a directory, or takes it away, before any one of the calls. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingIsFollowedWhenTheTreeChangesUnderTheWalk(boolean link) throws SandboxException {
        volume.addDirectory("/me/ws/victim", OWN);
        volume.addFile("/me/ws/victim/file", OWN);
        volume.addFile("/me/docs/elsewhere", OWN);
        collect(PlanOptions.DEFAULT);
        int needed = calls.count();
        for (int n = 1; n <= needed; n++) {
            VirtualHost copy = host.on(volume.copy());
            VolumeCalls racing = new VolumeCalls(copy);
            int number = n;
            racing.hook((call, name) -> {
                if (call == number) {
                    VolumeSession session = copy.volume().as(Scenario.TOKEN);
                    assertThat(session.delete("/me/ws/victim/file").isDone()).isTrue();
                    assertThat(session.delete("/me/ws/victim").isDone()).isTrue();
                    if (link) {
                        copy.volume().addJunction("/me/ws/victim", "/me/docs", OWN);
                    }
                }
            });
            List<Path> told = new ArrayList<>();
            try {
                CollectedFacts collected = CollectedOnModel.collect(
                        racing, policy(), PlanOptions.DEFAULT, RecordedTrees.NONE, each -> told.add(Path.of(each)));
                assertThat(collected.facts().trees().keySet())
                        .containsExactlyInAnyOrder(
                                path("/me/ws"),
                                path("/me/ws/.git"),
                                path("/me/ws/absent"),
                                path("/me/ws/secret"),
                                path(Scenario.TEMP));
            } catch (SandboxException e) {
                assertThat(e).hasCauseInstanceOf(WindowsFailure.class);
            }
            assertThat(racing.openHandles()).as(() -> "before call " + number).isEmpty();
            assertThat(told).doesNotContain(path("/me/ws/victim/elsewhere"));
        }
    }
}
