package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.FileTree.Entry;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;

/**
 * Goes through what an AppContainer is to be granted to read, without what is protected in it. What the user may not
 * look at he cannot grant either, so that it is passed over.
 */
final class ReadScan implements FileTree.Visitor<SandboxException> {
    private final String top;
    private final ObjectReader reader;
    private final Regions regions;
    private final EditProgress progress;
    private final LinkedNames linked = new LinkedNames();
    private boolean passesOnNothing;
    private long objects;

    ReadScan(String top, ObjectReader reader, Regions regions, EditProgress progress) {
        this.top = top;
        this.reader = reader;
        this.regions = regions;
        this.progress = progress;
    }

    @Override
    public boolean enter(Entry entry) throws WindowsFailure, SandboxException {
        progress.at(FileTree.plain(entry.path()));
        if (!entry.path().equals(top) && regions.isProtectedAt(entry.path())) {
            return false;
        }
        objects++;
        Optional<SecurityDescriptor> descriptor = reader.descriptor(entry);
        passesOnNothing |= entry.facts().isDirectory()
                && descriptor.isPresent()
                && Inheritance.passesOnNothing(descriptor.get().dacl());
        if (LinkedFiles.hasSeveralNames(entry.facts()) && !regions.denied().isEmpty()) {
            linked.add(ObjectReader.id(entry.facts()), reader.facts(entry.path(), entry.facts(), descriptor, false));
        }
        return true;
    }

    @Override
    public void failed(String path, WindowsFailure failure) throws WindowsFailure {
        if (!ObjectReader.isRefusal(failure)) {
            throw failure.at(path);
        }
    }

    /** How many objects it holds. */
    long objects() {
        return objects;
    }

    /** The facts, once every place that is denied for reading was gone through. */
    TreeFacts facts(LinkedFiles links) {
        return new TreeFacts(Optional.empty(), linked.denied(links), ImmutableList.of(), false, passesOnNothing, false);
    }
}
