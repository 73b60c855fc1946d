package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/** Whether something keeps a child from an object that did not take the label that was to do so. */
final class Exposure {
    /** Not DELETE: that a directory grants too, and what protects a tree protects its directories. */
    private static final ImmutableList<AccessMask> CHANGES = ImmutableList.of(
            AccessMask.FILE_WRITE_DATA,
            AccessMask.FILE_APPEND_DATA,
            AccessMask.FILE_WRITE_EA,
            AccessMask.FILE_WRITE_ATTRIBUTES,
            AccessMask.FILE_DELETE_CHILD,
            AccessMask.WRITE_DAC,
            AccessMask.WRITE_OWNER);

    private static final ImmutableList<AccessMask> READS =
            ImmutableList.of(AccessMask.FILE_READ_DATA, AccessMask.FILE_EXECUTE);

    private final FileCalls files;
    private final IntegrityLevel child;

    Exposure(FileCalls files, IntegrityLevel child) {
        this.files = files;
        this.child = child;
    }

    /** Whether the child could read it. */
    boolean isReadable(String path) {
        return isExposed(path, MandatoryLabel.NO_READ_UP, READS);
    }

    /** Whether the child could change it. */
    boolean isChangeable(String path) {
        return isExposed(path, MandatoryLabel.NO_WRITE_UP, CHANGES);
    }

    /**
     * The label that is there does not keep the child off, and the user himself, who can do all that his child can, is
     * let in.
     */
    private boolean isExposed(String path, AccessMask from, ImmutableList<AccessMask> accesses) {
        String name = FileTree.extended(path);
        return !isKeptOff(name, from)
                && accesses.stream()
                        .anyMatch(access ->
                                files.attempt(name, access.bits(), FileTree.OPEN_EXISTING, FileTree.AS_ITSELF) == 0);
    }

    private boolean isKeptOff(String name, AccessMask from) {
        try (FileTree.Entry entry = new FileTree(files).open(name, FileTree.READ_CONTROL)) {
            MandatoryLabel label = MandatoryLabel.of(files.descriptor(entry.handle()));
            return !child.dominates(label.level()) && label.policy().contains(from);
        } catch (WindowsFailure e) {
            return false; // what cannot be looked at is vouched for by the attempts alone
        }
    }
}
