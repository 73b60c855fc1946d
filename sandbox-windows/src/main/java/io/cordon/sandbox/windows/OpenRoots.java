package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.win32.FileCalls;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The roots that sandboxes of this JVM have labelled, each with the number of these sandboxes: the label goes when the
 * last one closes. Safe for use by several threads; labelling is done by one at a time.
 */
final class OpenRoots {
    /** Labels are a matter of the whole machine, so there is one register for the JVM. */
    static final OpenRoots OF_THIS_JVM = new OpenRoots();

    private static final class Use {
        private final RootLabel label;
        private int count = 1;

        private Use(RootLabel label) {
            this.label = label;
        }
    }

    private final Map<Path, Use> uses = new HashMap<>();

    /** Labels a root, unless it is labelled already. */
    synchronized RootLabel acquire(FileCalls files, Path root) throws SandboxException {
        Use use = uses.get(root);
        if (use != null) {
            use.count++;
            return use.label;
        }
        RootLabel label = RootLabel.apply(files, root);
        uses.put(root, new Use(label));
        return label;
    }

    /** Withdraws the label when nobody needs it any more. */
    synchronized void release(RootLabel label) throws SandboxException {
        Use use = uses.get(label.root());
        if (use == null) {
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED, "the label of " + label.root() + " was withdrawn twice");
        }
        use.count--;
        if (use.count == 0) {
            uses.remove(label.root());
            label.withdraw(this::isRoot);
        }
    }

    private boolean isRoot(String path) {
        return uses.keySet().stream().anyMatch(root -> FileTree.extended(root).equalsIgnoreCase(path));
    }
}
