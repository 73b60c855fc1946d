package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.TreeFacts;
import java.util.Optional;

/**
 * A tree that a layer has gone through to its end. A value.
 *
 * @param path the final path of its top without {@code \\?\}
 * @param object the identity of its top
 * @param shape stands for the rules that it was looked at with, see {@link RecordedTrees#facts}
 * @param stamp what the plan wants to find the next time, see {@link TreeFacts#stamp}
 * @param found what was found in the tree; its stamp is always {@code stamp}
 */
public record Stamped(String path, FileId object, String shape, String stamp, TreeFacts found) {
    /** @throws IllegalArgumentException if the path has a prefix or is too long */
    public Stamped {
        FinalPath.requirePlain(path);
        found = new TreeFacts(
                Optional.of(stamp),
                found.hardLinks(),
                found.unprotectable(),
                found.sharedWritable(),
                found.passesOnNothing(),
                found.needsDeleteChild());
    }
}
