package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.TreeFacts;
import java.util.Optional;

/** What is recorded of trees that were gone through before, so that they need not be gone through again. */
public interface RecordedTrees {
    /** Nothing is recorded. */
    RecordedTrees NONE = new RecordedTrees() {
        @Override
        public Optional<TreeFacts> facts(FileId top, String shape) {
            return Optional.empty();
        }

        @Override
        public boolean isOpened(FileId directory) {
            return false;
        }
    };

    /**
     * What is known of a tree, its stamp included.
     *
     * @param top the root, carve-out or path denied for reading
     * @param shape stands for the rules that it was looked at with: which files have a name outside of what is writable
     *     depends on all of them, so that the facts of another shape are none
     */
    Optional<TreeFacts> facts(FileId top, String shape) throws SandboxException;

    /** Whether a sandbox of this library made what is in the directory writable. */
    boolean isOpened(FileId directory) throws SandboxException;
}
