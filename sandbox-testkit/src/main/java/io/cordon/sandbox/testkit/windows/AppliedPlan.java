package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.AceChange;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.LabelChange;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The changes that a plan made on a volume, with what is needed to take them back. */
public final class AppliedPlan {
    private final VirtualVolume volume;
    private final VirtualToken user;
    private final Deque<Runnable> journal = new ArrayDeque<>();
    private final List<String> unreached = new ArrayList<>();

    AppliedPlan(VirtualVolume volume, VirtualToken user) {
        this.volume = volume;
        this.user = user;
    }

    /** Objects that the plan meant to change and the user may not: foreign ones, or labelled above his level. */
    public ImmutableList<String> unreached() {
        return ImmutableList.copyOf(unreached);
    }

    /** Takes back exactly what was changed, last first; what others changed meanwhile stays. */
    public void undo() {
        while (!journal.isEmpty()) {
            journal.pop().run();
        }
    }

    void fence(Path path) {
        VirtualObject object = volume.find(VirtualVolume.fromPath(path));
        if (object != null) {
            volume.fence(object.id());
            journal.push(() -> volume.unfence(object.id()));
        }
    }

    void apply(Edit edit, Set<Path> boundaries) {
        String path = VirtualVolume.fromPath(edit.path());
        if (edit instanceof Edit.CreateDirectory) {
            if (volume.as(user).createDirectory(path, null).isDone()) {
                VirtualObject made = volume.find(path);
                journal.push(() -> deleteMade(path, made));
            } else {
                unreached.add(path);
            }
            return;
        }
        VirtualObject top = volume.find(path);
        if (top == null) {
            unreached.add(path);
            return;
        }
        if (edit instanceof Edit.SetLabel label) {
            each(path, top, label.tree(), boundaries, (at, object) -> {
                setLabel(at, object, label.ace(object == top, object.isDirectory()));
            });
        } else if (edit instanceof Edit.AddAce add) {
            each(path, top, add.tree(), boundaries, (at, object) -> {
                if (object == top || add.reaches(object.isDirectory())) {
                    addAce(at, object, object == top ? add.ace() : add.beneath(object.isDirectory()));
                }
            });
        }
    }

    /**
     * Deletes a directory that was made, if it is still there and empty, by the handle that made it: who makes an object
     * gets what he asked for, and keeps it whatever becomes of the descriptors (MS-FSA 2.1.5.1.1).
     */
    private void deleteMade(String path, @Nullable VirtualObject made) {
        VirtualVolume.Location location = volume.locate(path, false);
        if (made != null && location.object() == made && made.entries.isEmpty()) {
            volume.unlink(location);
        }
    }

    private void each(
            String path,
            VirtualObject top,
            boolean tree,
            Set<Path> boundaries,
            BiConsumer<String, VirtualObject> action) {
        action.accept(path, top);
        if (tree) {
            Set<Long> seen = new HashSet<>();
            descend(path, top, boundaries, seen, action);
        }
    }

    private void descend(
            String path,
            VirtualObject directory,
            Set<Path> boundaries,
            Set<Long> seen,
            BiConsumer<String, VirtualObject> action) {
        if (directory.reparseTarget() != null) {
            return;
        }
        if (!allows(directory, AccessMask.FILE_READ_DATA)) {
            unreached.add(path);
            return;
        }
        for (VirtualObject.Entry entry : ImmutableList.copyOf(directory.entries.values())) {
            String at = path + "/" + entry.name();
            VirtualObject child = volume.object(entry.id());
            if (!boundaries.contains(VirtualVolume.toPath(at)) && seen.add(child.id())) {
                action.accept(at, child);
                descend(at, child, boundaries, seen, action);
            }
        }
    }

    private void setLabel(String path, VirtualObject object, LabelAce label) {
        // With WRITE_DAC the user can grant himself WRITE_OWNER for the moment; the levels of label and user are
        // compared all the same.
        boolean allowed = allows(object, AccessMask.WRITE_OWNER) || allows(object, AccessMask.WRITE_DAC);
        if (!allowed || !user.level().dominates(label.level())) {
            unreached.add(path);
            return;
        }
        SecurityDescriptor before = object.descriptor();
        change(object, LabelChange.apply(before, label), now -> LabelChange.undo(now, before, label));
    }

    private void addAce(String path, VirtualObject object, AccessAce ace) {
        if (!allows(object, AccessMask.WRITE_DAC)) {
            unreached.add(path);
            return;
        }
        SecurityDescriptor before = object.descriptor();
        change(object, AceChange.apply(before, ace), now -> AceChange.undo(now, before, ace));
    }

    private void change(VirtualObject object, SecurityDescriptor after, UnaryOperator<SecurityDescriptor> undo) {
        volume.setDescriptor(object.id(), after);
        journal.push(() -> {
            if (volume.byId(object.id()) != null) {
                volume.setDescriptor(
                        object.id(), undo.apply(volume.object(object.id()).descriptor()));
            }
        });
    }

    private boolean allows(VirtualObject object, AccessMask mask) {
        return volume.monitor().allows(user, object.descriptor(), mask);
    }
}
