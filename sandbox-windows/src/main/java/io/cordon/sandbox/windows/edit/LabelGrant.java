package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/**
 * Lets a user who may change the access list of an object, but not its label, change that too: he grants himself
 * WRITE_OWNER for the moment. Owners have WRITE_DAC, not WRITE_OWNER, and lists that grant "Modify" are common on drives
 * other than the system's.
 */
final class LabelGrant {
    /** What is done with the grant, through a handle that has WRITE_OWNER. */
    interface Action {
        void run(OwnedHandle granted) throws WindowsFailure;
    }

    private final FileCalls files;
    private final Change.Entry change;

    LabelGrant(FileCalls files, Sid user) {
        this.files = files;
        this.change = new Change.Entry(AccessAce.allow(AccessMask.WRITE_OWNER, user));
    }

    /** The change that the object shows for the moment. */
    Change.Entry change() {
        return change;
    }

    /**
     * Grants, acts, and takes the grant back.
     *
     * @param entry open with WRITE_DAC and READ_CONTROL
     * @param before its descriptor
     */
    void during(FileTree.Entry entry, SecurityDescriptor before, Action action) throws WindowsFailure {
        files.replaceDacl(entry.handle(), change.apply(before));
        WindowsFailure failure = null;
        try (FileTree.Entry granted = new FileTree(files)
                .open(
                        entry.path(),
                        AccessMask.READ_CONTROL.or(AccessMask.WRITE_OWNER).bits())) {
            if (!granted.id().equals(entry.id())) {
                throw new WindowsFailure(
                        "CreateFileW", WindowsFailure.ERROR_ACCESS_DENIED, "it was replaced meanwhile");
            }
            action.run(granted.handle());
        } catch (WindowsFailure e) {
            failure = e;
        }
        try {
            files.replaceDacl(entry.handle(), change.undo(files.descriptor(entry.handle()), before));
        } catch (WindowsFailure e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
        if (failure != null) {
            throw failure;
        }
    }
}
