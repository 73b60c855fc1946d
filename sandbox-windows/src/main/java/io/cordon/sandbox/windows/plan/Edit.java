package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import java.nio.file.Path;

/**
 * One change that a plan makes.
 *
 * <p>A change that goes through a tree stops at the plan's {@linkplain WindowsPlan#boundaries() boundaries} and does
 * not follow reparse points.
 */
public sealed interface Edit {
    /** The final path of the object. */
    Path path();

    /** Why, for a person. */
    String reason();

    /** Makes an empty directory. */
    record CreateDirectory(Path path, String reason) implements Edit {}

    /**
     * Puts a label on an object in place of the one that holds.
     *
     * @param tree whether everything beneath gets it too, and passes it on
     */
    record SetLabel(Path path, MandatoryLabel label, boolean tree, String reason) implements Edit {
        /** Whether what has the label cannot be read from below it. */
        public boolean deniesReading() {
            return label.policy().contains(MandatoryLabel.NO_READ_UP);
        }

        /** The entry for an object of the tree, or for its top. */
        public LabelAce ace(boolean top, boolean directory) {
            AceFlags flags = tree && directory ? AceFlags.INHERIT : AceFlags.NONE;
            return label.toAce(top ? flags : flags.with(AceFlags.INHERITED));
        }
    }

    /**
     * Adds an entry to a DACL: a denying one in front of all, an allowing one in front of the first that allows.
     *
     * @param ace the entry as it goes on the object itself
     * @param tree whether everything beneath gets its inherited form too
     */
    record AddAce(Path path, AccessAce ace, boolean tree, String reason) implements Edit {
        /**
         * The entry for an object beneath the top: explicit, because behind an entry that decides otherwise it would do
         * nothing.
         */
        public AccessAce beneath(boolean directory) {
            return ace.withFlags(
                    directory ? new AceFlags(ace.flags().bits() & AceFlags.INHERIT.bits()) : AceFlags.NONE);
        }

        /** Whether objects of this kind inherit the entry. */
        public boolean reaches(boolean directory) {
            return tree && ace.flags().has(directory ? AceFlags.CONTAINER_INHERIT : AceFlags.OBJECT_INHERIT);
        }
    }
}
