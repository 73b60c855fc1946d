package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.FileTree.Entry;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Reads what the planner wants to know of single objects. */
final class ObjectReader {
    static final int FILE_LIST_DIRECTORY = 0x1;

    /** What stands for a descriptor that the user may not read: it might be that of something the child can change. */
    private static final SecurityDescriptor UNKNOWN = SecurityDescriptor.of(
                    WellKnownSids.NULL, WellKnownSids.NULL, Acl.EMPTY)
            .withSacl(Acl.of(new LabelAce(AceFlags.NONE, AccessMask.NONE, IntegrityLevel.UNTRUSTED)));

    private static final FileId NO_ID = new FileId(0, 0);

    private final FileCalls files;
    private final FileTree tree;
    private final AccessQuestions questions;
    private final Set<Long> aclVolumes = new HashSet<>();

    ObjectReader(FileCalls files, AccessQuestions questions) {
        this.files = files;
        this.tree = new FileTree(files);
        this.questions = questions;
    }

    /** Whether a failure says that this user may not do it, or not now, rather than that something is broken. */
    static boolean isRefusal(WindowsFailure failure) {
        return failure.code() == WindowsFailure.ERROR_ACCESS_DENIED
                || failure.code() == WindowsFailure.ERROR_SHARING_VIOLATION;
    }

    static boolean isMissing(WindowsFailure failure) {
        return failure.code() == WindowsFailure.ERROR_FILE_NOT_FOUND
                || failure.code() == WindowsFailure.ERROR_PATH_NOT_FOUND;
    }

    static FileId id(FileFacts facts) {
        return new FileId(Integer.toUnsignedLong(facts.volumeSerial()), facts.fileIndex());
    }

    /**
     * The path for the planner.
     *
     * @throws SandboxException if the Java platform has no such path: it refuses names that end in a blank, for instance
     */
    static Path path(String extended) throws SandboxException {
        try {
            return FileTree.path(extended);
        } catch (InvalidPathException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    extended + " has a name that Java has no path for (" + e.getReason() + "); rename it",
                    e);
        }
    }

    /** The volumes of what was noted that keep descriptors. */
    ImmutableSet<Long> aclVolumes() {
        return ImmutableSet.copyOf(aclVolumes);
    }

    /** The descriptor; empty if the user may not read it. */
    Optional<SecurityDescriptor> descriptor(Entry entry) throws WindowsFailure {
        try {
            return Optional.of(files.descriptor(entry.handle()));
        } catch (WindowsFailure e) {
            if (isRefusal(e)) {
                return Optional.empty();
            }
            throw e.at(entry.path());
        }
    }

    /** Opens an object as itself, to read its descriptor or at least its attributes; empty if it is not there. */
    Optional<Entry> open(String path) throws WindowsFailure {
        try {
            try {
                return Optional.of(tree.open(path, FileTree.READ_CONTROL));
            } catch (WindowsFailure e) {
                if (!isRefusal(e)) {
                    throw e;
                }
                return Optional.of(tree.open(path, 0));
            }
        } catch (WindowsFailure e) {
            if (isMissing(e)) {
                return Optional.empty();
            }
            throw isRefusal(e) ? e : e.at(path);
        }
    }

    /** The facts of an object whose descriptor, if the user may read it, is this. */
    ObjectFacts facts(
            String path, FileFacts facts, Optional<SecurityDescriptor> descriptor, boolean childrenNeedDeleteChild)
            throws WindowsFailure, SandboxException {
        boolean known = descriptor.isPresent();
        return new ObjectFacts(
                path(path),
                id(facts),
                facts.isDirectory(),
                facts.isReparsePoint(),
                descriptor.orElse(UNKNOWN),
                known && questions.userMayLabel(descriptor.get()),
                known && questions.userMay(AccessMask.WRITE_DAC, descriptor.get()),
                childrenNeedDeleteChild);
    }

    /** The facts of something that cannot be opened at all: a directory perhaps, and one that the user cannot label. */
    static ObjectFacts unreadable(String path) throws SandboxException {
        return new ObjectFacts(path(path), NO_ID, true, false, UNKNOWN, false, false, true);
    }

    /** Remembers whether the volume of an open object keeps descriptors. */
    void noteVolume(Entry entry) throws WindowsFailure {
        if (files.volume(entry.handle()).persistentAcls()) {
            aclVolumes.add(id(entry.facts()).volume());
        }
    }

    /**
     * Whether something in a directory, or something that the user makes in it later, can be deleted by him only through
     * FILE_DELETE_CHILD.
     */
    boolean childrenNeedDeleteChild(String directory, SecurityDescriptor descriptor) throws WindowsFailure {
        if (!questions.userMay(AccessMask.FILE_DELETE_CHILD, descriptor)) {
            return false;
        }
        if (questions.newChildLacksDelete(descriptor)) {
            return true;
        }
        try (Entry listed = tree.open(directory, FILE_LIST_DIRECTORY)) {
            for (String name : files.list(listed.handle())) {
                if (lacksDelete(FileTree.join(directory, name))) {
                    return true;
                }
            }
            return false;
        } catch (WindowsFailure e) {
            if (isRefusal(e)) {
                return true; // what is in it cannot be looked at
            }
            throw e;
        }
    }

    private boolean lacksDelete(String path) throws WindowsFailure {
        Optional<Entry> opened;
        try {
            opened = open(path);
        } catch (WindowsFailure e) {
            if (isRefusal(e)) {
                return true;
            }
            throw e;
        }
        if (opened.isEmpty()) {
            return false;
        }
        try (Entry entry = opened.get()) {
            Optional<SecurityDescriptor> descriptor = descriptor(entry);
            return descriptor.isEmpty() || !questions.userMay(AccessMask.DELETE, descriptor.get());
        }
    }
}
