package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.LabelChange;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;

/**
 * One change of one object, recorded before it is made. A value.
 *
 * @param object the object; its path may lead to another one by the time of the undo
 * @param path its final path without {@code \\?\}, any sequence of UTF-16 units
 * @param change what is done
 * @param before what was there: DACL, SACL and control flags. Owner and group are never changed, so they are dropped
 *     here. {@link SecurityDescriptor#EMPTY} for a directory that is made
 */
public record EditRecord(FileId object, String path, Change change, SecurityDescriptor before) {
    /** @throws IllegalArgumentException if the path has a prefix or is too long, or a new directory had a descriptor */
    public EditRecord {
        FinalPath.requirePlain(path);
        before = before.withOwner(null).withGroup(null);
        if (change instanceof Change.Made && !before.equals(SecurityDescriptor.EMPTY)) {
            throw new IllegalArgumentException("a directory that is made has no descriptor before: " + path);
        }
    }

    /** What stands for an object that is not known: one that is about to be made, or that cannot be opened. */
    static final FileId UNKNOWN = new FileId(0, 0);

    /** A label that every record of an object without one can name, so that it says that nothing was changed. */
    private static final LabelAce ANY =
            new LabelAce(AceFlags.NONE, MandatoryLabel.NO_WRITE_UP, MandatoryLabel.DEFAULT.level());

    /**
     * Tells whoever undoes the layer of a label that was there before and is meant to stay, for which there is no other
     * record.
     */
    static EditRecord asFound(FileId object, String path, SecurityDescriptor found) {
        LabelAce label = MandatoryLabel.aceOf(found);
        SecurityDescriptor before = LabelChange.apply(SecurityDescriptor.EMPTY, label == null ? ANY : label);
        return new EditRecord(object, path, new Change.Label(label == null ? ANY : label), before);
    }

    /** Tells whoever undoes the layer of an object that could not be looked at. */
    static EditRecord unseen(String path) {
        return asFound(UNKNOWN, path, SecurityDescriptor.EMPTY);
    }

    /** Whether it only tells how something was found: there is nothing to take back. */
    boolean changesNothing() {
        return change instanceof Change.OfDescriptor made && made.apply(before).equals(before);
    }
}
