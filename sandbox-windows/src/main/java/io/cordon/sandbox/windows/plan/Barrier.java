package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.Capability;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What keeps the child from an object that it was not given: that the object's label is above the child's level, or that
 * nothing is granted to the child. Tells what an object lacks for that.
 */
interface Barrier {
    /**
     * Why a directory cannot be opened to the child.
     *
     * @param rule the rule that names it, for messages, as in the other methods
     */
    Optional<Gap> againstOpening(String rule, ObjectFacts root);

    /** Why a carve-out that is made first would not be closed; its parent is unknown where it does not exist. */
    Optional<Gap> againstMaking(String rule, @Nullable ObjectFacts parent);

    /** Why a carve-out itself stays open for writing. */
    Optional<Gap> againstCarvingOut(String rule, ObjectFacts carveOut);

    /** Why a path cannot be closed for reading. */
    Optional<Gap> againstDenying(String rule, ObjectFacts denied);

    /**
     * What a closed place leaves open.
     *
     * @param capability for what it was closed, writing or reading
     * @param object what is in it
     */
    Gap leftOpen(Capability capability, Path object, Path top);

    /**
     * Why a file is open for writing although no change reaches it.
     *
     * @param what which file it is
     */
    Optional<Gap> againstSkipping(String what, ObjectFacts file);

    /** Whether the child could write the file if no change reached it. */
    boolean needsLabel(ObjectFacts file);
}
