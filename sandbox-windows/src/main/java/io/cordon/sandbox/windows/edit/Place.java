package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import java.util.Optional;

/**
 * An object that a layer changes on purpose, as opposed to what lies beneath it. A value.
 *
 * @param path its final path without {@code \\?\}
 * @param object its identity; none if it does not exist yet
 * @param label the label that is meant there
 * @param writable whether the child may write there
 * @param tree whether everything beneath is changed too
 */
public record Place(String path, Optional<FileId> object, MandatoryLabel label, boolean writable, boolean tree) {
    /** @throws IllegalArgumentException if the path has a prefix or is too long */
    public Place {
        FinalPath.requirePlain(path);
    }

    /** Whether this place is {@code other}, lies above it or beneath it. Case does not count. */
    public boolean overlaps(String other) {
        return FinalPath.overlap(path, other);
    }

    /** Whether {@code other} is this place or lies in it. Case does not count. */
    public boolean contains(String other) {
        return FinalPath.contains(path, other);
    }
}
