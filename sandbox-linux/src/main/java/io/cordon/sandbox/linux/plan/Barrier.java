package io.cordon.sandbox.linux.plan;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.SandboxPolicy;
import java.util.ArrayList;
import java.util.List;

/** What keeps a child from the user's files. */
public enum Barrier {
    /** The rules of Landlock, taken on by the launcher thread: the fastest, and without another program. */
    LANDLOCK,
    /** Namespaces, made by bubblewrap for every child: with exceptions inside a root, and a guaranteed end. */
    BUBBLEWRAP;

    /** Whether bubblewrap is looked for. */
    public static boolean isMoreThanLandlock(SandboxPolicy policy) {
        return !beyondLandlock(policy).isEmpty();
    }

    /** What of a policy Landlock cannot do, for a person; empty if it can do all. */
    static String beyondLandlock(SandboxPolicy policy) {
        List<String> wants = new ArrayList<>();
        if (!policy.denyWrite().isEmpty()) {
            wants.add("a carve-out inside a root");
        }
        if (!policy.denyRead().isEmpty()) {
            wants.add("a denied read");
        }
        if (!policy.allowRead().isEmpty()) {
            wants.add("limited reading");
        }
        if (!policy.accepts(Capability.PROCESS_TREE, EnforcementLevel.PARTIAL)) {
            wants.add("a guaranteed end of the tree");
        }
        return String.join(", ", wants);
    }
}
