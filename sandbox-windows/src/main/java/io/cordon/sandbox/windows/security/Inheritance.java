package io.cordon.sandbox.windows.security;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/**
 * What a new object gets from its directory (MS-DTYP 2.5.3.4, with its two known defects put right as Samba's tests
 * against Windows show: inherit-only entries are inherited, and the creator's explicit entries are kept).
 */
public final class Inheritance {
    private static final AceFlags INHERIT = AceFlags.INHERIT;

    private Inheritance() {}

    /**
     * The descriptor of a new object whose creator states none and is at Medium or above.
     *
     * @param parent the directory's
     * @param directory whether the new object is a directory
     * @param owner the owner of what the creator makes
     * @param group the primary group of what the creator makes
     * @param defaultDacl what the object gets where nothing is inherited
     */
    public static SecurityDescriptor newObject(
            SecurityDescriptor parent, boolean directory, Sid owner, Sid group, Acl defaultDacl) {
        boolean auto = parent.has(SecurityDescriptor.DACL_AUTO_INHERITED);
        SecurityDescriptor result = SecurityDescriptor.EMPTY.withOwner(owner).withGroup(group);
        Acl inherited = inherit(parent.dacl(), directory, owner, group, auto);
        result = inherited.aces().isEmpty()
                ? result.withDacl(mapped(defaultDacl))
                : result.withDacl(inherited).withControl(auto ? SecurityDescriptor.DACL_AUTO_INHERITED : 0, 0);
        LabelAce label = inheritedLabel(parent.sacl(), directory);
        return label == null ? result : result.withSacl(Acl.of(label));
    }

    /** Whether new files, or new directories, in a directory with this DACL inherit nothing. */
    public static boolean passesOnNothing(@Nullable Acl dacl) {
        return inherit(dacl, true, WellKnownSids.NULL, WellKnownSids.NULL, false)
                        .aces()
                        .isEmpty()
                || inherit(dacl, false, WellKnownSids.NULL, WellKnownSids.NULL, false)
                        .aces()
                        .isEmpty();
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

    /** The first label that a directory's SACL passes on. */
    public static @Nullable LabelAce inheritedLabel(@Nullable Acl sacl, boolean directory) {
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
