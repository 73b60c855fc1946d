package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayList;
import java.util.List;

/**
 * Changes of several objects: recorded together, since forcing a record to disk takes longer than a change; then made,
 * each through the handle through which the object was looked at; then read back.
 */
final class EditBatch implements AutoCloseable {
    /** Enough to make forcing cheap, few enough to hold so many handles. */
    static final int SIZE = 256;

    /** What is going to be made of an object. */
    private record Pending(
            FileId id, String path, OwnedHandle handle, Change.OfDescriptor change, SecurityDescriptor before) {
        EditRecord record() {
            return new EditRecord(id, FileTree.plain(path), change, before);
        }
    }

    private final FileCalls files;
    private final EditLog log;
    private final Untaken untaken;
    private final int size;
    private final List<Pending> pending = new ArrayList<>();
    private final List<EditRecord> notes = new ArrayList<>();

    /**
     * An empty batch.
     *
     * @param untaken is told the objects that did not take their change
     * @param size how many changes are recorded together
     */
    EditBatch(FileCalls files, EditLog log, Untaken untaken, int size) {
        this.files = files;
        this.log = log;
        this.untaken = untaken;
        this.size = size;
    }

    /** Adds an object, and takes its handle over. */
    void add(FileTree.Entry entry, Change.OfDescriptor change) throws SandboxException, WindowsFailure {
        SecurityDescriptor before = files.descriptor(entry.handle());
        if (!change.apply(before).equals(before)) {
            pending.add(new Pending(entry.id(), entry.path(), entry.handle().release(), change, before));
        } else {
            // Whoever undoes the layer must not take it for something that was made meanwhile.
            notes.add(new EditRecord(entry.id(), FileTree.plain(entry.path()), change, before));
        }
        flushIfFull();
    }

    /** Adds a record of something that is not changed. */
    void note(EditRecord record) throws SandboxException {
        notes.add(record);
        flushIfFull();
    }

    private void flushIfFull() throws SandboxException {
        if (pending.size() + notes.size() >= size) {
            flush();
        }
    }

    /** Records and makes what was added. */
    void flush() throws SandboxException {
        if (pending.isEmpty() && notes.isEmpty()) {
            return;
        }
        try {
            List<EditRecord> records = new ArrayList<>(notes);
            notes.clear();
            pending.forEach(each -> records.add(each.record()));
            log.record(ImmutableList.copyOf(records));
            for (Pending each : pending) {
                try {
                    make(each);
                } catch (WindowsFailure e) {
                    untaken.accept(FileTree.plain(each.path), e, true);
                }
            }
        } finally {
            close();
        }
    }

    private void make(Pending each) throws WindowsFailure {
        each.change.store(files, each.handle, each.change.apply(each.before));
        requireShown(files, each.handle, each.change);
    }

    /** That the call succeeded proves nothing. */
    static void requireShown(FileCalls files, OwnedHandle object, Change.OfDescriptor change) throws WindowsFailure {
        SecurityDescriptor now = files.descriptor(object);
        if (!change.isIn(now)) {
            throw new WindowsFailure("reading back", 0, "the change was made, and the object shows " + now);
        }
    }

    /** Drops what was not made. */
    @Override
    public void close() {
        pending.forEach(each -> each.handle.close());
        pending.clear();
    }
}
