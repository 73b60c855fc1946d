package io.cordon.sandbox.testkit.windows;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What of an attack is not tried on Wine, because it has nothing like it ("Not done" in its README). */
final class LeftOut {
    private LeftOut() {}

    /** Why an operation is left out; empty if it is not. */
    static Optional<String> of(VolumeOperation operation) {
        if (operation instanceof VolumeOperation.MakeJunction) {
            return Optional.of("junction made by the attack");
        }
        // Wine deletes what is to be replaced before it finds that the rename is impossible.
        if (operation instanceof VolumeOperation.Rename rename
                && rename.replace()
                && rename.to().toLowerCase(Locale.ROOT).startsWith(rename.from().toLowerCase(Locale.ROOT) + "/")) {
            return Optional.of("directory renamed to a name in itself, replacing it");
        }
        for (String path : paths(operation)) {
            if (path.indexOf(':') >= 0) {
                return Optional.of("alternate stream");
            } else if (path.indexOf('~') >= 0) {
                return Optional.of("short name");
            } else if (path.endsWith(".")) {
                return Optional.of("dot at the end of a name");
            }
        }
        return Optional.empty();
    }

    /** The paths that an operation names. */
    static List<String> paths(VolumeOperation operation) {
        String opened = Win32Prediction.opened(operation);
        if (operation instanceof VolumeOperation.Rename rename) {
            return List.of(opened, rename.to());
        } else if (operation instanceof VolumeOperation.HardLink link) {
            return List.of(opened, link.name());
        }
        return List.of(opened);
    }
}
