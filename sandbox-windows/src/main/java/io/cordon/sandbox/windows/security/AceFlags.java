package io.cordon.sandbox.windows.security;

/**
 * The flags of an ACE (MS-DTYP 2.4.4.1), all eight bits of which are kept.
 *
 * @param bits 0 to 255
 */
public record AceFlags(int bits) {
    /** No flag: the ACE holds for this object only. */
    public static final AceFlags NONE = new AceFlags(0);
    /** OBJECT_INHERIT_ACE: new files inherit it. */
    public static final AceFlags OBJECT_INHERIT = new AceFlags(0x01);
    /** CONTAINER_INHERIT_ACE: new directories inherit it. */
    public static final AceFlags CONTAINER_INHERIT = new AceFlags(0x02);
    /** NO_PROPAGATE_INHERIT_ACE: what inherits it does not pass it on. */
    public static final AceFlags NO_PROPAGATE = new AceFlags(0x04);
    /** INHERIT_ONLY_ACE: it does not hold for the object that carries it. */
    public static final AceFlags INHERIT_ONLY = new AceFlags(0x08);
    /** INHERITED_ACE: it came from the parent. */
    public static final AceFlags INHERITED = new AceFlags(0x10);
    /** OBJECT_INHERIT and CONTAINER_INHERIT. */
    public static final AceFlags INHERIT = new AceFlags(0x03);

    /** @throws SecurityFormatException if {@code bits} is not a byte */
    public AceFlags {
        if (bits < 0 || bits > 0xFF) {
            throw new SecurityFormatException(
                    SecurityFormatException.Problem.BAD_NUMBER, 0, "flags of an ACE are one byte, not " + bits);
        }
    }

    /** Whether all of {@code flags} are set. */
    public boolean has(AceFlags flags) {
        return (bits & flags.bits) == flags.bits;
    }

    /** These flags and {@code flags}. */
    public AceFlags with(AceFlags flags) {
        return new AceFlags(bits | flags.bits);
    }

    /** These flags without {@code flags}. */
    public AceFlags without(AceFlags flags) {
        return new AceFlags(bits & ~flags.bits);
    }

    /** The letters of SDDL, or nothing. */
    @Override
    public String toString() {
        return SddlTokens.flags(bits);
    }
}
