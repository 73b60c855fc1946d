package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes recorded changes back, the newest first. Each takes away exactly what it added; what others changed meanwhile
 * stays. An object that was moved is found by its identity, one that is gone needs nothing. Doing it again does nothing,
 * so that an undo that was cut off is simply repeated.
 */
final class RecordUndo {
    private static final int ERROR_DIR_NOT_EMPTY = 145;

    /** How the system says that nothing has this name. */
    private static final ImmutableSet<Integer> GONE =
            ImmutableSet.of(WindowsFailure.ERROR_FILE_NOT_FOUND, WindowsFailure.ERROR_PATH_NOT_FOUND);

    private final FileCalls files;
    private final FileTree tree;
    private final ById byId;
    private final LabelGrant grant;
    private final EditLog grants;
    private final List<Unreached> left = new ArrayList<>();
    private boolean newest = true;

    /** @param grants where it is recorded what is granted for the moment */
    RecordUndo(FileCalls files, Sid user, EditLog grants) {
        this.files = files;
        this.grants = grants;
        this.tree = new FileTree(files);
        this.byId = new ById(files);
        this.grant = new LabelGrant(files, user);
    }

    /** The objects on which a change is left. */
    ImmutableList<Unreached> left() {
        return ImmutableList.copyOf(left);
    }

    /** Takes the next older change back. */
    void undo(EditRecord record) throws SandboxException {
        try {
            if (record.changesNothing()) {
                return;
            }
            if (record.change() instanceof Change.OfDescriptor change) {
                undo(record, change);
            } else if (newest || !record.object().equals(EditRecord.UNKNOWN)) {
                // That it was about to be made counts only if nothing was recorded afterwards.
                deleteMade(record);
            }
        } catch (WindowsFailure e) {
            left.add(Unreached.of(record.path(), e));
        } finally {
            newest = false;
        }
    }

    private void undo(EditRecord record, Change.OfDescriptor change) throws SandboxException, WindowsFailure {
        int access = AccessMask.READ_CONTROL.or(change.access()).bits();
        try (FileTree.Entry entry = find(record, access).orElse(null)) {
            if (entry != null) {
                SecurityDescriptor now = files.descriptor(entry.handle());
                store(entry.handle(), change, now, change.undo(now, record.before()));
            }
        } catch (WindowsFailure e) {
            if (e.code() != WindowsFailure.ERROR_ACCESS_DENIED || !(change instanceof Change.Label)) {
                throw e;
            }
            undoByGrant(record, change, e);
        }
    }

    private void store(
            OwnedHandle object, Change.OfDescriptor change, SecurityDescriptor now, SecurityDescriptor wanted)
            throws WindowsFailure {
        if (!wanted.equals(now)) {
            change.store(files, object, wanted);
        }
    }

    private void undoByGrant(EditRecord record, Change.OfDescriptor change, WindowsFailure denied)
            throws SandboxException, WindowsFailure {
        int access = AccessMask.READ_CONTROL.or(AccessMask.WRITE_DAC).bits();
        try (FileTree.Entry entry = find(record, access).orElse(null)) {
            if (entry != null) {
                SecurityDescriptor now = files.descriptor(entry.handle());
                SecurityDescriptor wanted = change.undo(now, record.before());
                if (!wanted.equals(now)) {
                    grant.during(entry, now, grants, List.of(), granted -> change.store(files, granted, wanted));
                }
            }
        } catch (WindowsFailure e) {
            e.addSuppressed(denied);
            throw e;
        }
    }

    /** The object where it was, or else wherever it is now. */
    private Optional<FileTree.Entry> find(EditRecord record, int access) throws WindowsFailure {
        WindowsFailure failure = null;
        try {
            FileTree.Entry entry = tree.open(FileTree.extended(record.path()), access);
            if (entry.id().equals(record.object())) {
                return Optional.of(entry);
            }
            entry.close();
        } catch (WindowsFailure e) {
            failure = e; // it can have been moved, and something else, such as a link, be in its place
        }
        try {
            return byId.open(record.object(), record.path(), access);
        } catch (WindowsFailure e) {
            if (failure != null) {
                e.addSuppressed(failure);
            }
            throw e;
        }
    }

    private void deleteMade(EditRecord record) throws WindowsFailure {
        try (FileTree.Entry entry = tree.open(FileTree.extended(record.path()), FileTree.DELETE)) {
            boolean ours = record.object().equals(EditRecord.UNKNOWN)
                    || record.object().equals(entry.id());
            if (ours && entry.isRealDirectory()) {
                files.delete(entry.handle());
            }
        } catch (WindowsFailure e) {
            // Whoever put something into it, or put it elsewhere, wants to keep it.
            boolean elsewhere = e.code() == FileTree.ERROR_REPARSE_POINT_ENCOUNTERED;
            if (e.code() != ERROR_DIR_NOT_EMPTY && !elsewhere && !GONE.contains(e.code())) {
                throw e;
            }
        }
    }
}
