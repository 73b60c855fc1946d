package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.FileTree.Entry;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Goes through what is to become writable: a root or the temp directory, without what is protected in it. Only files with
 * several names are kept in memory.
 *
 * <p>What cannot be opened at all is passed over: whoever cannot open it cannot label it either, so that no edit reaches
 * it or what is in it. Only that no other sandbox can change it is not claimed then.
 */
final class OpenedScan implements FileTree.Visitor<SandboxException> {
    /** A name of a file with several. */
    private record Candidate(String path, FileId file, int links, boolean shared) {}

    /** A directory whose children are being visited. */
    private static final class Level {
        private final String path;
        private final Optional<SecurityDescriptor> descriptor;
        private boolean holdsUndeletable;

        Level(String path, Optional<SecurityDescriptor> descriptor) {
            this.path = path;
            this.descriptor = descriptor;
        }
    }

    private final String top;
    private final ObjectReader reader;
    private final AccessQuestions questions;
    private final Regions regions;
    private final LinkedFiles links;
    private final boolean hardened;
    private final EditProgress progress;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Deque<Level> levels = new ArrayDeque<>();
    private long objects;
    private boolean sharedWritable;
    private boolean passesOnNothing;
    private boolean needsDeleteChild;

    /**
     * A scan.
     *
     * @param hardened whether the questions that the planner asks for write-restricted tokens only are answered, for which
     *     every descriptor is read
     */
    OpenedScan(
            String top,
            ObjectReader reader,
            AccessQuestions questions,
            Regions regions,
            LinkedFiles links,
            boolean hardened,
            EditProgress progress) {
        this.top = top;
        this.reader = reader;
        this.questions = questions;
        this.regions = regions;
        this.links = links;
        this.hardened = hardened;
        this.progress = progress;
    }

    @Override
    public boolean enter(Entry entry) throws WindowsFailure, SandboxException {
        progress.at(FileTree.plain(entry.path()));
        boolean boundary = !entry.path().equals(top) && regions.isProtectedAt(entry.path());
        Optional<SecurityDescriptor> descriptor = hardened ? reader.descriptor(entry) : Optional.empty();
        if (hardened && !levels.isEmpty()) {
            levels.peek().holdsUndeletable |=
                    descriptor.isEmpty() || !questions.userMay(AccessMask.DELETE, descriptor.get());
        }
        if (boundary) {
            return false;
        }
        objects++;
        boolean shared = hardened && (descriptor.isEmpty() || questions.everySandboxMayChange(descriptor.get()));
        if (LinkedFiles.hasSeveralNames(entry.facts())) {
            FileId file = ObjectReader.id(entry.facts());
            links.writable(file);
            candidates.add(new Candidate(entry.path(), file, entry.facts().links(), shared));
            return false;
        }
        sharedWritable |= shared;
        if (hardened && entry.facts().isDirectory()) {
            passesOnNothing |= descriptor.isPresent()
                    && Inheritance.passesOnNothing(descriptor.get().dacl());
            levels.push(new Level(entry.path(), descriptor));
        }
        return true;
    }

    @Override
    public void leave(Entry entry) throws WindowsFailure {
        if (isCurrent(entry.path())) {
            Level level = levels.pop();
            needsDeleteChild |= level.descriptor.isEmpty()
                    || (questions.userMay(AccessMask.FILE_DELETE_CHILD, level.descriptor.get())
                            && (level.holdsUndeletable || questions.newChildLacksDelete(level.descriptor.get())));
        }
    }

    @Override
    public void failed(String path, WindowsFailure failure) throws WindowsFailure {
        if (!ObjectReader.isRefusal(failure)) {
            throw failure.at(path);
        }
        if (isCurrent(path)) {
            levels.pop(); // it can be opened, but not listed
        }
        sharedWritable |= hardened;
        needsDeleteChild |= hardened;
    }

    private boolean isCurrent(String path) {
        return !levels.isEmpty() && levels.peek().path.equals(path);
    }

    /** How many objects it holds that an edit of the tree reaches. */
    long objects() {
        return objects;
    }

    /**
     * The facts, once every writable place was gone through.
     *
     * @param skipLinks whether files with a name outside stay as they are
     * @param undeletable whether a directory above a carve-out needs FILE_DELETE_CHILD
     */
    TreeFacts facts(boolean skipLinks, boolean undeletable) throws WindowsFailure, SandboxException {
        ImmutableList.Builder<ObjectFacts> escaping = ImmutableList.builder();
        boolean shared = sharedWritable;
        for (Candidate candidate : candidates) {
            boolean escapes = links.escapes(candidate.file, candidate.links);
            shared |= candidate.shared && !(escapes && skipLinks);
            if (escapes) {
                look(candidate).ifPresent(escaping::add);
            }
        }
        return new TreeFacts(
                Optional.empty(),
                escaping.build(),
                ImmutableList.of(),
                shared,
                passesOnNothing,
                needsDeleteChild || undeletable);
    }

    private Optional<ObjectFacts> look(Candidate candidate) throws WindowsFailure, SandboxException {
        Optional<Entry> opened = reader.open(candidate.path);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (Entry entry = opened.get()) {
            return Optional.of(reader.facts(candidate.path, entry.facts(), reader.descriptor(entry), false));
        }
    }
}
