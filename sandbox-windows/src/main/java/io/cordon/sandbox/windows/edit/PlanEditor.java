package io.cordon.sandbox.windows.edit;

import static com.google.common.collect.ImmutableSortedSet.toImmutableSortedSet;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the changes of a plan, through handles only. Objects are opened as themselves and have to be where the plan
 * found them: a link that is put in the way is refused, not followed. The system's own propagation is not used: it
 * stops at no boundary and reaches objects that have another name elsewhere.
 */
public final class PlanEditor {
    private final FileCalls files;
    private final FileTree tree;
    private final EditLog log;
    private final HostFacts facts;
    /** What was looked at, by its path. */
    private final Map<Path, ObjectFacts> looked = new HashMap<>();

    private final EditProgress progress;
    private final LabelGrant grant;
    private final int batchSize;
    private final List<Unreached> unreached = new ArrayList<>();
    private final List<Exposed> exposed = new ArrayList<>();

    /**
     * What became of a plan.
     *
     * @param unreached objects in writable places that did not take a change: the child perhaps cannot write them
     * @param exposed objects of protected places that did not take it, and that nothing else keeps from the child
     */
    public record Outcome(ImmutableList<Unreached> unreached, ImmutableList<Exposed> exposed) {}

    /**
     * An object that is not protected.
     *
     * @param edit what was to protect it
     * @param object why it does not
     * @param readable whether the child perhaps reads it, where that was to be denied
     * @param changeable whether the child perhaps changes it
     */
    public record Exposed(Edit.SetLabel edit, Unreached object, boolean readable, boolean changeable) {}

    /**
     * An editor.
     *
     * @param log where every change is recorded before it is made
     * @param facts what the plan was made from
     * @param batchSize how many changes are recorded together
     */
    public PlanEditor(FileCalls files, EditLog log, HostFacts facts, EditProgress progress, int batchSize) {
        this.files = files;
        this.tree = new FileTree(files);
        this.log = log;
        this.facts = facts;
        facts.exposed().forEach(object -> looked.put(object.path(), object));
        looked.putAll(facts.objects());
        this.progress = progress;
        this.grant = new LabelGrant(files, facts.user());
        this.batchSize = batchSize;
    }

    /**
     * Makes the changes, in order.
     *
     * @throws SandboxException if the top of a change is not what the plan found, if a step fails, or if the progress
     *     cancels; what was done until then is in the log
     */
    public Outcome apply(WindowsPlan plan) throws SandboxException {
        Exposure exposure = new Exposure(files, plan.token().level());
        ImmutableSortedSet<String> boundaries = plan.boundaries().stream()
                .map(FileTree::extended)
                .collect(toImmutableSortedSet(String.CASE_INSENSITIVE_ORDER));
        for (Edit edit : plan.edits()) {
            try {
                if (edit instanceof Edit.CreateDirectory) {
                    createDirectory(edit.path());
                } else {
                    applyTo(edit, boundaries, plan, exposure);
                }
            } catch (WindowsFailure e) {
                throw e.as(SandboxErrorCode.PREPARE_FAILED, edit.path() + ", because " + edit.reason());
            }
        }
        return new Outcome(ImmutableList.copyOf(unreached), ImmutableList.copyOf(exposed));
    }

    private static boolean protects(Edit edit, WindowsPlan plan) {
        return edit instanceof Edit.SetLabel && !plan.writable().contains(edit.path());
    }

    /** Recorded twice: that it is going to be made, which counts if nothing follows, and which object it became. */
    private void createDirectory(Path path) throws SandboxException, WindowsFailure {
        String name = FileTree.extended(path);
        // Held, so that nobody puts a link in its place through which the directory would be made elsewhere.
        try (FileTree.Entry parent = tree.hold(FileTree.parent(name), FileTree.FILE_ADD_SUBDIRECTORY)) {
            requireSame(path.getParent(), parent);
            log.record(ImmutableList.of(made(path, EditRecord.UNKNOWN)));
            try {
                files.createDirectory(name);
            } catch (WindowsFailure e) {
                log.record(ImmutableList.of(EditRecord.denied(path.toString()))); // what is there is somebody else's
                throw e;
            }
            try (FileTree.Entry entry = tree.open(name, 0)) {
                log.record(ImmutableList.of(made(path, entry.id())));
            }
        }
    }

    private static EditRecord made(Path path, FileId id) {
        return new EditRecord(id, path.toString(), new Change.Made(), SecurityDescriptor.EMPTY);
    }

