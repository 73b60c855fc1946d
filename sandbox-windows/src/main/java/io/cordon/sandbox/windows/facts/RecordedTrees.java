package io.cordon.sandbox.windows.facts;

import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.TreeFacts;
import java.util.Optional;

/** What the library recorded of trees that it went through before, so that it need not go through them again. */
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
     * @param shape {@link CollectedFacts#shape} of the facts that were recorded: which files have a name outside of what
     *     is writable depends on what else the policy says, so that the facts of another shape are none
     */
    Optional<TreeFacts> facts(FileId top, String shape);

    /** Whether a sandbox of this library made what is in the directory writable. */
    boolean isOpened(FileId directory);
}
