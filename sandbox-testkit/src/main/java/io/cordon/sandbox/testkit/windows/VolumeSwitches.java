package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import java.util.ArrayList;
import java.util.List;

/**
 * The points of an NTFS volume on which sources disagree or nobody has published a measurement. The better supported
 * setting comes first.
 *
 * @param fences what an open handle without FILE_SHARE_DELETE holds in place
 * @param newLabels what label a new object gets where its directory passes one on and the creator is below it
 * @param propagation whether propagation reaches an object that never inherited anything
 * @param hardLinks what a process needs to give an existing file another name
 */
public record VolumeSwitches(Fences fences, NewLabels newLabels, Propagation propagation, HardLinks hardLinks) {
    /** What an open handle without FILE_SHARE_DELETE holds in place. */
    public enum Fences {
        /** The object and the directories above it: what NTFS does for renames without POSIX semantics. */
        OBJECT_AND_ANCESTORS,
        /** The object only: if a rename with POSIX semantics moves a directory below which something is open. */
        OBJECT,
        /** Nothing: a fence that was missed. */
        NOTHING
    }

    /** The label of a new object. */
    public enum NewLabels {
        /**
         * The inherited one, else the creator's level if that is below Medium ("Windows Security Internals", chapter
         * 6).
         */
        INHERITED_FIRST,
        /** The creator's level if that is below Medium, else the inherited one. */
        CREATOR_FIRST
    }

    /** Which children an inheritable edit reaches when it is propagated. */
    public enum Propagation {
        /** Those that are not protected. */
        UNPROTECTED,
        /** Those that are not protected and have inherited before: a field report for a hard-linked file. */
        UNPROTECTED_AND_INHERITED
    }

    /** What CreateHardLink needs on the existing file. */
    public enum HardLinks {
        /** FILE_WRITE_ATTRIBUTES: Windows since MS15-115 for sandboxed processes, later for all. */
        NEED_WRITE_ATTRIBUTES,
        /** Nothing: MS-FSA 2.1.5.15.7. */
        NEED_NOTHING
    }

    /** The better supported setting of every switch. */
    public static final VolumeSwitches DEFAULT = new VolumeSwitches(
            Fences.OBJECT_AND_ANCESTORS,
            NewLabels.INHERITED_FIRST,
            Propagation.UNPROTECTED,
            HardLinks.NEED_WRITE_ATTRIBUTES);

    /** Every combination of settings. */
    public static ImmutableList<VolumeSwitches> all() {
        List<VolumeSwitches> all = new ArrayList<>();
        for (Fences fences : Fences.values()) {
            for (NewLabels labels : NewLabels.values()) {
                for (Propagation propagation : Propagation.values()) {
                    for (HardLinks links : HardLinks.values()) {
                        all.add(new VolumeSwitches(fences, labels, propagation, links));
                    }
                }
            }
        }
        return ImmutableList.copyOf(all);
    }
}
