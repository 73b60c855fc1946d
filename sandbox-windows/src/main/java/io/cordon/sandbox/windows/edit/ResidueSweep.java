package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.AceChange;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes away what came into a writable tree while it was open: objects that were made there inherited its label and its
 * entries, and a child can label what it makes. A journal knows none of them, so the tree is walked.
 *
 * <p>Learns from the records that are undone before which labels and entries these can be.
 */
final class ResidueSweep {
    private static final SecurityDescriptor NOTHING = SecurityDescriptor.EMPTY.withDacl(Acl.EMPTY);

    private final FileCalls files;
    private final LabelGrant grant;
    private final EditLog grants;
    private final List<Unreached> left;
    /** Objects that had a label of their own before. */
    private final Set<FileId> labelledBefore = new HashSet<>();
    /** Paths of what the user could not open before, whatever it is. */
    private final Set<String> unseenBefore = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    /** Entries that the tops of trees hand on. */
    private final Set<AccessAce> handedOn = new HashSet<>();

    /**
     * A sweep.
     *
     * @param grants where it is recorded what is granted for the moment
     * @param left is told the objects on which something is left
     */
    ResidueSweep(FileCalls files, Sid user, EditLog grants, List<Unreached> left) {
        this.files = files;
        this.grants = grants;
        this.grant = new LabelGrant(files, user);
        this.left = left;
    }

    /** Takes note of a change that is undone. */
    void learn(EditRecord record) {
        if (record.object().equals(EditRecord.UNKNOWN)) {
            unseenBefore.add(record.path());
        } else if (MandatoryLabel.aceOf(record.before()) != null) {
            labelledBefore.add(record.object());
        }
        if (record.change() instanceof Change.Entry entry
                && (entry.ace().flags().bits() & AceFlags.INHERIT.bits()) != 0) {
            handedOn.add(entry.ace());
        }
    }

    /**
     * Walks a tree.
     *
     * @param place its top, which the journal restores
     * @param others places that this tree does not reach into
     */
    void sweep(Place place, Set<String> others) throws SandboxException {
        String top = FileTree.extended(place.path());
        FileTree.Visitor<SandboxException> visitor = new FileTree.Visitor<>() {
            @Override
            public boolean enter(FileTree.Entry entry) throws SandboxException, WindowsFailure {
                if (entry.path().equals(top)) {
                    return true;
                }
                if (others.contains(FileTree.plain(entry.path()))) {
                    return false;
                }
                clean(entry, place.label().level());
                return true;
            }

            @Override
            public void failed(String path, WindowsFailure failure) {
                String plain = FileTree.plain(path);
                if (failure.code() != WindowsFailure.ERROR_ACCESS_DENIED || !unseenBefore.contains(plain)) {
                    left.add(Unreached.of(plain, failure));
                }
            }
        };
        try {
            new FileTree(files).walk(top, visitor, FileTree.READ_CONTROL);
        } catch (WindowsFailure e) {
            left.add(Unreached.of(place.path(), e));
        }
    }

    private void clean(FileTree.Entry entry, IntegrityLevel level) throws SandboxException, WindowsFailure {
        SecurityDescriptor now = files.descriptor(entry.handle());
        LabelAce label = MandatoryLabel.aceOf(now);
        boolean foreign = false;
        if (label != null && level.dominates(label.level()) && !labelledBefore.contains(entry.id())) {
            foreign = true;
            Change.Label change = new Change.Label(label);
            set(entry, change, change.undo(now, SecurityDescriptor.EMPTY));
        }
        SecurityDescriptor wanted = withoutInherited(now, entry.facts().isDirectory(), foreign);
        if (!wanted.equals(now)) {
            try (FileTree.Entry open = reopen(entry, AccessMask.WRITE_DAC)) {
                files.replaceDacl(open.handle(), wanted);
            }
        }
    }

    /**
     * What is made in a tree inherits its entries; so does what is there already when somebody else's tool edits the list
     * of the top, which makes the system hand on what is in it.
     *
     * @param made whether the object was made meanwhile: only then is an entry that is its own ours as well, unless it
     *     names a SID that nobody else uses
     */
    private SecurityDescriptor withoutInherited(SecurityDescriptor now, boolean directory, boolean made) {
        SecurityDescriptor result = now;
        for (AccessAce ace : handedOn) {
            AceFlags flags = directory ? new AceFlags(ace.flags().bits() & AceFlags.INHERIT.bits()) : AceFlags.NONE;
            result = AceChange.undo(result, NOTHING, ace.withFlags(flags.with(AceFlags.INHERITED)));
            if (made || ace.kind().allows()) {
                result = AceChange.undo(result, NOTHING, ace.withFlags(flags));
            }
        }
        return result;
    }

    private void set(FileTree.Entry entry, Change.Label change, SecurityDescriptor wanted)
            throws SandboxException, WindowsFailure {
        try (FileTree.Entry open = reopen(entry, change.access())) {
            change.store(files, open.handle(), wanted);
        } catch (WindowsFailure e) {
            if (e.code() != WindowsFailure.ERROR_ACCESS_DENIED) {
                throw e;
            }
            try (FileTree.Entry open = reopen(entry, AccessMask.WRITE_DAC)) {
                SecurityDescriptor now = files.descriptor(open.handle());
                grant.during(open, now, grants, List.of(), granted -> change.store(files, granted, wanted));
            }
        }
    }

    private FileTree.Entry reopen(FileTree.Entry entry, AccessMask access) throws WindowsFailure {
        FileTree.Entry open = new FileTree(files)
                .open(entry.path(), AccessMask.READ_CONTROL.or(access).bits());
        if (!open.id().equals(entry.id())) {
            open.close();
            throw new WindowsFailure("CreateFileW", WindowsFailure.ERROR_ACCESS_DENIED, "it was replaced meanwhile");
        }
        return open;
    }
}
