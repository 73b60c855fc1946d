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

    /** What stands for an object that was not looked at. */
    static final FileId SKIPPED = new FileId(0, 1);

    /** A label for records that change nothing. */
    private static final Change.Label ANY = new Change.Label(MandatoryLabel.DEFAULT.toAce(AceFlags.NONE));

    /** Tells whoever undoes the layer of a label that was there before and stays, for which there is no other record. */
    static EditRecord labelled(FileId object, String path, LabelAce label) {
        return new EditRecord(
                object, path, new Change.Label(label), LabelChange.apply(SecurityDescriptor.EMPTY, label));
    }

    /** Tells whoever undoes the layer of an object that the user may not look at. */
    static EditRecord denied(String path) {
        return labelled(UNKNOWN, path, ANY.ace());
    }

    /** Tells whoever undoes the layer of an object that could not be looked at, nor what is in it, for other reasons. */
    static EditRecord skipped(String path) {
        return labelled(SKIPPED, path, ANY.ace());
    }

    /** Whether it only tells how something was found: there is nothing to take back. */
    boolean changesNothing() {
        return change instanceof Change.OfDescriptor made && made.apply(before).equals(before);
    }
}
