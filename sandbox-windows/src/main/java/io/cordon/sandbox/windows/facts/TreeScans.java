package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The facts of all trees of a policy: recorded ones as they are, the others gone through. */
final class TreeScans {
    private final FileTree tree;
    private final ObjectReader reader;
    private final AccessQuestions questions;
    private final Regions regions;
    private final PlanOptions options;
    private final boolean contained;
    private final EditProgress progress;
    private final LinkedFiles links = new LinkedFiles();
    private final Map<String, TreeFacts> recorded = new HashMap<>();
    private final Map<String, TreeFacts> facts = new LinkedHashMap<>();
    private final ImmutableMap.Builder<Path, Long> objects = ImmutableMap.builder();

    TreeScans(
            FileTree tree,
            ObjectReader reader,
            AccessQuestions questions,
            Regions regions,
            PlanOptions options,
            boolean contained,
            EditProgress progress) {
        this.tree = tree;
        this.reader = reader;
        this.questions = questions;
        this.regions = regions;
        this.options = options;
        this.contained = contained;
        this.progress = progress;
    }

    /** Takes over what is known of a tree. */
    void record(String top, TreeFacts known) {
        recorded.put(top, known);
        known.hardLinks().forEach(file -> links.planned(file.id()));
    }

    /** What is recorded of the root that something is in. */
    Optional<TreeFacts> recordedRootOf(String path) {
        return Optional.ofNullable(recorded.get(regions.rootOf(path)));
    }

    /**
     * Goes through what is there and not recorded.
     *
     * @param present the tops that exist
     * @param undeletable the roots in which a directory above a carve-out needs FILE_DELETE_CHILD
     */
    void scan(Set<String> present, Set<String> undeletable) throws WindowsFailure, SandboxException {
        Map<String, OpenedScan> opened = new HashMap<>();
        Map<String, ProtectedScan> closed = new HashMap<>();
        Map<String, ReadScan> read = new HashMap<>();
        for (String top : regions.tops()) {
            if (!present.contains(top) || recorded.containsKey(top)) {
                continue;
            }
            if (regions.isReadAt(top)) {
                ReadScan scan = new ReadScan(top, reader, regions, progress);
                tree.walk(top, scan, FileTree.READ_CONTROL, 0);
                read.put(top, scan);
                objects.put(ObjectReader.path(top), scan.objects());
            } else if (!regions.isOpenedAt(top)) {
                ProtectedScan scan = new ProtectedScan(top, reader, questions, regions, links, contained, progress);
                tree.walk(top, scan, FileTree.READ_CONTROL, 0);
                closed.put(top, scan);
                objects.put(ObjectReader.path(top), scan.objects());
            } else if (!regions.isProtected(top)) { // the planner refuses a root in a protected place
                boolean hardened = options.writeRestricted() || contained;
                OpenedScan scan = new OpenedScan(top, reader, questions, regions, links, hardened, progress);
                tree.walk(top, scan, hardened ? FileTree.READ_CONTROL : 0, 0);
                opened.put(top, scan);
                objects.put(ObjectReader.path(top), scan.objects());
            }
        }
        boolean skipLinks = options.hardLinks() == PlanOptions.HardLinks.SKIP;
        for (String top : regions.tops()) {
            OpenedScan open = opened.get(top);
            ProtectedScan close = closed.get(top);
            ReadScan reading = read.get(top);
            if (reading != null) {
                facts.put(top, reading.facts(links));
                continue;
            }
            facts.put(
                    top,
                    open != null
                            ? open.facts(skipLinks, undeletable.contains(top))
                            : close != null ? close.facts() : recorded.getOrDefault(top, TreeFacts.PLAIN));
        }
    }

    Map<String, TreeFacts> facts() {
        return facts;
    }

    ImmutableMap<Path, Long> objects() {
        return objects.buildOrThrow();
    }

    LinkedFiles links() {
        return links;
    }
}
