package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every tree of a few objects, with every descriptor of a small alphabet, every policy over them, and every attack of up to three steps: for this scope P1 to P4 are proved, not sampled.
 *
 * <p>The number of objects is {@code cordon.test.universe}, 2 unless it is set. Attacks are searched once for each state that they start from: two trees whose states are equal after the plan was
 * applied are attacked alike, and an operation that was refused leads nowhere new.
 */
@Tag("nightly")
final class SmallUniverseTest {
    private static final int STEPS = 3;
    private static final ImmutableList<String> ACES = ImmutableList.of(
            "(A;OICI;FA;;;USER)",
            "(A;;FA;;;USER)",
            "(A;OICI;FA;;;WD)",
            "(A;OICI;0x1301bf;;;AU)",
            "(A;OICI;0x1200a9;;;USER)",
            "(D;OICI;SD;;;USER)");
    private static final ImmutableList<String> LABELS =
            ImmutableList.of("", "S:(ML;OICI;NW;;;S-1-16-6144)", "S:(ML;;NWNR;;;ME)");
    private static final String TEMP = "/lib/t";

    private final Set<String> attacked = new HashSet<>();
    private final Map<String, SecurityDescriptor> parsed = new HashMap<>();
    private long trees;
    private long cases;
    private long refused;
    private long steps;

    /** An object: its directory (0 is the volume's root, n the object n), and whether it is a directory. */
    private record Shape(int parent, boolean directory) {}

    @Test
    void p1ToP4HoldForEveryTreeEveryPolicyAndEveryAttackOfTheUniverse() {
        int most = Integer.getInteger("cordon.test.universe", 2);
        for (int objects = 1; objects <= most; objects++) {
            shapes(objects, new ArrayList<>());
        }
        System.out.println("small universe: up to " + most + " objects, " + trees + " trees with descriptors, " + cases
                + " policies planned, " + refused + " refused, " + attacked.size() + " different states attacked, "
                + steps
                + " operations tried, attacks of up to " + STEPS + " steps");
        assertThat(cases).isPositive();
    }

    private void shapes(int objects, List<Shape> shapes) {
        if (shapes.size() == objects) {
            if (shapes.get(0).directory()) {
                descriptors(shapes, new ArrayList<>());
            }
            return;
        }
        for (int parent = 0; parent <= shapes.size(); parent++) {
            if (parent == 0 || shapes.get(parent - 1).directory()) {
                for (boolean directory : new boolean[] {true, false}) {
                    shapes.add(new Shape(parent, directory));
                    shapes(objects, shapes);
                    shapes.remove(shapes.size() - 1);
                }
            }
        }
    }

    private void descriptors(List<Shape> shapes, List<String> sddl) {
        if (sddl.size() == shapes.size()) {
            trees++;
            policies(shapes, sddl);
            return;
        }
        for (String ace : ACES) {
            for (String label : LABELS) {
                sddl.add("O:USERG:USERD:" + ace + label);
                descriptors(shapes, sddl);
                sddl.remove(sddl.size() - 1);
            }
        }
    }

    /** The first object is the root; every other one may be carved out, denied for reading, both or neither. */
    private void policies(List<Shape> shapes, List<String> sddl) {
        int combinations = 1 << (2 * (shapes.size() - 1));
        for (int choice = 0; choice < combinations; choice++) {
            VirtualVolume volume = new VirtualVolume(
                    parse("O:SYG:SYD:(A;OICI;FA;;;SY)(A;;0x1200a9;;;BU)"),
                    new SecurityReferenceMonitor(MonitorSwitches.DEFAULT),
                    VolumeSwitches.DEFAULT);
            volume.addDirectory("/lib", parse("O:USERG:USERD:" + Scenario.FULL));
            List<String> paths = new ArrayList<>();
            SandboxPolicy.Builder policy = SandboxPolicy.builder().network(NetworkAccess.ALLOWED);
            boolean valid = true;
            for (int i = 0; i < shapes.size(); i++) {
                Shape shape = shapes.get(i);
                String path = (shape.parent() == 0 ? "" : paths.get(shape.parent() - 1)) + "/" + (char) ('a' + i);
                paths.add(path);
                if (shape.directory()) {
                    volume.addDirectory(path, parse(sddl.get(i)));
                } else {
                    volume.addFile(path, parse(sddl.get(i)));
                }
                if (i == 0) {
                    policy.allowWrite(VirtualVolume.toPath(path));
                    continue;
                }
                int bits = choice >> (2 * (i - 1));
                if ((bits & 1) != 0) {
                    policy.denyWrite(VirtualVolume.toPath(path));
                    valid &= path.startsWith("/a/");
                }
                if ((bits & 2) != 0) {
                    policy.denyRead(VirtualVolume.toPath(path));
                }
            }
            if (valid) {
                one(volume, policy.build());
            }
        }
    }

