package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Works out which places are writable, which are protected and by which label, and which directories hold a protected
 * place.
 */
final class RegionPlanning {
    private final SandboxPolicy policy;
    private final HostFacts facts;
    private final PlanOptions options;
    private final Barrier barrier;
    private final List<Gap> gaps;
    private final List<String> warnings;

    private final Set<Path> roots = new LinkedHashSet<>();
    /** Protected places with the label that they get; what exists, or is going to be made. */
    private final Map<Path, MandatoryLabel> labels = new LinkedHashMap<>();
    /** Protected files that no change may reach, whatever their label is now. */
    private final Set<Path> skipped = new LinkedHashSet<>();

    private final Set<Path> carveOuts = new LinkedHashSet<>();
    private final Set<Path> missing = new LinkedHashSet<>();
    /** Directories from a root down to the parent of a carve-out. */
    private final Set<Path> ancestors = new LinkedHashSet<>();

    RegionPlanning(
            SandboxPolicy policy,
            HostFacts facts,
            PlanOptions options,
            Barrier barrier,
            List<Gap> gaps,
            List<String> warnings) {
        this.policy = policy;
        this.facts = facts;
        this.options = options;
        this.barrier = barrier;
        this.gaps = gaps;
        this.warnings = warnings;
    }

    void gather() {
        policy.allowWrite().forEach(path -> addRoot(path, real(path)));
        Set<Path> denied = new LinkedHashSet<>();
        policy.denyRead().forEach(path -> denied.add(real(path)));
        Set<Path> carved = new LinkedHashSet<>();
        policy.denyWrite().forEach(path -> carved.add(real(path)));
        refuseRootsIn(carved, "denyWrite");
        refuseRootsIn(denied, "denyRead");
        // The later label wins for a file with several names: a link's yields to a carve-out's, and both to a denied
        // path's.
        for (Path root : roots) {
            tree(root).hardLinks().forEach(file -> addHardLink(root, file));
        }
        for (Path path : policy.denyWrite()) {
            Path link = facts.links().get(path);
            if (link != null) {
                addCarveOut(path, link, denied);
            }
            addCarveOut(path, real(path), denied);
        }
        policy.denyRead().forEach(path -> addDenied(path, real(path)));
    }

    /** Whether the child must not even read a protected place. */
    boolean isUnreadable(Path place) {
        MandatoryLabel label = labels.get(place);
        return label != null && label.policy().equals(MandatoryLabel.NO_ACCESS_UP);
    }

    private void refuseRootsIn(Set<Path> places, String rule) {
        for (Path root : roots) {
            if (isIn(places, root)) {
                refuse(
                        "allowWrite(" + root + ") lies inside a path of " + rule + ", links resolved",
                        "remove one of them");
            }
        }
    }

    Path real(Path path) {
        return facts.realPaths().getOrDefault(path, path);
    }

    private void addRoot(Path asked, Path root) {
        ObjectFacts object = facts.objects().get(root);
        String rule = "allowWrite(" + asked + ")";
        if (object == null || !object.directory() || object.reparsePoint()) {
            refuse(rule + " is no directory" + (object == null ? ": there is none" : ""), "name an existing directory");
            return;
        }
        if (forbidden(root)) {
            refuse(
                    rule + " is, holds or lies in a place that must not become writable",
                    "name a directory of your own");
            return;
        }
        if (!facts.aclVolumes().contains(object.id().volume())) {
            refuse(rule + " is on a volume that keeps no security descriptors", "use a directory on an NTFS volume");
            return;
        }
        Optional<Gap> closed = barrier.againstOpening(rule, object);
        if (closed.isPresent()) {
            gaps.add(closed.get());
            return;
        }
        roots.add(root);
    }

    /**
     * Linear in the depth of the path: what holds the root, by set; what lies in the root, by the few forbidden places.
     */
    private boolean forbidden(Path root) {
        if (facts.forbiddenItself().contains(root)) {
            return true;
        }
        for (Path up = root; up != null; up = up.getParent()) {
            if (facts.forbidden().contains(up)) {
                return true;
            }
        }
        return facts.forbidden().stream().anyMatch(place -> place.startsWith(root))
                || facts.forbiddenItself().stream().anyMatch(place -> place.startsWith(root));
    }

    private void refuse(String what, String... remedies) {
        gaps.add(Gap.fatal(Capability.FILE_WRITE, what, remedies));
    }

