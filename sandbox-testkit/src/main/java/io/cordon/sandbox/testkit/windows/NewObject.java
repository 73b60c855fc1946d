package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.Inheritance;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import org.jspecify.annotations.Nullable;

/** What a new object gets: what its directory passes on ({@link Inheritance}), what its creator states, and his level. */
public final class NewObject {
    private NewObject() {}

    /**
     * The descriptor of a new object.
     *
     * @param parent the directory's
     * @param creator what the creator states, if anything; a stated DACL takes the place of the inherited one, as
     * NtCreateFile has it
     * @param directory whether the new object is a directory
     */
    public static SecurityDescriptor descriptor(
            SecurityDescriptor parent,
            @Nullable Acl creator,
            boolean directory,
            VirtualToken token,
            VolumeSwitches.NewLabels labels) {
        SecurityDescriptor inherited =
                Inheritance.newObject(parent, directory, token.user(), token.primaryGroup(), token.defaultDacl());
        SecurityDescriptor result = creator == null
                ? inherited
                : inherited.withDacl(explicit(creator)).withControl(0, SecurityDescriptor.DACL_AUTO_INHERITED);
        if (token.level().dominates(IntegrityLevel.MEDIUM)) {
            return result;
        }
        boolean inheritedFirst = labels == VolumeSwitches.NewLabels.INHERITED_FIRST;
        return inheritedFirst && result.sacl() != null
                ? result
                : result.withSacl(Acl.of(new LabelAce(AceFlags.NONE, MandatoryLabel.NO_WRITE_UP, token.level())));
    }

    /** The creator's entries without those that only look inherited. */
    private static Acl explicit(Acl creator) {
        return creator.withAces(
                creator.aces().stream().filter(ace -> !ace.isInherited()).toList());
    }
}
