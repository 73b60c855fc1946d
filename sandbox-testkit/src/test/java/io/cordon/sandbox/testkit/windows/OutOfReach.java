package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.security.AccessMask;
import java.util.HashSet;
import java.util.Set;

/** Objects that the user can neither open for a change nor list a directory on the way to. */
final class OutOfReach {
    /** Opening by name always asks for this too, so that an owner to whom nothing is granted cannot open his object. */
    static final AccessMask ALWAYS = AccessMask.SYNCHRONIZE.or(AccessMask.READ_CONTROL);

    private OutOfReach() {}

    static Set<Long> of(VirtualVolume volume, VirtualToken token) {
        Set<Long> reached = new HashSet<>();
        Set<Long> all = new HashSet<>();
        VolumeSession user = volume.as(token);
        volume.walk((path, object) -> {
            all.add(object.id());
            boolean changeable = user.has(path, ALWAYS.or(AccessMask.WRITE_OWNER))
                    || user.has(path, ALWAYS.or(AccessMask.WRITE_DAC));
            if (changeable && isListed(user, path)) {
                reached.add(object.id());
            }
        });
        all.removeAll(reached);
        return all;
    }

    /** Whether the user can list every directory on the way to it. */
    static boolean isListed(VolumeSession user, String path) {
        for (String up = Opened.parent(path); !up.isEmpty(); up = Opened.parent(up)) {
            if (!user.has(up, AccessMask.SYNCHRONIZE.or(AccessMask.FILE_READ_DATA))) {
                return false;
            }
        }
        return true;
    }
}
