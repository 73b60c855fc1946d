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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    /** Objects that had a label of their own before, with that. */
    private final Map<FileId, SecurityDescriptor> labelledBefore = new HashMap<>();
    /** Whom the tops of trees grant what they hand on. */
    private final Set<Sid> grantees = new HashSet<>();
    /** Objects whose lists named one of them before. */
    private final Set<FileId> grantedBefore = new HashSet<>();
    /** How many names of files with several ones were come across. */
    private final Map<FileId, Integer> linksSeen = new HashMap<>();
    /** Paths of what the user was not allowed to open before. If he is now, it is something else. */
    private final Set<String> deniedBefore = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    /** Paths of what was not looked at before, so that nobody knows what labels there were. */
    private final Set<String> skippedBefore = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
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
            deniedBefore.add(record.path());
        } else if (record.object().equals(EditRecord.SKIPPED)) {
            skippedBefore.add(record.path());
        } else if (MandatoryLabel.aceOf(record.before()) != null) {
            // The oldest record of an object comes last, and tells what it was.
            labelledBefore.put(record.object(), record.before().withoutDacl());
        } else {
            labelledBefore.remove(record.object());
        }
        if (record.change() instanceof Change.Entry entry
                && (entry.ace().flags().bits() & AceFlags.INHERIT.bits()) != 0) {
            handedOn.add(entry.ace());
            if (entry.ace().kind().allows()) {
                grantees.add(entry.ace().sid());
            }
        }
        if (record.change() instanceof Change.Entry entry
                && names(record.before(), entry.ace().sid())) {
            grantedBefore.add(record.object());
        }
    }

    private static boolean names(SecurityDescriptor descriptor, Sid sid) {
        Acl dacl = descriptor.dacl();
        return dacl != null
                && dacl.aces().stream()
                        .anyMatch(ace ->
                                ace instanceof AccessAce access && access.sid().equals(sid));
    }

    /**
     * Walks a tree.
     *
     * @param place its top, to which a child can have given another label than the journal restores
     * @param others places that this tree does not reach into
     */
    void sweep(Place place, Set<String> others) throws SandboxException {
        String top = FileTree.extended(place.path());
        FileTree.Visitor<SandboxException> visitor = new FileTree.Visitor<>() {
            @Override
            public boolean enter(FileTree.Entry entry) throws SandboxException, WindowsFailure {
                String path = FileTree.plain(entry.path());
                if (others.contains(path) || skippedBefore.contains(path)) {
                    return false;
                }
                if (isWholly(entry)) {
                    clean(entry, place.label().level());
                }
                return true;
            }

            @Override
            public void failed(String path, WindowsFailure failure) {
                String plain = FileTree.plain(path);
                if (failure.code() != WindowsFailure.ERROR_ACCESS_DENIED || !deniedBefore.contains(plain)) {
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

    /**
     * Whether this is the last name of the file, so that all of them are in the trees. A child can give a file of somebody
     * else a name in its root, for which Windows did not always ask for rights to the file; what has a name elsewhere is
     * not the child's.
     */
    private boolean isWholly(FileTree.Entry entry) {
        int links = entry.facts().links();
        return entry.facts().isDirectory() || links <= 1 || linksSeen.merge(entry.id(), 1, Integer::sum) == links;
    }

    private void clean(FileTree.Entry entry, IntegrityLevel level) throws SandboxException, WindowsFailure {
        SecurityDescriptor now = files.descriptor(entry.handle());
        SecurityDescriptor before = labelledBefore.getOrDefault(entry.id(), SecurityDescriptor.EMPTY);
        LabelAce label = MandatoryLabel.aceOf(now);
        boolean low = label != null && level.dominates(label.level()) && !label.equals(MandatoryLabel.aceOf(before));
        SecurityDescriptor dacl = withoutInherited(now, entry, low);
        if (low) {
            relabel(entry, now, dacl, before, new Change.Label(Objects.requireNonNull(label)));
        } else if (!dacl.equals(now)) {
            try (FileTree.Entry open = reopen(entry, AccessMask.WRITE_DAC)) {
                files.replaceDacl(open.handle(), dacl);
            }
        }
    }

    /** The list first, because the label tells, should this be cut off, that there is something to clean. */
    private void relabel(
            FileTree.Entry entry,
            SecurityDescriptor now,
            SecurityDescriptor dacl,
            SecurityDescriptor before,
            Change.Label change)
            throws SandboxException, WindowsFailure {
        SecurityDescriptor wanted = change.undo(dacl, before);
        AccessMask both = dacl.equals(now) ? change.access() : change.access().or(AccessMask.WRITE_DAC);
        try (FileTree.Entry open = reopen(entry, both)) {
            if (!dacl.equals(now)) {
                files.replaceDacl(open.handle(), dacl);
            }
            change.store(files, open.handle(), wanted);
        } catch (WindowsFailure e) {
            if (e.code() != WindowsFailure.ERROR_ACCESS_DENIED) {
                throw e;
            }
            try (FileTree.Entry open = reopen(entry, AccessMask.WRITE_DAC)) {
                files.replaceDacl(open.handle(), dacl);
                SecurityDescriptor present = files.descriptor(open.handle());
                grant.during(open, present, grants, List.of(), granted -> change.store(files, granted, wanted));
            }
        }
    }

    /**
     * What is made in a tree inherits its entries; so does what is there already when somebody else's tool edits the list
     * of the top, which makes the system hand on what is in it.
     *
     * @param made whether the object seems to have been made meanwhile: only then is an entry that denies and is its own
     *     ours
     */
    private SecurityDescriptor withoutInherited(SecurityDescriptor now, FileTree.Entry entry, boolean made) {
        boolean directory = entry.facts().isDirectory();
        SecurityDescriptor result = now;
        for (AccessAce ace : handedOn) {
            AceFlags flags = directory ? new AceFlags(ace.flags().bits() & AceFlags.INHERIT.bits()) : AceFlags.NONE;
            result = AceChange.undo(result, NOTHING, ace.withFlags(flags.with(AceFlags.INHERITED)));
            if (made) {
                result = AceChange.undo(result, NOTHING, ace.withFlags(flags));
            }
        }
        Acl dacl = result.dacl();
        if (dacl == null
                || grantedBefore.contains(entry.id())
                || grantees.stream().noneMatch(sid -> names(now, sid))) {
            return result;
        }
        // Also what the child granted itself.
        return result.withDacl(dacl.withAces(dacl.aces().stream()
                .filter(ace -> !(ace instanceof AccessAce access && grantees.contains(access.sid())))
                .toList()));
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
