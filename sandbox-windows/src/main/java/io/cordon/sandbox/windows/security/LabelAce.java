package io.cordon.sandbox.windows.security;

/**
 * A mandatory label in a SACL: SYSTEM_MANDATORY_LABEL_ACE (MS-DTYP 2.4.4.13).
 *
 * @param flags inheritance
 * @param mask which access of lower levels is refused, see {@link MandatoryLabel}; all bits are kept
 * @param level the integrity level
 */
public record LabelAce(AceFlags flags, AccessMask mask, IntegrityLevel level) implements Ace {
    /** SYSTEM_MANDATORY_LABEL_ACE_TYPE. */
    public static final int TYPE = 0x11;

    private static final int LENGTH = AccessAce.FIXED_LENGTH + Sid.HEADER_LENGTH + 4;

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public LabelAce withFlags(AceFlags newFlags) {
        return new LabelAce(newFlags, mask, level);
    }

    @Override
    public int length() {
        return LENGTH;
    }

    /** The label that this entry states. */
    public MandatoryLabel label() {
        return new MandatoryLabel(level, mask);
    }

    @Override
    public String toString() {
        return SddlPrinter.describe(this);
    }
}
