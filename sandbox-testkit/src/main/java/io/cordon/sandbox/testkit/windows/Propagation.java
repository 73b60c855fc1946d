package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What SetNamedSecurityInfo does after it changed a directory: it recomputes the inherited entries of everything below
 * (Microsoft Learn, "Automatic Propagation of Inheritable ACEs").
 *
 * <p>It runs in the caller's process, object by object, and goes on past what the caller may not change: success is no
 * proof that every object was reached. It reaches an object that has another name outside of the tree, because the
 * descriptor belongs to the object.
 */
public final class Propagation {
    private final VirtualVolume volume;
    private final VirtualToken caller;
    private final ImmutableList.Builder<String> unreached = ImmutableList.builder();

    private Propagation(VirtualVolume volume, VirtualToken caller) {
        this.volume = volume;
        this.caller = caller;
    }

    /**
     * Propagates from {@code directory}.
     *
     * @return the paths that the caller was not allowed to change
     */
    public static ImmutableList<String> from(VirtualVolume volume, String directory, VirtualToken caller) {
        Propagation propagation = new Propagation(volume, caller);
        propagation.descend(directory, volume.object(directory));
        return propagation.unreached.build();
    }

    private void descend(String path, VirtualObject directory) {
        if (directory.reparseTarget() != null) {
            return;
        }
        for (VirtualObject.Entry entry : ImmutableList.copyOf(directory.entries.values())) {
            VirtualObject child = volume.object(entry.id());
            String childPath = path + "/" + entry.name();
            SecurityDescriptor wanted = withInherited(child, directory.descriptor());
            if (!wanted.equals(child.descriptor())) {
                if (mayWrite(child, wanted)) {
                    volume.setDescriptor(child.id(), wanted);
                } else {
                    unreached.add(childPath);
                }
            }
            descend(childPath, child);
        }
    }

    private boolean mayWrite(VirtualObject child, SecurityDescriptor wanted) {
        boolean label = !Objects.equals(child.descriptor().sacl(), wanted.sacl());
        boolean dacl = !Objects.equals(child.descriptor().dacl(), wanted.dacl());
        AccessMask needed =
                (label ? AccessMask.WRITE_OWNER : AccessMask.NONE).or(dacl ? AccessMask.WRITE_DAC : AccessMask.NONE);
        return needed.isEmpty() || volume.monitor().allows(caller, child.descriptor(), needed);
    }

    private SecurityDescriptor withInherited(VirtualObject child, SecurityDescriptor parent) {
        SecurityDescriptor descriptor = child.descriptor();
        boolean directory = child.isDirectory();
        Acl dacl = descriptor.dacl();
        if (!descriptor.has(SecurityDescriptor.DACL_PROTECTED) && takesPart(descriptor, dacl)) {
            Sid owner = descriptor.owner() == null ? WellKnownSids.NULL : descriptor.owner();
            Sid group = descriptor.group() == null ? WellKnownSids.NULL : descriptor.group();
            Acl inherited = Inheritance.inherit(parent.dacl(), directory, owner, group, true);
            List<Ace> aces = explicit(dacl);
            aces.addAll(inherited.aces());
            descriptor = descriptor.withDacl(Acl.of(aces)).withControl(SecurityDescriptor.DACL_AUTO_INHERITED, 0);
        }
        if (!descriptor.has(SecurityDescriptor.SACL_PROTECTED)) {
            LabelAce label = Inheritance.inheritedLabel(parent.sacl(), directory);
            List<Ace> aces = explicit(descriptor.sacl());
            if (label != null) {
                aces.add(label);
            }
            descriptor = aces.isEmpty() ? descriptor.withoutSacl() : descriptor.withSacl(Acl.of(aces));
        }
        return descriptor;
    }

    private boolean takesPart(SecurityDescriptor descriptor, @Nullable Acl dacl) {
        return volume.switches().propagation() == VolumeSwitches.Propagation.UNPROTECTED
                || descriptor.has(SecurityDescriptor.DACL_AUTO_INHERITED)
                || (dacl != null && dacl.aces().stream().anyMatch(Ace::isInherited));
    }

    private static List<Ace> explicit(@Nullable Acl acl) {
        List<Ace> aces = new ArrayList<>();
        if (acl != null) {
            acl.aces().stream().filter(ace -> !ace.isInherited()).forEach(aces::add);
        }
        return aces;
    }
}
