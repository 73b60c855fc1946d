package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import org.jspecify.annotations.Nullable;

/**
 * What a new object gets from its directory (MS-DTYP 2.5.3.4, with its two known defects put right as Samba's tests
 * against Windows show: inherit-only entries are inherited, and the creator's explicit entries are kept).
 */
public final class Inheritance {
    private static final AceFlags INHERIT = AceFlags.INHERIT;

    private Inheritance() {}

    /**
     * The descriptor of a new object.
     *
     * @param parent the directory's
     * @param creator what the creator states, if anything; a stated DACL takes the place of the inherited one, as
     * NtCreateFile has it
     * @param directory whether the new object is a directory
     */
    public static SecurityDescriptor newObject(
            SecurityDescriptor parent,
            @Nullable Acl creator,
            boolean directory,
            VirtualToken token,
            VolumeSwitches.NewLabels labels) {
        Sid owner = token.user();
        Sid group = token.primaryGroup();
        boolean auto = parent.has(SecurityDescriptor.DACL_AUTO_INHERITED);
        SecurityDescriptor result = SecurityDescriptor.EMPTY.withOwner(owner).withGroup(group);
        if (creator != null) {
            result = result.withDacl(explicit(creator));
        } else {
            Acl inherited = inherit(parent.dacl(), directory, owner, group, auto);
            result = inherited.aces().isEmpty()
                    ? result.withDacl(mapped(token.defaultDacl()))
                    : result.withDacl(inherited).withControl(auto ? SecurityDescriptor.DACL_AUTO_INHERITED : 0, 0);
        }
        LabelAce label = newLabel(parent, directory, token.level(), labels);
        return label == null ? result : result.withSacl(Acl.of(label));
    }

    /** The creator's entries without those that only look inherited. */
    private static Acl explicit(Acl creator) {
        return creator.withAces(
                creator.aces().stream().filter(ace -> !ace.isInherited()).toList());
    }

    private static Acl mapped(Acl acl) {
        return acl.withAces(acl.aces().stream()
                .map(ace -> ace instanceof AccessAce access
                        ? (Ace) withMask(
                                access, GenericMapping.FILE.map(access.mask().bits()))
                        : ace)
                .toList());
    }

    private static AccessAce withMask(AccessAce ace, int mask) {
        return new AccessAce(ace.kind(), ace.flags(), AccessMask.of(mask), ace.sid(), ace.applicationData());
    }

    private static @Nullable LabelAce newLabel(
            SecurityDescriptor parent, boolean directory, IntegrityLevel creator, VolumeSwitches.NewLabels order) {
        LabelAce inherited = inheritedLabel(parent.sacl(), directory);
        LabelAce own = creator.compareTo(IntegrityLevel.MEDIUM) < 0
                ? new LabelAce(AceFlags.NONE, MandatoryLabel.NO_WRITE_UP, creator)
                : null;
        return order == VolumeSwitches.NewLabels.INHERITED_FIRST
                ? (inherited != null ? inherited : own)
                : (own != null ? own : inherited);
    }

    /** The first label that a directory's SACL passes on. */
    static @Nullable LabelAce inheritedLabel(@Nullable Acl sacl, boolean directory) {
        if (sacl == null) {
            return null;
        }
        for (Ace ace : sacl.aces()) {
            if (ace instanceof LabelAce label) {
                for (Ace copy : inherit(label, directory, WellKnownSids.NULL, WellKnownSids.NULL, true)) {
                    if (!copy.isInheritOnly()) {
                        return (LabelAce) copy;
                    }
                }
            }
        }
        return null;
    }

    /**
     * The entries that a child gets from {@code parent}'s DACL, in order.
     *
     * @param marked whether they carry INHERITED_ACE: Windows sets it only if the parent takes part in automatic
     * inheritance
     */
    public static Acl inherit(@Nullable Acl parent, boolean directory, Sid owner, Sid group, boolean marked) {
        if (parent == null) {
            return Acl.EMPTY;
        }
        ImmutableList.Builder<Ace> result = ImmutableList.builder();
        for (Ace ace : parent.aces()) {
            result.addAll(inherit(ace, directory, owner, group, marked));
        }
        return parent.withAces(result.build());
    }

    private static ImmutableList<Ace> inherit(Ace ace, boolean directory, Sid owner, Sid group, boolean marked) {
        AceFlags flags = ace.flags();
        boolean toFiles = flags.has(AceFlags.OBJECT_INHERIT);
        boolean stops = flags.has(AceFlags.NO_PROPAGATE);
        boolean applies = directory ? flags.has(AceFlags.CONTAINER_INHERIT) : toFiles;
        if (!applies && (!directory || !toFiles || stops)) {
            return ImmutableList.of();
        }
        AceFlags origin = marked ? AceFlags.INHERITED : AceFlags.NONE;
        AceFlags passedOn = new AceFlags(flags.bits() & INHERIT.bits()).with(origin);
        if (!applies) {
            return ImmutableList.of(ace.withFlags(passedOn.with(AceFlags.INHERIT_ONLY)));
        }
        Ace expanded = expand(ace, owner, group);
        if (!directory || stops) {
            return ImmutableList.of(expanded.withFlags(origin));
        }
        // CREATOR OWNER and generic rights are resolved for this object and kept as they are for the ones below.
        return expanded.equals(ace)
                ? ImmutableList.of(ace.withFlags(passedOn))
                : ImmutableList.of(expanded.withFlags(origin), ace.withFlags(passedOn.with(AceFlags.INHERIT_ONLY)));
    }

    private static Ace expand(Ace ace, Sid owner, Sid group) {
        if (!(ace instanceof AccessAce access)) {
            return ace;
        }
        Sid sid = access.sid();
        Sid resolved =
                sid.equals(WellKnownSids.CREATOR_OWNER) ? owner : sid.equals(WellKnownSids.CREATOR_GROUP) ? group : sid;
        return new AccessAce(
                access.kind(),
                access.flags(),
                GenericMapping.FILE.map(access.mask()),
                resolved,
                access.applicationData());
    }
}
