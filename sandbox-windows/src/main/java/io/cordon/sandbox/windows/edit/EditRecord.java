package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.plan.FileId;
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
}