    private SecurityDescriptor parse(String sddl) {
        return parsed.computeIfAbsent(sddl, Scenario::sd);
    }

    private void one(VirtualVolume volume, SandboxPolicy policy) {
        VirtualHost host = new VirtualHost(volume, Scenario.TOKEN, Scenario.LOGON, TEMP);
        PlanResult result = WindowsPlanner.plan(policy, host.facts(policy, PlanOptions.DEFAULT));
        cases++;
        if (!(result instanceof PlanResult.Planned planned)) {
            refused++;
            return;
        }
        WindowsPlan plan = planned.plan();
        Opened sandbox = Opened.of(host, policy, plan);
        assertThat(PlanChecks.insideWritable(sandbox))
                .as(() -> sandbox.told("P2"))
                .isEmpty();
        assertThat(PlanChecks.deniedUnreadable(sandbox))
                .as(() -> sandbox.told("P4"))
                .isEmpty();
        assertThat(PlanChecks.userKeepsAccess(sandbox, sandbox.volume))
                .as(() -> sandbox.told("P9"))
                .isEmpty();
        String start = policy + sandbox.told("");
        if (attacked.add(start)) {
            Set<String> seen = new HashSet<>();
            attack(sandbox, sandbox.opened, STEPS, seen, new ArrayList<>());
        }
    }

    private void attack(Opened sandbox, VirtualVolume state, int left, Set<String> seen, List<VolumeOperation> done) {
        VirtualVolume scratch = state.copy();
        for (VolumeOperation operation : operations(state)) {
            steps++;
            if (!operation.run(scratch.as(sandbox.child)).isDone()) {
                continue; // a refused operation changes nothing
            }
            VirtualVolume next = scratch;
            scratch = state.copy();
            if (!seen.add(left + Opened.dump(next))) {
                continue;
            }
            done.add(operation);
            Opened now = sandbox.at(next);
            assertThat(PlanChecks.outsideUnchanged(now))
                    .as(() -> now.told("P1 " + done))
                    .isEmpty();
            assertThat(PlanChecks.carveOutsUnchanged(now))
                    .as(() -> now.told("P3 " + done))
                    .isEmpty();
            assertThat(PlanChecks.deniedUnreadable(now))
                    .as(() -> now.told("P4 " + done))
                    .isEmpty();
            if (left > 1) {
                attack(sandbox, next, left - 1, seen, done);
            }
            done.remove(done.size() - 1);
        }
    }

    private static List<VolumeOperation> operations(VirtualVolume volume) {
        List<VolumeOperation> operations = new ArrayList<>();
        List<String> paths = volume.paths().keySet().asList();
        for (String path : paths) {
            operations.add(new VolumeOperation.Overwrite(path, "attack"));
            operations.add(new VolumeOperation.SetAttributes(path));
            operations.add(new VolumeOperation.Delete(path));
            operations.add(new VolumeOperation.SetDacl(path, Scenario.acl("D:" + Scenario.FULL)));
            operations.add(new VolumeOperation.SetLabel(
                    path, new LabelAce(AceFlags.INHERIT, AccessMask.of(1), IntegrityLevel.LOW)));
            for (String directory : paths) {
                if (volume.object(directory).isDirectory()) {
                    operations.add(new VolumeOperation.Rename(path, directory + "/x", false));
                    operations.add(new VolumeOperation.HardLink(path, directory + "/x"));
                }
            }
            for (String target : paths) {
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
