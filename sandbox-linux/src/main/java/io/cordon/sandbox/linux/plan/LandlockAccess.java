package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableSet;
import java.util.Set;

/**
 * The rights that Landlock mediates and that change something, from linux/landlock.h, with the ABI version of the
 * kernel that introduced each (Documentation/userspace-api/landlock.rst).
 *
 * <p>The reading rights (execute, read file, read directory) are left out: the promise is that reading works almost
 * anywhere, and a right that is not handled is not restricted.
 */
public enum LandlockAccess {
    WRITE_FILE(1, 1, true),
    REMOVE_DIR(4, 1, true),
    REMOVE_FILE(5, 1, true),
    /** Never granted: with it, a child with the right to make device nodes would write to the raw disk. */
    MAKE_CHAR(6, 1, false),
    MAKE_DIR(7, 1, true),
    MAKE_REG(8, 1, true),
    MAKE_SOCK(9, 1, true),
    MAKE_FIFO(10, 1, true),
    /** Never granted, for the reason of {@link #MAKE_CHAR}. */
    MAKE_BLOCK(11, 1, false),
    MAKE_SYM(12, 1, true),
    /** Moving and linking between directories; before ABI 2 the kernel denies it everywhere. */
    REFER(13, 2, true),
    /** Before ABI 3, truncating is not mediated at all. */
    TRUNCATE(14, 3, true),
    /** Never granted: the ioctls that programs need on pipes, files and terminals they inherit are not concerned. */
    IOCTL_DEV(15, 5, false);

    private final int bit;
    private final int sinceAbi;
    private final boolean grantedInRoots;

    LandlockAccess(int bit, int sinceAbi, boolean grantedInRoots) {
        this.bit = bit;
        this.sinceAbi = sinceAbi;
        this.grantedInRoots = grantedInRoots;
    }

    /** The rights that a kernel of this ABI takes away everywhere, until a rule grants them. */
    static ImmutableSet<LandlockAccess> handled(int abi) {
        return ImmutableSet.copyOf(values()).stream()
                .filter(access -> access.sinceAbi <= abi)
                .collect(ImmutableSet.toImmutableSet());
    }

    /** The rights that are granted beneath a writable root. */
    static ImmutableSet<LandlockAccess> grantedInRoots(int abi) {
        return handled(abi).stream().filter(access -> access.grantedInRoots).collect(ImmutableSet.toImmutableSet());
    }

    /** The rights that are granted on a device file; the kernel refuses rules with directory rights on files. */
    static ImmutableSet<LandlockAccess> grantedOnDevices(int abi) {
        return handled(abi).stream()
                .filter(access -> access == WRITE_FILE || access == TRUNCATE)
                .collect(ImmutableSet.toImmutableSet());
    }

    /** The rights as the kernel's bit mask. */
    public static long mask(Set<LandlockAccess> rights) {
        return rights.stream().mapToLong(access -> 1L << access.bit).reduce(0, (a, b) -> a | b);
    }
}