    private void applyTo(Edit edit, ImmutableSortedSet<String> boundaries, WindowsPlan plan, Exposure exposure)
            throws SandboxException, WindowsFailure {
        String top = FileTree.extended(edit.path());
        boolean whole = edit instanceof Edit.SetLabel label ? label.tree() : ((Edit.AddAce) edit).tree();
        FileTree.FirstFailure atTop = new FileTree.FirstFailure();
        boolean[] found = new boolean[1];
        Untaken untaken = (path, failure, visited) -> {
            if (!protects(edit, plan)) {
                // A host that takes a change and shows none of it ignores it; what that means, the attestation finds
                // out.
                if (path.equals(edit.path().toString()) && failure.code() != 0) {
                    atTop.add(failure);
                }
                unreached.add(Unreached.of(path, failure));
                return;
            }
            Edit.SetLabel label = (Edit.SetLabel) edit;
            boolean readable = label.deniesReading() && (!visited || exposure.isReadable(path));
            boolean changeable = !visited || exposure.isChangeable(path);
            if (readable || changeable) {
                exposed.add(new Exposed(label, Unreached.of(path, failure), readable, changeable));
            }
        };
        try (EditBatch batch = new EditBatch(files, log, untaken, batchSize)) {
            FileTree.Visitor<SandboxException> visitor = new FileTree.Visitor<>() {
                @Override
                public boolean enter(FileTree.Entry entry) throws WindowsFailure, SandboxException {
                    boolean isTop = entry.path().equals(top);
                    if (isTop) {
                        requireSame(edit.path(), entry);
                        found[0] = true;
                    } else if (boundaries.contains(entry.path())) {
                        return false;
                    }
                    progress.at(FileTree.plain(entry.path()));
                    try {
                        change(edit, entry, isTop, batch);
                    } catch (WindowsFailure e) {
                        // What is in it can be changed all the same.
                        untaken.accept(FileTree.plain(entry.path()), e, true);
                        noteUntaken(edit, entry, batch);
                    }
                    return whole;
                }

                @Override
                public void failed(String path, WindowsFailure failure) throws SandboxException, WindowsFailure {
                    if (path.equals(top)) {
                        throw failure;
                    }
                    untaken.accept(FileTree.plain(path), failure, false);
                    if (edit instanceof Edit.SetLabel) {
                        batch.note(unseen(FileTree.plain(path), failure));
                    }
                }
            };
            int access = AccessMask.READ_CONTROL.or(access(edit)).bits();
            // Where the label may not be set, it is looked at, and granted for the moment.
            int granting = AccessMask.READ_CONTROL.or(AccessMask.WRITE_DAC).bits();
            tree.walk(top, visitor, access, granting, AccessMask.READ_CONTROL.bits(), 0);
            batch.flush();
        }
        if (!found[0]) {
            requireGone(edit);
        }
        // A root that is not writable, or a place that is not held where it is: not what the plan promises.
        atTop.throwIfAny();
    }

    /** What is undone later has to know the label that an object had, also if it is not changed. */
    private void noteUntaken(Edit edit, FileTree.Entry entry, EditBatch batch) throws SandboxException {
        if (!(edit instanceof Edit.SetLabel)) {
            return;
        }
        String path = FileTree.plain(entry.path());
        try {
            LabelAce found = MandatoryLabel.aceOf(files.descriptor(entry.handle()));
            if (found != null) {
                batch.note(EditRecord.labelled(entry.id(), path, found));
            }
        } catch (WindowsFailure e) {
            batch.note(unseen(path, e));
        }
    }

    private static EditRecord unseen(String path, WindowsFailure failure) {
        return failure.code() == WindowsFailure.ERROR_ACCESS_DENIED
                ? EditRecord.denied(path)
                : EditRecord.skipped(path);
    }

    /** What lies outside of the roots, and was deleted since it was found, needs no protection. */
    private void requireGone(Edit edit) throws WindowsFailure {
        ObjectFacts found = looked.get(edit.path());
        if (facts.objects().containsKey(edit.path()) || found == null || isThere(found)) {
            throw new WindowsFailure(
                    "CreateFileW",
                    WindowsFailure.ERROR_FILE_NOT_FOUND,
                    "it was moved or deleted while the sandbox was opened; open the sandbox again when nobody else works"
                            + " there");
        }
    }

    private boolean isThere(ObjectFacts found) throws WindowsFailure {
        try (FileTree.Entry entry =
                new ById(files).open(found.id(), found.path().toString(), 0).orElse(null)) {
            return entry != null;
        }
    }

    private static AccessMask access(Edit edit) {
        return edit instanceof Edit.SetLabel ? AccessMask.WRITE_OWNER : AccessMask.WRITE_DAC;
    }

    private void requireSame(@Nullable Path path, FileTree.Entry entry) throws SandboxException {
        ObjectFacts found = path == null ? null : looked.get(path);
        if (found != null
                && (!found.id().equals(entry.id())
                        || found.reparsePoint() != entry.facts().isReparsePoint())) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    path + " was replaced by another object while the sandbox was opened (" + found.id() + " became "
                            + entry.id() + "); open the sandbox again when nobody else works there");
        }
    }

    private void change(Edit edit, FileTree.Entry entry, boolean top, EditBatch batch)
            throws SandboxException, WindowsFailure {
        Change.OfDescriptor change;
        if (edit instanceof Edit.SetLabel label) {
            change = new Change.Label(label.ace(top, entry.facts().isDirectory()));
        } else {
            Edit.AddAce add = (Edit.AddAce) edit;
            if (!top && !add.reaches(entry.facts().isDirectory())) {
                return;
            }
            change =
                    new Change.Entry(top ? add.ace() : add.beneath(entry.facts().isDirectory()));
        }
        if (has(entry, change.access())) {
            batch.add(entry, change);
        } else if (change instanceof Change.Label label && has(entry, AccessMask.WRITE_DAC)) {
            labelByGrant(entry, label, batch);
        } else {
            throw denied(change);
        }
    }

    private static boolean has(FileTree.Entry entry, AccessMask access) {
        return AccessMask.of(entry.access()).contains(access);
    }

    private static WindowsFailure denied(Change.OfDescriptor change) {
        return new WindowsFailure(
                "CreateFileW", WindowsFailure.ERROR_ACCESS_DENIED, "the user has no " + change.access() + " on it");
    }

    private void labelByGrant(FileTree.Entry entry, Change.Label label, EditBatch batch)
            throws SandboxException, WindowsFailure {
        SecurityDescriptor before = files.descriptor(entry.handle());
        if (label.apply(before).equals(before)) {
            batch.note(new EditRecord(entry.id(), FileTree.plain(entry.path()), label, before));
            return;
        }
        EditRecord record = new EditRecord(entry.id(), FileTree.plain(entry.path()), label, before);
        grant.during(entry, before, log, List.of(record), granted -> {
            files.replaceLabel(granted, label.apply(before));
            EditBatch.requireShown(files, granted, label);
        });
    }
}
