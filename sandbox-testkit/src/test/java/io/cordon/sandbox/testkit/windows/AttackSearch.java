package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every sequence of operations of the child, up to a length. P1, P3 and P4 are checked after each step.
 *
 * <p>An operation that was refused changes nothing, and a state that was reached before with as many steps left leads
 * nowhere new; both are not followed.
 */
final class AttackSearch {
    static final Acl FULL = Scenario.acl("D:" + Scenario.FULL);
    private static final LabelAce LOW = new LabelAce(AceFlags.INHERIT, AccessMask.of(1), IntegrityLevel.LOW);

    private final int steps;
    private final Map<SecurityDescriptor, Integer> numbers = new HashMap<>();
    private final IdentityHashMap<SecurityDescriptor, Integer> known = new IdentityHashMap<>();
    private final Map<List<Object>, Work> starts = new HashMap<>();
    private long operations;
    private long states;

    /** What a search tried. */
    record Work(long operations, long states) {}

    AttackSearch(int steps) {
        this.steps = steps;
    }

    /** Operations that were tried. */
    long operations() {
        return operations;
    }

    /** States that were checked. */
    long states() {
        return states;
    }

    /** States of an opened sandbox from which attacks were searched, of which no two are the same to the child. */
    long starts() {
        return starts.size();
    }

    /** Searches from the state in which the sandbox was opened, unless one that is the same to the child was. */
    void search(Opened sandbox) {
        List<Object> start = starting(sandbox);
        if (!starts.containsKey(start)) {
            starts.put(start, searched(sandbox));
        }
    }

    /** Whether a search from here tries and reaches as much as the one from a state that is the same to the child. */
    boolean isAsSearchedBefore(Opened sandbox) {
        search(sandbox);
        return searched(sandbox).equals(starts.get(starting(sandbox)));
    }

    private static List<Object> starting(Opened sandbox) {
        List<Object> start = new AttackState(sandbox.child).of(sandbox.opened);
        start.add(sandbox.policy);
        start.add(Set.copyOf(sandbox.anchors));
        return start;
    }

    private Work searched(Opened sandbox) {
        long operationsBefore = operations;
        long statesBefore = states;
        follow(sandbox, sandbox.opened, steps, new HashMap<>(), new ArrayList<>());
        return new Work(operations - operationsBefore, states - statesBefore);
    }

    private void follow(
            Opened sandbox,
            VirtualVolume state,
            int left,
            Map<List<Object>, Integer> seen,
            List<VolumeOperation> done) {
        VirtualVolume scratch = state.copy();
        for (VolumeOperation operation : operations(state)) {
            operations++;
            if (!operation.run(scratch.as(sandbox.child)).isDone()) {
                continue;
            }
            VirtualVolume next = scratch;
            scratch = state.copy();
            List<Object> reached = state(next);
            Integer before = seen.get(reached);
            if (before != null && before >= left) {
                continue;
            }
            seen.put(reached, left);
            done.add(operation);
            if (before == null) {
                check(sandbox.at(next), done);
            }
            if (left > 1) {
                follow(sandbox, next, left - 1, seen, done);
            }
            done.remove(done.size() - 1);
        }
    }

    private void check(Opened now, List<VolumeOperation> done) {
        states++;
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

    /**
     * Everything that the outcome of an operation or a check depends on: how often attributes were changed is no part
     * of it, whether they were is.
     */
    private List<Object> state(VirtualVolume volume) {
        List<Object> state = new ArrayList<>();
        volume.walk((path, object) -> {
            state.add(path);
            state.add(object.id());
            state.add(number(object.descriptor()));
            state.add(object.content());
            state.add(object.attributes > 0);
            state.add(String.valueOf(object.reparseTarget()));
        });
        return state;
    }

    private Integer number(SecurityDescriptor descriptor) {
        return known.computeIfAbsent(descriptor, each -> numbers.computeIfAbsent(each, other -> numbers.size()));
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
