package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.Ace;
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
     * @param creator the DACL that the creator states, if any, in a descriptor that is not protected: what is inherited
     * comes behind it (<a
     * href="https://learn.microsoft.com/windows/win32/secauthz/dacl-for-a-new-object">DACL for a New Object</a>)
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
                : inherited
                        .withDacl(merged(creator, parent, directory, token))
                        .withControl(
                                parent.control() & SecurityDescriptor.DACL_AUTO_INHERITED,
                                SecurityDescriptor.DACL_AUTO_INHERITED);
        if (token.level().dominates(IntegrityLevel.MEDIUM)) {
            return result;
        }
        boolean inheritedFirst = labels == VolumeSwitches.NewLabels.INHERITED_FIRST;
        return inheritedFirst && result.sacl() != null
                ? result
                : result.withSacl(Acl.of(new LabelAce(AceFlags.NONE, MandatoryLabel.NO_WRITE_UP, token.level())));
    }

    /** The creator's entries without those that only look inherited, and behind them those that really are. */
    private static Acl merged(Acl creator, SecurityDescriptor parent, boolean directory, VirtualToken token) {
        ImmutableList.Builder<Ace> aces = ImmutableList.builder();
        creator.aces().stream().filter(ace -> !ace.isInherited()).forEach(aces::add);
        boolean marked = parent.has(SecurityDescriptor.DACL_AUTO_INHERITED);
        aces.addAll(Inheritance.inherit(parent.dacl(), directory, token.user(), token.primaryGroup(), marked)
                .aces());
        return creator.withAces(aces.build());
    }
}
