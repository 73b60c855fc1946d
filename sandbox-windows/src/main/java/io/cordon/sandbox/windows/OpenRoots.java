package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.win32.FileCalls;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The roots that sandboxes of this JVM have opened for writing, each with the number of these sandboxes: label and grant
 * go when the last one closes. Safe for use by several threads; editing is done by one at a time.
 */
final class OpenRoots {
    /** Labels are a matter of the whole machine, so there is one register for the JVM. */
    static final OpenRoots OF_THIS_JVM = new OpenRoots();

    private static final class Use {
        private final RootLabel label;
        private @Nullable RootGrant grant;
        private int count = 1;

        private Use(RootLabel label) {
            this.label = label;
        }
    }

    /**
     * A root that a sandbox has opened.
     *
     * @param grant what a write-restricted child needs besides
     */
    record Opened(RootLabel label, Optional<RootGrant> grant) {}

    private final Map<Path, Use> uses = new HashMap<>();

    /**
     * Opens a root, unless it is open already.
     *
     * @param sids those of grants, if the sandbox needs them
     */
    synchronized Opened acquire(FileCalls files, Path root, Optional<CapabilitySids> sids) throws SandboxException {
        Use use = uses.get(root);
        if (use == null) {
            use = new Use(RootLabel.apply(files, root));
            uses.put(root, use);
        } else {
            use.count++;
        }
        if (sids.isPresent() && use.grant == null) {
            try {
                use.grant = RootGrant.apply(files, sids.get(), root);
            } catch (SandboxException e) {
                releaseAfter(e, use.label);
                throw e;
            }
        }
        return new Opened(use.label, sids.isPresent() ? Optional.ofNullable(use.grant) : Optional.empty());
    }

    private void releaseAfter(SandboxException failure, RootLabel label) {
        try {
            release(label);
        } catch (SandboxException e) {
            failure.addSuppressed(e);
        }
    }

    /** Withdraws label and grant when nobody needs them any more. */
    synchronized void release(RootLabel label) throws SandboxException {
        Use use = uses.get(label.root());
        if (use == null) {
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED, "the label of " + label.root() + " was withdrawn twice");
        }
        use.count--;
        if (use.count == 0) {
            uses.remove(label.root());
            try (Undo undo = new Undo(SandboxErrorCode.CLOSE_FAILED)) {
                undo.add("withdrawing a label", () -> label.withdraw(this::isRoot));
                if (use.grant != null) {
                    undo.add("withdrawing a grant", use.grant::withdraw);
                }
            }
        }
    }

    private boolean isRoot(String path) {
        return uses.keySet().stream().anyMatch(root -> FileTree.extended(root).equalsIgnoreCase(path));
    }
}
