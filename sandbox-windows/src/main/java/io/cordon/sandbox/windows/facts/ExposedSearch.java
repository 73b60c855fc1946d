package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.FileTree.Entry;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.plan.ContainerGrants;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Searches directories for what the child could change although no plan means it to. */
final class ExposedSearch implements FileTree.Visitor<SandboxException> {
    private static final int MOST_UNSEARCHED = 100;
    private static final int OPEN_EXISTING = 3;
    private static final int FILE_FLAG_OPEN_REPARSE_POINT = 0x00200000;
    private static final int FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;

    /** FILE_WRITE_DATA, FILE_APPEND_DATA, WRITE_DAC and WRITE_OWNER, one at a time. */
    private static final int[] CHANGES = {0x2, 0x4, 0x40000, 0x80000};

    private record Found(FileId file, boolean severalNames, ObjectFacts facts) {}

    private final FileCalls files;
    private final ObjectReader reader;
    private final AccessQuestions questions;
    private final Regions regions;
    private final LinkedFiles links;
    private final RecordedTrees recorded;
    private final boolean contained;
    private final EditProgress progress;
    private final List<Found> found = new ArrayList<>();
    private final Set<FileId> seen = new HashSet<>();
    private final List<String> unsearched = new ArrayList<>();

    ExposedSearch(
            FileCalls files,
            ObjectReader reader,
            AccessQuestions questions,
            Regions regions,
            LinkedFiles links,
            RecordedTrees recorded,
            boolean contained,
            EditProgress progress) {
        this.files = files;
        this.reader = reader;
        this.questions = questions;
        this.regions = regions;
        this.links = links;
        this.recorded = recorded;
        this.contained = contained;
        this.progress = progress;
    }

    @Override
    public boolean enter(Entry entry) throws WindowsFailure, SandboxException {
        progress.at(FileTree.plain(entry.path()));
        if (regions.isOpenedAt(entry.path())) {
            return false;
        }
        Optional<SecurityDescriptor> descriptor = reader.descriptor(entry);
        FileId id = ObjectReader.id(entry.facts());
        if (descriptor.isPresent() && isAnothers(id, descriptor.get())) {
            return false;
        }
        boolean severalNames = LinkedFiles.hasSeveralNames(entry.facts());
        if (!contained
                && descriptor.isPresent()
                && regions.isDenied(entry.path())
                && questions.userMayLabel(descriptor.get())) {
            if (severalNames) {
                links.planned(id);
            }
            return true;
        }
        boolean changeable = contained
                ? descriptor.isPresent() && ContainerGrants.grantsAnyOf(descriptor.get(), ContainerGrants.CHANGES)
                : descriptor.isPresent() ? questions.childMayChange(descriptor.get()) : userMayChange(entry.path());
        if (changeable && (!severalNames || seen.add(id))) {
            found.add(new Found(id, severalNames, reader.facts(entry.path(), entry.facts(), descriptor, false)));
        }
        return true;
    }

    /** What another sandbox made writable is meant to be; whether this one can write it, the plan says. */
    private boolean isAnothers(FileId id, SecurityDescriptor descriptor) throws SandboxException {
        boolean low = !MandatoryLabel.of(descriptor).level().dominates(IntegrityLevel.MEDIUM);
        return (low || contained) && recorded.isOpened(id);
    }

    /** Of something whose descriptor is not shown to the user: the child has no right that he does not have. */
    private boolean userMayChange(String path) {
        for (int right : CHANGES) {
            if (files.attempt(path, right, OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS)
                    == 0) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void failed(String path, WindowsFailure failure) throws WindowsFailure {
        if (!ObjectReader.isRefusal(failure)) {
            throw failure.at(path);
        }
        if (unsearched.size() < MOST_UNSEARCHED) {
            unsearched.add(path);
        }
    }

    /** What was found; of a file with several names the first one. */
    ImmutableList<ObjectFacts> exposed() {
        return found.stream()
                .filter(each -> !each.severalNames || !links.isPlanned(each.file))
                .map(Found::facts)
                .collect(ImmutableList.toImmutableList());
    }

    /** The first places that could not be looked into. */
    ImmutableList<Path> unsearched() throws SandboxException {
        ImmutableList.Builder<Path> paths = ImmutableList.builder();
        for (String path : unsearched) {
            paths.add(ObjectReader.path(path));
        }
        return paths.build();
    }
}
