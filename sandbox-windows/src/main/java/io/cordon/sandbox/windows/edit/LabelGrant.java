package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.List;

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

    /** With what opening by name takes besides. */
    private static final AccessMask GRANT = AccessMask.WRITE_OWNER
            .or(AccessMask.READ_CONTROL)
            .or(AccessMask.SYNCHRONIZE)
            .or(AccessMask.FILE_READ_ATTRIBUTES);

    private final FileCalls files;
    private final Change.Entry change;

    LabelGrant(FileCalls files, Sid user) {
        this.files = files;
        this.change = new Change.Entry(AccessAce.allow(GRANT, user));
    }

    /**
     * Records the grant, grants, acts, and takes the grant back.
     *
     * @param entry open with WRITE_DAC and READ_CONTROL
     * @param before its descriptor
     * @param log where the grant is recorded first: the process can end before it is taken back
     * @param together recorded with it, as made after it
     */
    void during(FileTree.Entry entry, SecurityDescriptor before, EditLog log, List<EditRecord> together, Action action)
            throws SandboxException, WindowsFailure {
        Acl dacl = before.dacl();
        if (dacl == null || change.isIn(before)) {
            throw new WindowsFailure(
                    "CreateFileW", WindowsFailure.ERROR_ACCESS_DENIED, "its access list grants the label already");
        }
        log.record(ImmutableList.<EditRecord>builder()
                .add(new EditRecord(entry.id(), FileTree.plain(entry.path()), change, before))
                .addAll(together)
                .build());
        // In front of everything: an entry that denies it must not come first.
        files.replaceDacl(
                entry.handle(),
                before.withDacl(dacl.withAces(ImmutableList.<Ace>builder()
                        .add(change.ace())
                        .addAll(dacl.aces())
                        .build())));
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
