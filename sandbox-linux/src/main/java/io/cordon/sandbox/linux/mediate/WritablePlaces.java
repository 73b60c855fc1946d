package io.cordon.sandbox.linux.mediate;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.linux.syscall.NativePath;
import java.nio.file.Path;
import java.util.Set;

/** Where changes are allowed: beneath the roots, the roots included, and not beneath a carve-out. */
public final class WritablePlaces {
    private final ImmutableList<byte[]> roots;
    private final ImmutableList<byte[]> carveOuts;

    /** The real paths of the roots and carve-outs. */
    public WritablePlaces(Set<Path> roots, Set<Path> carveOuts) {
        this.roots = bytes(ImmutableSet.copyOf(roots));
        this.carveOuts = bytes(ImmutableSet.copyOf(carveOuts));
    }

    private static ImmutableList<byte[]> bytes(ImmutableSet<Path> paths) {
        return paths.stream().map(NativePath::bytes).collect(ImmutableList.toImmutableList());
    }

    /**
     * Whether a file may be changed.
     *
     * @param location where the kernel says that it is; anything that has no place in the tree of files is nowhere
     */
    boolean contain(byte[] location) {
        return roots.stream().anyMatch(root -> isBeneath(location, root))
                && carveOuts.stream().noneMatch(carveOut -> isBeneath(location, carveOut));
    }

    private static boolean isBeneath(byte[] location, byte[] directory) {
        if (location.length < directory.length) {
            return false;
        }
        for (int i = 0; i < directory.length; i++) {
            if (location[i] != directory[i]) {
                return false;
            }
        }
        return location.length == directory.length || location[directory.length] == '/';
    }
}
