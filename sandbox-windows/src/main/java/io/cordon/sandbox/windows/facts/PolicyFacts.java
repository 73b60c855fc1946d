package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.FileTree.Entry;
import io.cordon.sandbox.windows.facts.PathResolution.Resolved;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the paths of a policy lead, and what is there. */
final class PolicyFacts {
    /** An object that can be opened. */
    private record Looked(FileFacts facts, Optional<SecurityDescriptor> descriptor) {}

    private final PathResolution resolution;
    private final ObjectReader reader;
    private final AccessQuestions questions;
    private final Regions regions;
    private final Map<Path, Resolved> resolved = new LinkedHashMap<>();
    private final Map<String, Looked> looked = new LinkedHashMap<>();
    private final Set<String> unreadable = new LinkedHashSet<>();
    private final Set<String> undeletable = new HashSet<>();

    /**
     * Resolves every path of the policy, and the temp directory's, and opens what they lead to.
     *
     * @param contained whether the child is to be in an AppContainer
     */
    PolicyFacts(
            FileCalls files,
            ObjectReader reader,
            AccessQuestions questions,
            SandboxPolicy policy,
            Path temp,
            boolean contained)
            throws WindowsFailure, SandboxException {
        this.resolution = new PathResolution(files);
        this.reader = reader;
        this.questions = questions;
        this.regions = new Regions(resolution.resolve(temp).real());
        resolve(policy.allowWrite(), regions.roots());
        resolve(policy.denyWrite(), regions.carveOuts());
        resolve(policy.denyRead(), regions.denied());
        if (contained) {
            resolve(policy.allowRead(), regions.readable());
        }
        look(regions.temp());
    }

    private void resolve(Set<Path> asked, Set<String> target) throws WindowsFailure, SandboxException {
        for (Path path : asked) {
            Resolved leads = resolution.resolve(path);
            resolved.put(path, leads);
            if (leads.link().isPresent()) {
                look(leads.link().get());
                if (target == regions.carveOuts()) {
                    target.add(leads.link().get());
                }
            }
            // A link that leads out of every root is protected itself; where it leads to nothing is writable.
            if (target != regions.carveOuts() || regions.isInRoot(FileTree.parent(leads.real()))) {
                target.add(leads.real());
            }
            look(leads.real());
        }
    }

    private void look(String path) throws WindowsFailure, SandboxException {
        if (looked.containsKey(path) || unreadable.contains(path)) {
            return;
        }
        try {
            Optional<Entry> opened = reader.open(path);
            if (opened.isPresent()) {
                try (Entry entry = opened.get()) {
                    reader.noteVolume(entry);
                    looked.put(path, new Looked(entry.facts(), reader.descriptor(entry)));
                }
            }
        } catch (WindowsFailure e) {
            if (!ObjectReader.isRefusal(e)) {
                throw e.at(path);
            }
            if (regions.isOpenedAt(path)) {
                throw new SandboxException(
                        SandboxErrorCode.PREPARE_FAILED,
                        "allowWrite(" + FileTree.path(path) + ") cannot be looked at: " + e.getMessage()
                                + "; whoever opens the sandbox needs Full control of it",
                        e);
            }
            unreadable.add(path);
        }
    }

    Regions regions() {
        return regions;
    }

    /** The tops of the trees that are there, with their identities. */
    ImmutableMap<String, FileId> tops() {
        ImmutableMap.Builder<String, FileId> tops = ImmutableMap.builder();
        for (String top : regions.tops()) {
            Looked there = looked.get(top);
            if (there != null) {
                tops.put(top, ObjectReader.id(there.facts()));
            }
        }
        return tops.buildOrThrow();
    }

    /** The writable places that are there. */
    ImmutableMap<Path, FileFacts> writable() throws SandboxException {
        ImmutableMap.Builder<Path, FileFacts> writable = ImmutableMap.builder();
        for (String top : regions.tops()) {
            Looked there = looked.get(top);
            if (there != null && regions.isOpenedAt(top)) {
                writable.put(ObjectReader.path(top), there.facts());
            }
        }
        return writable.buildOrThrow();
    }

    /** The roots in which a directory above a carve-out needs FILE_DELETE_CHILD. */
    Set<String> undeletable() {
        return undeletable;
    }

    /** Adds all that the policy names, and every directory between a root and a carve-out. */
    void addTo(HostFacts.Builder facts, TreeScans trees) throws WindowsFailure, SandboxException {
        for (Map.Entry<Path, Resolved> path : resolved.entrySet()) {
            facts.realPath(path.getKey(), ObjectReader.path(path.getValue().real()));
            if (path.getValue().link().isPresent()) {
                facts.link(
                        path.getKey(), ObjectReader.path(path.getValue().link().get()));
            }
        }
        facts.temp(ObjectReader.path(regions.temp()));
        Set<String> ancestors = new HashSet<>();
        for (String carveOut : regions.carveOuts()) {
            for (String up = FileTree.parent(carveOut); regions.isInRoot(up); up = FileTree.parent(up)) {
                look(up);
                ancestors.add(up);
            }
            if (!looked.containsKey(carveOut) && !unreadable.contains(carveOut) && mayBeMade(carveOut)) {
                facts.makeable(ObjectReader.path(carveOut));
            }
        }
        for (Map.Entry<String, Looked> object : looked.entrySet()) {
            String path = object.getKey();
            Looked there = object.getValue();
            boolean needed = ancestors.contains(path) && childrenNeedDeleteChild(path, there, trees);
            facts.object(reader.facts(path, there.facts(), there.descriptor(), needed));
        }
        for (String path : unreadable) {
            facts.object(ObjectReader.unreadable(path));
        }
    }

    /** Whether the user may make a directory of this path and label it. */
    private boolean mayBeMade(String path) throws WindowsFailure {
        Looked parent = looked.get(FileTree.parent(path));
        return parent != null
                && parent.facts().isDirectory()
                && !parent.facts().isReparsePoint()
                && parent.descriptor().isPresent()
                && questions.userMayMakeIn(parent.descriptor().get());
    }

    /** Asked of directories above a carve-out only: the planner looks at no others. */
    private boolean childrenNeedDeleteChild(String path, Looked there, TreeScans trees) throws WindowsFailure {
        if (!there.facts().isDirectory()) {
            return false;
        }
        boolean needed = there.descriptor().isEmpty()
                || isNeeded(path, there.descriptor().get(), trees.recordedRootOf(path));
        if (needed && !regions.isProtected(path)) {
            undeletable.add(regions.rootOf(path));
        }
        return needed;
    }

    /** What is in a recorded root is not looked at again, however much there is in the directory. */
    private boolean isNeeded(String path, SecurityDescriptor descriptor, Optional<TreeFacts> recorded)
            throws WindowsFailure {
        return recorded.isPresent()
                ? questions.userMay(AccessMask.FILE_DELETE_CHILD, descriptor)
                        && (recorded.get().needsDeleteChild() || questions.newChildLacksDelete(descriptor))
                : reader.childrenNeedDeleteChild(path, descriptor);
    }

    /** The directories of a search, resolved, without those that another one holds or that are writable anyway. */
    Set<String> searched(List<Path> directories) throws WindowsFailure, SandboxException {
        Set<String> all = new LinkedHashSet<>();
        for (Path directory : directories) {
            String real = resolution.resolve(directory).real();
            if (!regions.isInRoot(real) && !Regions.isIn(real, Set.of(regions.temp()))) {
                all.add(real);
            }
        }
        Set<String> outermost = new LinkedHashSet<>(all);
        outermost.removeIf(directory -> Regions.isIn(FileTree.parent(directory), all));
        return outermost;
    }
}
