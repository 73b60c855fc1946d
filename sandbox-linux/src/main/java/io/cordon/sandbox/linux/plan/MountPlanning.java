package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.linux.plan.Mount.Kind;
import io.cordon.sandbox.spi.ResolvedPolicy;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The mounts of a policy: what bubblewrap(1) puts where, in order. Pure. */
final class MountPlanning {
    private static final Path ROOT = Path.of("/");

    /** What programs need to run, where reading is limited. */
    private static final ImmutableList<Path> SYSTEM = ImmutableList.of(
            Path.of("/usr"),
            Path.of("/bin"),
            Path.of("/sbin"),
            Path.of("/lib"),
            Path.of("/lib32"),
            Path.of("/lib64"),
            Path.of("/libx32"),
            Path.of("/etc"));

    private MountPlanning() {}

    /** In order. Where nothing exists, nothing can be mounted without making it, so that missing paths are left out. */
    static ImmutableList<Mount> mounts(ResolvedPolicy policy, Set<Path> missing) {
        ImmutableList.Builder<Mount> mounts = ImmutableList.builder();
        if (policy.allowRead().isEmpty() || policy.allowRead().contains(ROOT)) {
            mounts.add(new Mount(Kind.READ_ONLY, ROOT));
        } else {
            SYSTEM.forEach(path -> mounts.add(new Mount(Kind.READ_ONLY_IF_THERE, path)));
            policy.allowRead().stream()
                    .filter(path -> !missing.contains(path))
                    .sorted(Comparator.comparing(Path::getNameCount))
                    .forEach(path -> mounts.add(new Mount(Kind.READ_ONLY, path)));
        }
        ImmutableSet<Path> roots = outermost(policy.roots());
        roots.forEach(root -> mounts.add(new Mount(Kind.WRITABLE, root)));
        return mounts.addAll(exceptions(policy, roots, missing)).build();
    }

    /**
     * A root in another one is not needed. As a mount of its own it would be found by its path at every launch, and a
     * child that renamed a directory above it could have put a link there.
     */
    private static ImmutableSet<Path> outermost(ImmutableSet<Path> paths) {
        return paths.stream()
                .filter(path -> paths.stream().noneMatch(other -> !other.equals(path) && path.startsWith(other)))
                .collect(ImmutableSet.toImmutableSet());
    }

    /** What lies in the places above and is not as they are; from the outside to the inside. */
    private static ImmutableList<Mount> exceptions(ResolvedPolicy policy, ImmutableSet<Path> roots, Set<Path> missing) {
        ImmutableSet<Path> unreadable = outermost(present(policy.denyRead(), missing));
        ImmutableSet<Path> readOnly = outermost(present(policy.carveOuts(), missing).stream()
                .filter(path -> unreadable.stream().noneMatch(path::startsWith))
                .collect(ImmutableSet.toImmutableSet()));
        Map<Path, Kind> kinds = new HashMap<>();
        for (Path path :
                ImmutableSet.<Path>builder().addAll(readOnly).addAll(unreadable).build()) {
            roots.stream().filter(path::startsWith).forEach(root -> {
                for (int names = root.getNameCount() + 1; names < path.getNameCount(); names++) {
                    Path above = ROOT.resolve(path.subpath(0, names));
                    if (readOnly.stream().noneMatch(above::startsWith)) {
                        kinds.put(above, Kind.PINNED);
                    }
                }
            });
        }
        readOnly.forEach(path -> kinds.put(path, Kind.PROTECTED));
        unreadable.forEach(path -> kinds.put(path, Kind.UNREADABLE));
        return kinds.entrySet().stream()
                .map(entry -> new Mount(entry.getValue(), entry.getKey()))
                .sorted(Comparator.<Mount>comparingInt(mount -> mount.path().getNameCount())
                        .thenComparing(Mount::path))
                .collect(ImmutableList.toImmutableList());
    }

    private static ImmutableSet<Path> present(ImmutableSet<Path> paths, Set<Path> missing) {
        return paths.stream().filter(path -> !missing.contains(path)).collect(ImmutableSet.toImmutableSet());
    }
}
