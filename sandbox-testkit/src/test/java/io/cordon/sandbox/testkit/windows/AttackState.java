package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a volume's state can make a difference to {@link AttackSearch}: two volumes with the same one let the child do
 * the same, step by step, and fail the same checks.
 *
 * <p>Names, kinds and contents count, and of a descriptor owner, group, control and SACL as they are. Of a DACL only this
 * counts: the rights that it gives the child (each right is decided by the first entry that names it, so that rights
 * decide every request), whether it is already the one that the search would set, and the entries that a directory passes
 * on. {@code SmallUniverseTest} compares the searches themselves, on a slice.
 */
final class AttackState {
    /** Takes nothing from anyone, so that what the DACL gives shows. */
    private static final Acl NO_LABEL =
            Acl.of(new LabelAce(AceFlags.NONE, MandatoryLabel.NO_WRITE_UP, IntegrityLevel.UNTRUSTED));

    private final VirtualToken child;
    private final Map<SecurityDescriptor, AccessMask> rights = new HashMap<>();

    AttackState(VirtualToken child) {
        this.child = child;
    }

    List<Object> of(VirtualVolume volume) {
        List<Object> state = new ArrayList<>();
        volume.walk((path, object) -> {
            SecurityDescriptor descriptor = object.descriptor();
            state.addAll(Arrays.asList(
                    path,
                    object.id(),
                    object.isDirectory(),
                    object.content(),
                    object.attributes > 0,
                    object.reparseTarget(),
                    descriptor.withDacl(Acl.of()),
                    AttackSearch.FULL.equals(descriptor.dacl()),
                    rights.computeIfAbsent(descriptor, each -> rights(volume, each)),
                    object.isDirectory() ? passedOn(descriptor) : ImmutableList.of()));
        });
        return state;
    }

    private AccessMask rights(VirtualVolume volume, SecurityDescriptor descriptor) {
        return volume.monitor()
                .check(child, descriptor.withSacl(NO_LABEL), AccessMask.MAXIMUM_ALLOWED)
                .granted();
    }

    private static ImmutableList<Ace> passedOn(SecurityDescriptor descriptor) {
        Acl dacl = descriptor.dacl();
        return dacl == null
                ? ImmutableList.of()
                : dacl.aces().stream()
                        .filter(ace -> ace.flags().has(AceFlags.OBJECT_INHERIT)
                                || ace.flags().has(AceFlags.CONTAINER_INHERIT))
                        .collect(ImmutableList.toImmutableList());
    }
}
