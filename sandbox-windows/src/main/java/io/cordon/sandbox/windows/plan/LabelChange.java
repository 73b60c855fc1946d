package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Setting a label, and taking it back, as functions of descriptors. Everything else in the SACL stays where it is. */
public final class LabelChange {
    private LabelChange() {}

    /** The descriptor with exactly one label entry, {@code label}, in front of the SACL. */
    public static SecurityDescriptor apply(SecurityDescriptor descriptor, LabelAce label) {
        List<Ace> aces = new ArrayList<>();
        aces.add(label);
        aces.addAll(others(descriptor.sacl()));
        return descriptor.withSacl(acl(descriptor.sacl(), aces));
    }

    /**
     * The descriptor with the labels that it had before.
     *
     * @param current the descriptor as it is now, perhaps changed by others meanwhile
     * @param before the descriptor to which {@code label} was applied
     * @return {@code current} unchanged if the label is not there any more: somebody else decided
     */
    public static SecurityDescriptor undo(SecurityDescriptor current, SecurityDescriptor before, LabelAce label) {
        Acl sacl = current.sacl();
        if (sacl == null || !sacl.aces().contains(label)) {
            return current;
        }
        ImmutableList<Ace> others = others(sacl);
        if (others.equals(others(before.sacl()))) {
            return restored(current, before.sacl(), before);
        }
        List<Ace> aces = new ArrayList<>();
        if (before.sacl() != null) {
            before.sacl().aces().stream().filter(LabelAce.class::isInstance).forEach(aces::add);
        }
        aces.addAll(others);
        return restored(current, aces.isEmpty() ? null : acl(sacl, aces), before);
    }

    private static SecurityDescriptor restored(
            SecurityDescriptor current, @Nullable Acl sacl, SecurityDescriptor before) {
        return sacl == null && !before.has(SecurityDescriptor.SACL_PRESENT)
                ? current.withoutSacl()
                : current.withSacl(sacl);
    }

    private static ImmutableList<Ace> others(@Nullable Acl sacl) {
        return sacl == null
                ? ImmutableList.of()
                : sacl.aces().stream()
                        .filter(ace -> !(ace instanceof LabelAce))
                        .collect(ImmutableList.toImmutableList());
    }

    private static Acl acl(@Nullable Acl old, List<Ace> aces) {
        return old == null ? Acl.of(aces) : old.withAces(aces);
    }
}
