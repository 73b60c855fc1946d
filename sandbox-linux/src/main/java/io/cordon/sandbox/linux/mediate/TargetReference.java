package io.cordon.sandbox.linux.mediate;

/**
 * How a call names the file that it is about: by a path, or by a descriptor.
 *
 * @param directory the descriptor that a path is relative to, or of the file itself; {@link #AT_FDCWD} for the working
 *     directory
 * @param path the address of the path in the caller's memory; 0 for none
 * @param follow whether a link at the path's end stands for its target
 * @param emptyAllowed whether an empty path means the descriptor itself
 */
record TargetReference(int directory, long path, boolean follow, boolean emptyAllowed) {
    /** fcntl.h */
    static final int AT_FDCWD = -100;

    static TargetReference path(long path, boolean follow) {
        return new TargetReference(AT_FDCWD, path, follow, false);
    }

    static TargetReference descriptor(long number) {
        return new TargetReference((int) number, 0, true, true);
    }
}
