package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.testkit.windows.VolumeOutcome.Status;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.AccessMask;
import java.util.ArrayList;
import java.util.List;

/** What happened in one scenario, for whoever reads of a difference. */
final class EndToEndStory {
    private static final int ERROR_ACCESS_DENIED = 5;
    private static final int ERROR_SHARING_VIOLATION = 32;
    private static final int ERROR_INVALID_OWNER = 1307;
    private static final int ERROR_PRIVILEGE_NOT_HELD = 1314;
    private static final ImmutableSet<Integer> DENIALS =
            ImmutableSet.of(ERROR_ACCESS_DENIED, ERROR_INVALID_OWNER, ERROR_PRIVILEGE_NOT_HELD);

    private final String name;
    private final Scenario scenario;
    private final RealTree tree;
    private final List<String> log = new ArrayList<>();
    private String plan = "none";

    EndToEndStory(String name, Scenario scenario, RealTree tree) {
        this.name = name;
        this.scenario = scenario;
        this.tree = tree;
    }

    void planned(WindowsPlan made) {
        plan = made.explain();
    }

    void step(VolumeOperation operation, VolumeOutcome predicted, int code) {
        log.add(predicted.status() + ", really " + code + ": " + operation);
    }

    /** No differences. */
    void require(List<String> differences, String what) {
        if (!differences.isEmpty()) {
            throw new AssertionError(
                    what + " differ (" + name + ")\n  " + String.join("\n  ", differences) + "\n" + told());
        }
    }

    /** The scenario and what became of it. */
    String told() {
        return scenario + "\nplan:\n" + plan + "\nthe attack:\n  " + String.join("\n  ", log) + "\nthe model now:\n"
                + Opened.dump(tree.host.volume());
    }

    /** No difference between what the model and the real code say. */
    void requireSame(String what, String model, String real) {
        require(real.equals(model) ? List.of() : List.of("model " + model, "real  " + real), what);
    }

    /** The code is one that the model's outcome stands for. */
    void requireSame(
            VolumeOperation operation, VirtualVolume state, VirtualToken child, VolumeOutcome predicted, int code) {
        if (isSame(predicted.status(), code)) {
            return;
        }
        throw new AssertionError("the model says " + predicted.status() + " and the code is " + code + " (" + name
                + ")\n  " + operation + "\nthe model: " + predicted.why() + "\n" + explained(operation, state, child)
                + "\n" + told());
    }

    private static boolean isSame(Status status, int code) {
        return switch (status) {
            case DONE -> code == 0;
            case ACCESS_DENIED -> DENIALS.contains(code);
            // Whoever has no access is told of that first.
            case SHARING_VIOLATION -> code == ERROR_SHARING_VIOLATION || code == ERROR_ACCESS_DENIED;
            case NOT_FOUND, EXISTS, NOT_EMPTY, INVALID -> code != 0;
        };
    }

    /** What each object that takes part would grant by the model, and the real descriptors as they are after the step. */
    private String explained(VolumeOperation operation, VirtualVolume state, VirtualToken child) {
        StringBuilder text = new StringBuilder("the child " + child + "\n");
        for (String path : LeftOut.paths(operation)) {
            for (String each : List.of(path, Opened.parent(path))) {
                VirtualObject object = state.find(each);
                if (object == null) {
                    continue;
                }
                text.append(each).append("\n  real now ").append(tree.described(each));
                text.append("\n  model    ").append(object.descriptor()).append("\n  ");
                text.append(state.monitor()
                                .explain(child, object.descriptor(), AccessMask.MAXIMUM_ALLOWED)
                                .explanation()
                                .replace("\n", "\n  "))
                        .append('\n');
            }
        }
        return text.toString();
    }
}
