package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Every sequence of operations of the child, up to a length. P1, P3 and P4 are checked after each step.
 *
 * <p>An operation that was refused changes nothing, and a state that was reached before with as many steps left leads
 * nowhere new, from whichever tree it was reached, if what has to stay as it was is the same; both are not followed. One
 * thread.
 */
final class AttackSearch {
    static final Acl FULL = Scenario.acl("D:" + Scenario.FULL);
    private static final LabelAce LOW = new LabelAce(AceFlags.INHERIT, AccessMask.of(1), IntegrityLevel.LOW);

    /** The states that were reached, with the most steps that were left. Safe for use by searches in several threads. */
    static final class Reached {
        private final AttackState.Numbers numbers = new AttackState.Numbers();
        private final Map<Key, Integer> states = new ConcurrentHashMap<>();

        private record Key(long high, long low) {}

        /** Whether the state is seen for the first time, or with more steps left than before. */
        private boolean add(HashCode state, int left) {
            ByteBuffer bytes = ByteBuffer.wrap(state.asBytes());
            Key key = new Key(bytes.getLong(), bytes.getLong());
            Integer before = states.get(key);
            if (before != null && before >= left) {
                return false;
            }
            states.merge(key, left, Math::max);
            return true;
        }
    }

    private final int steps;
    private final Reached reached;
    private long starts;
    private long operations;
    private long checks;

    AttackSearch(int steps, Reached reached) {
        this.steps = steps;
        this.reached = reached;
    }

    /** Sandboxes from which attacks were searched; there was none that is the same to the child. */
    long starts() {
        return starts;
    }

    /** Operations that were tried. */
    long operations() {
        return operations;
    }

    /** States that were checked, the same one perhaps more than once. */
    long checks() {
        return checks;
    }

    /** Searches from the state in which the sandbox was opened. */
    void search(Opened sandbox) {
        AttackState states = new AttackState(sandbox.child, reached.numbers);
        HashCode fixed = fixed(sandbox);
        if (reached.add(together(fixed, states.of(sandbox.opened)), steps)) {
            starts++;
            follow(sandbox, sandbox.opened, steps, states, fixed, new ArrayList<>());
        }
    }

    /** All of the state in which the sandbox was opened that can make a difference to a search. */
    static HashCode start(Opened sandbox, AttackState.Numbers numbers) {
        return together(fixed(sandbox), new AttackState(sandbox.child, numbers).of(sandbox.opened));
    }

    private static HashCode together(HashCode fixed, HashCode state) {
        return Hashing.murmur3_128()
                .newHasher()
                .putBytes(fixed.asBytes())
                .putBytes(state.asBytes())
                .hash();
    }

    /** What a state is checked against, and what holds things in place: the same for all states of a sandbox. */
    private static HashCode fixed(Opened sandbox) {
        Hasher hash = Hashing.murmur3_128().newHasher();
        hash.putUnencodedChars(sandbox.policy.toString());
        for (Path fence : sandbox.plan.fences()) {
            hash.putUnencodedChars(fence.toString());
            hash.putUnencodedChars(String.valueOf(sandbox.openedPaths().get(VirtualVolume.fromPath(fence))));
        }
        sandbox.opened.walk((path, object) -> {
            boolean denied = sandbox.isDenied(path);
            if (denied) {
                hash.putBoolean(PlanChecks.readable(sandbox, object.descriptor()));
            }
            if (denied || !sandbox.isInRoot(path) || sandbox.isCarvedOut(path) || sandbox.isWritableItself(path)) {
                hash.putUnencodedChars(path)
                        .putLong(object.id())
                        .putBoolean(object.isDirectory())
                        .putUnencodedChars(object.content());
            }
        });
        return hash.hash();
    }

    private void follow(
            Opened sandbox,
            VirtualVolume state,
            int left,
            AttackState states,
            HashCode fixed,
            List<VolumeOperation> done) {
        VirtualVolume scratch = state.copy();
        for (VolumeOperation operation : operations(state)) {
            operations++;
            if (!operation.run(scratch.as(sandbox.child)).isDone()) {
                continue;
            }
            VirtualVolume next = scratch;
            scratch = state.copy();
            // The last steps reach ten times as many states as all others: looking again is cheaper than remembering.
            boolean last = left == 1;
            if (!last && !reached.add(together(fixed, states.of(next)), left - 1)) {
                continue;
            }
            done.add(operation);
            check(sandbox.at(next), done);
            if (!last) {
                follow(sandbox, next, left - 1, states, fixed, done);
            }
            done.remove(done.size() - 1);
        }
    }

    private void check(Opened now, List<VolumeOperation> done) {
        checks++;
        assertThat(PlanChecks.outsideUnchanged(now))
                .as(() -> now.told("P1 " + done))
                .isEmpty();
        assertThat(PlanChecks.carveOutsUnchanged(now))
                .as(() -> now.told("P3 " + done))
                .isEmpty();
        assertThat(PlanChecks.deniedUnreadable(now))
                .as(() -> now.told("P4 " + done))
                .isEmpty();
    }

    private static List<VolumeOperation> operations(VirtualVolume volume) {
        List<VolumeOperation> operations = new ArrayList<>();
        Map<String, Long> paths = volume.paths();
        List<String> directories = paths.keySet().stream()
                .filter(path -> volume.object(path).isDirectory())
                .toList();
        for (String path : paths.keySet()) {
            operations.add(new VolumeOperation.Overwrite(path, "attack"));
            operations.add(new VolumeOperation.SetAttributes(path));
            operations.add(new VolumeOperation.Delete(path));
            operations.add(new VolumeOperation.SetDacl(path, FULL));
            operations.add(new VolumeOperation.SetLabel(path, LOW));
            for (String directory : directories) {
                operations.add(new VolumeOperation.Rename(path, directory + "/x", false));
                operations.add(new VolumeOperation.HardLink(path, directory + "/x"));
            }
            for (String target : paths.keySet()) {
                operations.add(new VolumeOperation.Rename(path, target, true));
            }
            if (volume.object(path).isDirectory()) {
                operations.add(new VolumeOperation.CreateFile(path + "/x", null));
                operations.add(new VolumeOperation.CreateDirectory(path + "/x", null));
                operations.add(new VolumeOperation.MakeJunction(path, "/lib"));
            }
        }
        return operations;
    }
}
