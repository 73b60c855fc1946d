package io.cordon.sandbox.windows.security;

import org.jspecify.annotations.Nullable;

/**
 * An integrity level and what lower levels may not do to the object (Microsoft Learn, "Mandatory Integrity Control";
 * MS-DTYP 2.4.4.13).
 *
 * @param level processes below it are restricted
 * @param policy {@link #NO_WRITE_UP}, {@link #NO_READ_UP}, {@link #NO_EXECUTE_UP}; other bits are kept and mean nothing
 */
public record MandatoryLabel(IntegrityLevel level, AccessMask policy) {
    /** SYSTEM_MANDATORY_LABEL_NO_WRITE_UP. */
    public static final AccessMask NO_WRITE_UP = AccessMask.of(1);
    /** SYSTEM_MANDATORY_LABEL_NO_READ_UP. */
    public static final AccessMask NO_READ_UP = AccessMask.of(2);
    /** SYSTEM_MANDATORY_LABEL_NO_EXECUTE_UP. */
    public static final AccessMask NO_EXECUTE_UP = AccessMask.of(4);
    /** Lower levels may do nothing at all. */
    public static final AccessMask NO_ACCESS_UP = AccessMask.of(7);

    /** The label of an object that has none: Medium, no write up. */
    public static final MandatoryLabel DEFAULT = new MandatoryLabel(IntegrityLevel.MEDIUM, NO_WRITE_UP);

    /** The label that holds for an object: its first label entry that is not inherit-only, else {@link #DEFAULT}. */
    public static MandatoryLabel of(SecurityDescriptor descriptor) {
        LabelAce ace = aceOf(descriptor);
        return ace == null ? DEFAULT : ace.label();
    }

    /** The entry that {@link #of} took, or null. */
    public static @Nullable LabelAce aceOf(SecurityDescriptor descriptor) {
        Acl sacl = descriptor.sacl();
        if (sacl != null) {
            for (Ace ace : sacl.aces()) {
                if (ace instanceof LabelAce label && !label.isInheritOnly()) {
                    return label;
                }
            }
        }
        return null;
    }

    /** As an entry of a SACL. */
    public LabelAce toAce(AceFlags flags) {
        return new LabelAce(flags, policy, level);
    }

    /** As a list of its own: the form in which the system takes a label. */
    public Acl toAcl(AceFlags flags) {
        return Acl.of(toAce(flags));
    }

    /**
     * The rights that a process below the level can still be granted.
     *
     * <p>Rights that two classes share (SYNCHRONIZE is in read, write and execute) stay allowed while one class that
     * holds them is allowed: the table of James Forshaw's NtCoreLib (GenericMapping.GetAllowedMandatoryAccess). For
     * files under NO_WRITE_UP the result is 0x1200A9, in which neither DELETE nor FILE_DELETE_CHILD is.
     */
    public AccessMask allowedBelow(GenericMapping mapping) {
        return AccessMask.of(allowedBelow(policy.bits(), mapping));
    }

    private static int allowedBelow(int policy, GenericMapping mapping) {
        boolean noWrite = (policy & 1) != 0;
        boolean noRead = (policy & 2) != 0;
        boolean noExecute = (policy & 4) != 0;
        int read = mapping.read().bits() | AccessMask.READ_CONTROL.bits();
        int execute = (mapping.execute().bits() & ~mapping.read().bits()) | AccessMask.SYNCHRONIZE.bits();
        int write = mapping.write().bits()
                | AccessMask.DELETE.bits()
                | AccessMask.WRITE_DAC.bits()
                | AccessMask.WRITE_OWNER.bits()
                | AccessMask.ACCESS_SYSTEM_SECURITY.bits();
        if (!noWrite && !noRead && !noExecute) {
            return mapping.all().bits();
        }
        int allowed = noWrite ? 0 : mapping.all().bits();
        allowed |= mapping.read().bits() | mapping.execute().bits();
        allowed |= AccessMask.SYNCHRONIZE.bits() | AccessMask.READ_CONTROL.bits();
        int stillRead = noRead ? 0 : read;
        int stillWrite = noWrite ? 0 : write;
        int stillExecute = noExecute ? 0 : execute;
        allowed &= noRead ? ~(read & ~(stillWrite | stillExecute)) : -1;
        allowed &= noExecute ? ~(execute & ~(stillWrite | stillRead)) : -1;
        allowed &= noWrite ? ~(write & ~(stillExecute | stillRead)) : -1;
        return allowed;
    }

    /** For example {@code Medium:NWNR}. */
    @Override
    public String toString() {
        return level + ":" + SddlTokens.labelPolicy(policy.bits());
    }
}
