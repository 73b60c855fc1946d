package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.FileTree.Entry;
import io.cordon.sandbox.windows.plan.ContainerGrants;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Goes through a carve-out or a path denied for reading, and finds what the user cannot label although the child could
 * change or read it. What the user cannot look at counts as that: its label might be a low one.
 */
final class ProtectedScan implements FileTree.Visitor<SandboxException> {
    private final String top;
    private final ObjectReader reader;
    private final AccessQuestions questions;
    private final Regions regions;
    private final LinkedFiles links;
    private final boolean contained;
    private final EditProgress progress;
    private final List<String> unprotectable = new ArrayList<>();
    private final LinkedNames linked = new LinkedNames();
    private long objects;
    private boolean passesOnNothing;

    ProtectedScan(
            String top,
            ObjectReader reader,
            AccessQuestions questions,
            Regions regions,
            LinkedFiles links,
            boolean contained,
            EditProgress progress) {
        this.top = top;
        this.reader = reader;
        this.questions = questions;
        this.regions = regions;
        this.links = links;
        this.contained = contained;
        this.progress = progress;
    }

    @Override
    public boolean enter(Entry entry) throws WindowsFailure, SandboxException {
        progress.at(FileTree.plain(entry.path()));
        objects++;
        Optional<SecurityDescriptor> descriptor = reader.descriptor(entry);
        boolean denied = regions.isDenied(entry.path());
        if (contained) {
            enterContained(entry, descriptor, denied);
            return true;
        }
        boolean labelWritable = descriptor.isPresent() && questions.userMayLabel(descriptor.get());
        if (LinkedFiles.hasSeveralNames(entry.facts())
                && ((denied && labelWritable) || regions.isInRoot(entry.path()))) {
            links.planned(ObjectReader.id(entry.facts()));
        }
        if (!entry.path().equals(top) && !labelWritable && (descriptor.isEmpty() || isOpen(denied, descriptor.get()))) {
            unprotectable.add(entry.path());
        }
        return true;
    }

    /** No label holds an AppContainer, and it needs none to be held: what counts is whether it was granted something. */
    private void enterContained(Entry entry, Optional<SecurityDescriptor> descriptor, boolean denied)
            throws WindowsFailure, SandboxException {
        if (LinkedFiles.hasSeveralNames(entry.facts())) {
            FileId id = ObjectReader.id(entry.facts());
            if (regions.isInRoot(entry.path())) {
                links.planned(id); // what is granted to AppContainers is told of here
            }
            if (denied) {
                links.denied(id);
            } else {
                linked.add(id, reader.facts(entry.path(), entry.facts(), descriptor, false));
            }
        }
        passesOnNothing |= entry.facts().isDirectory()
                && descriptor.isPresent()
                && Inheritance.passesOnNothing(descriptor.get().dacl());
        // What the user may not look at grants the library's package nothing: it could not be changed either.
        if (descriptor.isPresent()
                && ContainerGrants.grantsAnyOf(
                        descriptor.get(), denied ? ContainerGrants.USES : ContainerGrants.CHANGES)) {
            unprotectable.add(entry.path());
        }
    }

    private boolean isOpen(boolean denied, SecurityDescriptor descriptor) throws WindowsFailure {
        return denied ? questions.childMayRead(descriptor) : questions.childMayChange(descriptor);
    }

    @Override
    public void failed(String path, WindowsFailure failure) throws WindowsFailure {
        if (!ObjectReader.isRefusal(failure)) {
            throw failure.at(path);
        }
        if (!contained) {
            unprotectable.add(path);
        }
    }

    /** How many objects it holds. */
    long objects() {
        return objects;
    }

    /** The facts. */
    TreeFacts facts() throws SandboxException {
        ImmutableList.Builder<Path> paths = ImmutableList.builder();
        for (String path : unprotectable) {
            paths.add(ObjectReader.path(path));
        }
        return new TreeFacts(Optional.empty(), linked.denied(links), paths.build(), false, passesOnNothing, false);
    }
}