    private void addCarveOut(Path asked, Path carveOut, Set<Path> denied) {
        Path root = rootOf(carveOut);
        if (root == null) {
            return; // a link out of every root, where nothing is writable; the link itself is another carve-out
        }
        boolean exists = facts.objects().containsKey(carveOut);
        if (!exists && !options.createMissingCarveOuts()) {
            warnings.add("denyWrite(" + asked
                    + ") does not exist: the child can make it; createMissingCarveOuts makes it first");
            return;
        }
        if (!exists && !facts.makeable().contains(carveOut)) {
            gaps.add(Gap.partial(
                    Capability.FILE_WRITE_CARVE_OUT,
                    "denyWrite(" + asked + ") does not exist, and the user cannot make it: the child perhaps can",
                    "make it yourself",
                    "let the user make directories in " + carveOut.getParent()));
            return;
        }
        if (!exists) {
            ObjectFacts parent = facts.objects().get(carveOut.getParent());
            Optional<Gap> open = barrier.againstMaking("denyWrite(" + asked + ")", parent);
            if (open.isPresent()) {
                gaps.add(open.get());
                return;
            }
            missing.add(carveOut);
        }
        carveOuts.add(carveOut);
        put(carveOut, protection(isIn(denied, carveOut)));
        for (Path up = carveOut.getParent(); up != null && up.startsWith(root) && ancestors.add(up); ) {
            up = up.getParent();
        }
        reportUnprotectable(Capability.FILE_WRITE_CARVE_OUT, carveOut);
        ObjectFacts object = facts.objects().get(carveOut);
        if (object != null) {
            barrier.againstCarvingOut("denyWrite(" + asked + ")", object).ifPresent(gaps::add);
        }
    }

    private void addDenied(Path asked, Path path) {
        ObjectFacts object = facts.objects().get(path);
        if (object == null) {
            warnings.add("denyRead(" + asked + ") does not exist");
            return;
        }
        Optional<Gap> open = barrier.againstDenying("denyRead(" + asked + ")", object);
        if (open.isPresent()) {
            gaps.add(open.get());
            return;
        }
        put(path, protection(true));
        reportUnprotectable(Capability.FILE_READ_DENY, path);
    }

    /** Puts it last: labels are set in this order. */
    private void put(Path path, MandatoryLabel label) {
        labels.remove(path);
        labels.put(path, label);
    }

    private void reportUnprotectable(Capability capability, Path top) {
        for (Path path : tree(top).unprotectable()) {
            gaps.add(barrier.leftOpen(capability, path, top));
        }
    }

    private void addHardLink(Path root, ObjectFacts file) {
        String what = "the file " + file.path() + " in allowWrite(" + root + ") has a name outside of what is writable";
        switch (options.hardLinks()) {
            case REFUSE ->
                gaps.add(Gap.fatal(
                        Capability.FILE_WRITE,
                        what,
                        "replace it by a copy",
                        "leave it read-only with HardLinks.SKIP",
                        "make it writable with HardLinks.ALLOW"));
            case ALLOW ->
                gaps.add(Gap.partial(
                        Capability.FILE_WRITE,
                        what + " and becomes writable",
                        "leave it read-only with HardLinks.SKIP"));
            case SKIP -> {
                skipped.add(file.path());
                barrier.againstSkipping(what, file).ifPresent(gaps::add);
                if (barrier.needsLabel(file)) {
                    labels.putIfAbsent(file.path(), protection(false));
                }
            }
        }
    }

    private static MandatoryLabel protection(boolean unreadable) {
        AccessMask labelPolicy = unreadable ? MandatoryLabel.NO_ACCESS_UP : MandatoryLabel.NO_WRITE_UP;
        return new MandatoryLabel(IntegrityLevel.MEDIUM, labelPolicy);
    }

    static boolean isIn(Set<Path> places, @Nullable Path path) {
        for (Path up = path; up != null; up = up.getParent()) {
            if (places.contains(up)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Path rootOf(Path path) {
        for (Path up = path.getParent(); up != null; up = up.getParent()) {
            if (roots.contains(up)) {
                return up;
            }
        }
        return null;
    }

    TreeFacts tree(Path top) {
        return facts.trees().getOrDefault(top, TreeFacts.PLAIN);
    }

    /** Whether nothing in the roots is open to every sandbox, and FILE_DELETE_CHILD can be denied throughout. */
    boolean isolatable() {
        return roots.stream().map(this::tree).noneMatch(tree -> tree.sharedWritable() || tree.needsDeleteChild());
    }

    Set<Path> roots() {
        return roots;
    }

    ImmutableSet<Path> writable() {
        return ImmutableSet.<Path>builder().addAll(roots).add(facts.temp()).build();
    }

    Map<Path, MandatoryLabel> labels() {
        return labels;
    }

    Set<Path> carveOuts() {
        return carveOuts;
    }

    Set<Path> skipped() {
        return skipped;
    }

    Set<Path> missing() {
        return missing;
    }

    Set<Path> ancestors() {
        return ancestors;
    }

    ImmutableSet<Path> boundaries() {
        return ImmutableSet.<Path>builder()
                .addAll(labels.keySet())
                .addAll(skipped)
                .build();
    }

    ImmutableList<Path> fences() {
        return ImmutableSet.<Path>builder()
                .addAll(writable())
                .addAll(ancestors)
                .addAll(carveOuts)
                .build()
                .asList();
    }
}
