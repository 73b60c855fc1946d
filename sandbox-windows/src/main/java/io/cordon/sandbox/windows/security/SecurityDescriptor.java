package io.cordon.sandbox.windows.security;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A security descriptor (MS-DTYP 2.4.6): who owns the object, who may access it, and its mandatory label.
 *
 * <p>A DACL can be missing in two ways that mean the same for access, everything is granted: the control flag
 * DACL_PRESENT is clear, or it is set and the list is null ({@code D:NO_ACCESS_CONTROL}). An empty DACL is the
 * opposite.
 *
 * @param rmControl the byte for a resource manager, meaningful only with {@link #RM_CONTROL_VALID}; kept
 * @param control the control flags without SELF_RELATIVE, which belongs to the binary form
 * @param owner the owner, if stated
 * @param group the primary group, if stated
 * @param sacl audit entries and the label
 * @param dacl who may access the object
 */
public record SecurityDescriptor(
        int rmControl,
        int control,
        @Nullable Sid owner,
        @Nullable Sid group,
        @Nullable Acl sacl,
        @Nullable Acl dacl) {
    /** SE_DACL_PRESENT. */
    public static final int DACL_PRESENT = 0x0004;
    /** SE_SACL_PRESENT. */
    public static final int SACL_PRESENT = 0x0010;
    /** SE_DACL_AUTO_INHERIT_REQ. */
    public static final int DACL_AUTO_INHERIT_REQ = 0x0100;
    /** SE_SACL_AUTO_INHERIT_REQ. */
    public static final int SACL_AUTO_INHERIT_REQ = 0x0200;
    /** SE_DACL_AUTO_INHERITED: the DACL takes part in automatic inheritance. */
    public static final int DACL_AUTO_INHERITED = 0x0400;
    /** SE_SACL_AUTO_INHERITED. */
    public static final int SACL_AUTO_INHERITED = 0x0800;
    /** SE_DACL_PROTECTED: nothing is inherited from the parent. */
    public static final int DACL_PROTECTED = 0x1000;
    /** SE_SACL_PROTECTED. */
    public static final int SACL_PROTECTED = 0x2000;
    /** SE_RM_CONTROL_VALID. */
    public static final int RM_CONTROL_VALID = 0x4000;

    static final int SELF_RELATIVE = 0x8000;

    /** A descriptor in which nothing is stated. */
    public static final SecurityDescriptor EMPTY = new SecurityDescriptor(0, 0, null, null, null, null);

    /** @throws SecurityFormatException if a number is out of range, or an ACL is there whose PRESENT flag is clear */
    public SecurityDescriptor {
        if (rmControl < 0 || rmControl > 0xFF) {
            throw new SecurityFormatException(
                    Problem.BAD_NUMBER, 0, "resource manager control is one byte, not " + rmControl);
        }
        if ((control & ~0x7FFF) != 0) {
            throw new SecurityFormatException(
                    Problem.BAD_NUMBER,
                    0,
                    String.format(Locale.ROOT, "control flags 0x%X are not in 0 to 0x7FFF", control));
        }
        if ((dacl != null && (control & DACL_PRESENT) == 0) || (sacl != null && (control & SACL_PRESENT) == 0)) {
            throw new SecurityFormatException(
                    Problem.INCONSISTENT, 0, "an ACL is there, but its PRESENT flag is clear");
        }
    }

    /** A descriptor with an owner, a group and a DACL. */
    public static SecurityDescriptor of(@Nullable Sid owner, @Nullable Sid group, Acl dacl) {
        return new SecurityDescriptor(0, DACL_PRESENT, owner, group, null, dacl);
    }

    /** Whether all of {@code flags} are set. */
    public boolean has(int flags) {
        return (control & flags) == flags;
    }

    /** The same with another owner. */
    public SecurityDescriptor withOwner(@Nullable Sid newOwner) {
        return new SecurityDescriptor(rmControl, control, newOwner, group, sacl, dacl);
    }

    /** The same with another group. */
    public SecurityDescriptor withGroup(@Nullable Sid newGroup) {
        return new SecurityDescriptor(rmControl, control, owner, newGroup, sacl, dacl);
    }

    /** The same with another DACL, which is present; null grants everything. */
    public SecurityDescriptor withDacl(@Nullable Acl newDacl) {
        return new SecurityDescriptor(rmControl, control | DACL_PRESENT, owner, group, sacl, newDacl);
    }

    /** The same with another SACL, which is present. */
    public SecurityDescriptor withSacl(@Nullable Acl newSacl) {
        return new SecurityDescriptor(rmControl, control | SACL_PRESENT, owner, group, newSacl, dacl);
    }

    /** The same without SACL. */
    public SecurityDescriptor withoutSacl() {
        return new SecurityDescriptor(rmControl, control & ~SACL_PRESENT, owner, group, null, dacl);
    }

    /** The same without DACL. */
    public SecurityDescriptor withoutDacl() {
        return new SecurityDescriptor(rmControl, control & ~DACL_PRESENT, owner, group, sacl, null);
    }

    /**
     * The same with {@code set} set and {@code cleared} cleared; the PRESENT flags follow the ACLs and are not touched.
     */
    public SecurityDescriptor withControl(int set, int cleared) {
        int present = DACL_PRESENT | SACL_PRESENT;
        int flags = (((control & ~cleared) | set) & ~present) | (control & present);
        return new SecurityDescriptor(rmControl, flags, owner, group, sacl, dacl);
    }

    /** The SDDL if there is one, else the parts. */
    @Override
    public String toString() {
        return SddlPrinter.describe(this);
    }
}
