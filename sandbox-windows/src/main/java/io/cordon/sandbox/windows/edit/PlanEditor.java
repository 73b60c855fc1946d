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
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
    private final EditProgress progress;
    private final LabelGrant grant;
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
     */
    public record Exposed(Edit.SetLabel edit, Unreached object) {}

    /**
     * An editor.
     *
     * @param log where every change is recorded before it is made
     * @param facts what the plan was made from
     */
    public PlanEditor(FileCalls files, EditLog log, HostFacts facts, EditProgress progress) {
        this.files = files;
        this.tree = new FileTree(files);
        this.log = log;
        this.facts = facts;
        this.progress = progress;
        this.grant = new LabelGrant(files, facts.user());
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
                    applyTo(edit, boundaries, untaken(edit, plan, exposure));
                }
            } catch (WindowsFailure e) {
                throw e.as(SandboxErrorCode.PREPARE_FAILED, edit.path() + ", because " + edit.reason());
            }
        }
        return new Outcome(ImmutableList.copyOf(unreached), ImmutableList.copyOf(exposed));
    }

    private Untaken untaken(Edit edit, WindowsPlan plan, Exposure exposure) {
        if (edit instanceof Edit.SetLabel label && !plan.writable().contains(edit.path())) {
            return (object, visited) -> {
                if (!visited || exposure.isExposed(object.path(), label.label())) {
                    exposed.add(new Exposed(label, object));
                }
            };
        }
        return (object, visited) -> unreached.add(object);
    }

    /** Recorded twice: that it is going to be made, which counts if nothing follows, and which object it became. */
    private void createDirectory(Path path) throws SandboxException, WindowsFailure {
        String name = FileTree.extended(path);
        log.record(ImmutableList.of(made(path, RecordUndo.NOT_YET_MADE)));
        files.createDirectory(name);
        try (FileTree.Entry entry = tree.open(name, 0)) {
            log.record(ImmutableList.of(made(path, entry.id())));
        }
    }

    private static EditRecord made(Path path, FileId id) {
        return new EditRecord(id, path.toString(), new Change.Made(), SecurityDescriptor.EMPTY);
    }

    private void applyTo(Edit edit, ImmutableSortedSet<String> boundaries, Untaken untaken)
            throws SandboxException, WindowsFailure {
        String top = FileTree.extended(edit.path());
        boolean whole = edit instanceof Edit.SetLabel label ? label.tree() : ((Edit.AddAce) edit).tree();
        try (EditBatch batch = new EditBatch(files, log, untaken)) {
            FileTree.Visitor<SandboxException> visitor = new FileTree.Visitor<>() {
                @Override
                public boolean enter(FileTree.Entry entry) throws WindowsFailure, SandboxException {
                    boolean isTop = entry.path().equals(top);
                    if (isTop) {
                        requireSame(edit, entry);
                    } else if (boundaries.contains(entry.path())) {
                        return false;
                    }
                    progress.at(FileTree.plain(entry.path()));
                    try {
                        change(edit, entry, isTop, batch);
                    } catch (WindowsFailure e) {
                        // What is in it can be changed all the same.
                        untaken.accept(Unreached.of(FileTree.plain(entry.path()), e), true);
                    }
                    return whole;
                }

                @Override
                public void failed(String path, WindowsFailure failure) throws WindowsFailure {
                    if (path.equals(top)) {
                        throw failure;
                    }
                    untaken.accept(Unreached.of(FileTree.plain(path), failure), false);
                }
            };
            int access = AccessMask.READ_CONTROL.or(access(edit)).bits();
            // Where the label may not be set, it is looked at, and granted for the moment.
            int granting = AccessMask.READ_CONTROL.or(AccessMask.WRITE_DAC).bits();
            tree.walk(top, visitor, access, granting, AccessMask.READ_CONTROL.bits(), 0);
            batch.flush();
        }
    }

    private static AccessMask access(Edit edit) {
        return edit instanceof Edit.SetLabel ? AccessMask.WRITE_OWNER : AccessMask.WRITE_DAC;
    }

    private void requireSame(Edit edit, FileTree.Entry entry) throws SandboxException {
        ObjectFacts found = facts.objects().get(edit.path());
        if (found != null
                && (!found.id().equals(entry.id())
                        || found.reparsePoint() != entry.facts().isReparsePoint())) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    edit.path() + " was replaced by another object while the sandbox was opened (" + found.id()
                            + " became " + entry.id() + "); open the sandbox again when nobody else works there");
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
            labelByGrant(entry, label);
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

    private void labelByGrant(FileTree.Entry entry, Change.Label label) throws SandboxException, WindowsFailure {
        SecurityDescriptor before = files.descriptor(entry.handle());
        if (label.apply(before).equals(before)) {
            return;
        }
        String path = FileTree.plain(entry.path());
        log.record(ImmutableList.of(
                new EditRecord(entry.id(), path, grant.change(), before),
                new EditRecord(entry.id(), path, label, before)));
        grant.during(entry, before, granted -> {
            files.replaceLabel(granted, label.apply(before));
            EditBatch.requireShown(files, granted, label);
        });
    }
}
