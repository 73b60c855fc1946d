package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.Owners;
import io.cordon.sandbox.windows.edit.StepListener;
import io.cordon.sandbox.windows.plan.AceChange;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every native call and every step of the journal fails, or is the last one of its process, in turn; afterwards the volume
 * is undone to what it was.
 */
@Timeout(300)
final class EveryCallTest {
    private Path home;

    @BeforeEach
    void makeHome() throws IOException {
        home = HomeDirectory.make();
    }

    @AfterEach
    void deleteHome() throws IOException {
        HomeDirectory.delete(home);
    }

    /** Counts steps, and ends the process at one of them. */
    private static final class Steps implements StepListener {
        int count;
        int last = Integer.MAX_VALUE;

        @Override
        public void step(String name) {
            count++;
            if (count >= last) {
                throw new CallHook.Halted(count, name);
            }
        }
    }

    private final Steps steps = new Steps();

    private static String before(boolean restricted) {
        return EditorRig.image(EveryEdit.host(!restricted).volume());
    }

    private EditorRig rig(boolean restricted) {
        steps.count = 0;
        steps.last = Integer.MAX_VALUE;
        return new EditorRig(EveryEdit.host(!restricted), home, Owners.SYSTEM, steps);
    }

    private static EditorRig.Sandbox sandbox(EditorRig rig, boolean restricted) {
        return rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(restricted));
    }

    private EditorRig.Sandbox used(EditorRig rig, boolean restricted) throws SandboxException {
        EditorRig.Sandbox sandbox = sandbox(rig, restricted).open();
        EveryEdit.use(sandbox.host, sandbox.plan());
        return sandbox;
    }

    private void assertRestored(EditorRig rig, String expected, String what) throws IOException {
        assertThat(EditorRig.image(rig.host.volume()).lines())
                .as(what)
                .containsExactlyElementsOf(expected.lines().toList());
        assertThat(rig.journal()).as(what).isEmpty();
        assertThat(rig.calls.openHandles()).as(what).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyCallMayFailWhileASandboxIsOpened(boolean restricted) throws Exception {
        // given
        EditorRig whole = rig(restricted);
        EditorRig.Sandbox opened = sandbox(whole, restricted).open();
        int calls = whole.calls.count();
        VirtualVolume image = whole.host.volume().copy();
        opened.close();
        assertRestored(whole, before(restricted), "without a failure");

        int refused = 0;
        for (int n = 1; n <= calls; n++) {
            String what = "call " + n;
            EditorRig rig = rig(restricted);
            EditorRig.Sandbox sandbox = sandbox(rig, restricted);

            // when
            rig.calls.hook(CallHook.failingAt(n));
            boolean open = false;
            try {
                sandbox.open();
                open = true;
            } catch (SandboxException e) {
                refused++;
                assertThat(rig.calls.openHandles()).as(what).isEmpty();
            }
            rig.calls.hook(CallHook.NONE);

            // then
            if (open) {
                assertToldOf(sandbox, image, what);
            }
            assertThat(sandbox.close().left()).as(what).isEmpty();
            assertRestored(rig, before(restricted), what);
        }
        assertThat(refused).isBetween(1, calls - 1);
        System.out.println("opening, write-restricted " + restricted + ": failed each of " + calls + " calls; "
                + refused + " ended the opening");
    }

    private static boolean isToldOf(String path, List<String> told) {
        return told.stream().anyMatch(place -> VirtualVolume.toPath(path).startsWith(place));
    }

    /** What did not take its edit is told of, or is kept from the child by what it was before. */
    private static void assertToldOf(EditorRig.Sandbox sandbox, VirtualVolume wanted, String what) {
        VirtualVolume volume = sandbox.host.volume();
        VolumeSession child = volume.as(sandbox.host.child(sandbox.plan()));
        List<String> told = new ArrayList<>();
        sandbox.opened().outcome().unreached().forEach(object -> told.add(object.path()));
        sandbox.opened()
                .outcome()
                .exposed()
                .forEach(each -> told.add(each.object().path()));
        for (Edit edit : sandbox.plan().edits()) {
            if (edit instanceof Edit.AddAce held && !held.tree()) {
                SecurityDescriptor top =
                        volume.object(VirtualVolume.fromPath(held.path())).descriptor();
                assertThat(AceChange.isIn(top, held.ace()))
                        .as("%s: %s", what, held)
                        .isTrue();
            }
        }
        wanted.walk((path, object) -> {
            if (object.descriptor().equals(volume.object(path).descriptor())) {
                return;
            }
            boolean isProtected = sandbox.plan().boundaries().stream()
                            .anyMatch(place -> VirtualVolume.toPath(path).startsWith(place))
                    || path.equals("/me/locallow");
            AccessMask forbidden = path.startsWith("/me/secret")
                    ? AccessMask.FILE_READ_DATA
                    : AccessMask.FILE_WRITE_DATA.or(AccessMask.WRITE_DAC);
            boolean isTop = sandbox.plan().writable().contains(VirtualVolume.toPath(path));
            assertThat(
                            isProtected
                                    ? !child.has(path, forbidden) || isToldOf(path, told)
                                    : !isTop && isToldOf(path, told))
                    .as(
                            "%s: %s is %s instead of %s",
                            what, path, volume.object(path).descriptor(), object.descriptor())
                    .isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anyCallMayFailWhileASandboxIsClosed(boolean restricted) throws Exception {
        // given
        EditorRig whole = rig(restricted);
        EditorRig.Sandbox opened = used(whole, restricted);
        int first = whole.calls.count();
        assertThat(opened.close().left()).isEmpty();
        int calls = whole.calls.count() - first;
        String after = EditorRig.image(whole.host.volume());
        assertRestored(whole, after, "without a failure");

        int repeated = 0;
        for (int n = 1; n <= calls; n++) {
            String what = "call " + n;
            EditorRig rig = rig(restricted);
            EditorRig.Sandbox sandbox = used(rig, restricted);

            // when
            rig.calls.hook(CallHook.failingAt(rig.calls.count() + n));
            boolean clean = sandbox.close().isClean();
            rig.calls.hook(CallHook.NONE);

            // then
            assertThat(rig.calls.openHandles()).as(what).isEmpty();
            if (!clean) {
                repeated++;
                assertThat(rig.recover().left()).as(what).isEmpty();
            }
            assertRestored(rig, after, what);
        }
        System.out.println("closing, write-restricted " + restricted + ": failed each of " + calls + " calls; "
                + repeated + " had to be repeated");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theProcessMayEndBeforeAnyCall(boolean restricted) throws Exception {
        EditorRig whole = rig(restricted);
        EditorRig.Sandbox opened = used(whole, restricted);
        int opening = whole.calls.count();
        opened.close();
        int closing = whole.calls.count() - opening;
        String after = EditorRig.image(whole.host.volume());

        for (int n = 1; n <= opening; n++) {
            EditorRig rig = rig(restricted);
            rig.calls.hook(CallHook.haltingAt(n));
            assertHalts(sandbox(rig, restricted)::open);
            assertRecovers(rig, before(restricted), "opening, call " + n);
        }
        for (int n = 1; n <= closing; n++) {
            EditorRig rig = rig(restricted);
            EditorRig.Sandbox sandbox = used(rig, restricted);
            rig.calls.hook(CallHook.haltingAt(rig.calls.count() + n));
            assertHalts(sandbox::close);
            assertRecovers(rig, after, "closing, call " + n);
        }
        System.out.println("halted before each of " + opening + " calls of an opening and " + closing
                + " of a closing, write-restricted " + restricted);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theProcessMayEndAtAnyStepOfTheJournal(boolean restricted) throws Exception {
        EditorRig whole = rig(restricted);
        EditorRig.Sandbox opened = used(whole, restricted);
        int opening = steps.count;
        opened.close();
        int closing = steps.count - opening;
        String after = EditorRig.image(whole.host.volume());

        for (int n = 1; n <= opening; n++) {
            EditorRig rig = rig(restricted);
            steps.last = n;
            assertHalts(sandbox(rig, restricted)::open);
            assertRecovers(rig, before(restricted), "opening, step " + n);
        }
        for (int n = 1; n <= closing; n++) {
            EditorRig rig = rig(restricted);
            EditorRig.Sandbox sandbox = used(rig, restricted);
            steps.last = steps.count + n;
            assertHalts(sandbox::close);
            assertRecovers(rig, after, "closing, step " + n);
        }
        System.out.println("halted at each of " + opening + " steps of an opening and " + closing
                + " of a closing, write-restricted " + restricted);
    }

    private interface Act {
        void run() throws SandboxException;
    }

    private static void assertHalts(Act act) throws SandboxException {
        try {
            act.run();
        } catch (CallHook.Halted e) {
            return;
        }
        throw new AssertionError("it was to halt");
    }

    private void assertRecovers(EditorRig gone, String expected, String what) throws Exception {
        EditorRig next = gone.afterwards();
        assertThat(next.recover().left()).as(what).isEmpty();
        assertRestored(next, expected, what);
    }
}
