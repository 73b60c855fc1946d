package io.cordon.sandbox.linux.plan;

import java.nio.file.Path;

/**
 * What a process sees at a path, in the mount namespace that bubblewrap makes. Later ones cover earlier ones.
 *
 * @param kind how
 * @param path where, on the host and inside
 */
public record Mount(Kind kind, Path path) {
    /** How a place is seen. */
    public enum Kind {
        /** As it is, and unchangeable. */
        READ_ONLY,
        /** The same, where the host has it. */
        READ_ONLY_IF_THERE,
        /** As it is. */
        WRITABLE,
        /** As it is, but it cannot be renamed: something beneath it must keep its path. */
        PINNED,
        /** As it is, and unchangeable although what is around it can be changed. */
        PROTECTED,
        /** Neither readable nor changeable. */
        UNREADABLE;

        /** Whether it is one of those that all others lie in. */
        public boolean isBase() {
            return this == READ_ONLY || this == READ_ONLY_IF_THERE;
        }
    }
}
