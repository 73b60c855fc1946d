package io.cordon.sandbox.windows.security;

/**
 * An access control entry (MS-DTYP 2.4.4): one of the kinds that this library reads, or bytes that it carries through.
 */
public sealed interface Ace permits AccessAce, LabelAce, OpaqueAce {
    /** The type byte of the header. */
    int type();

    /** The flags of the header. */
    AceFlags flags();

    /** The same entry with other flags. */
    Ace withFlags(AceFlags flags);

    /** The number of bytes of the binary form: the header's AceSize, a multiple of four. */
    int length();

    /** Whether the entry does not hold for the object that carries it. */
    default boolean isInheritOnly() {
        return flags().has(AceFlags.INHERIT_ONLY);
    }

    /** Whether the entry came from the parent. */
    default boolean isInherited() {
        return flags().has(AceFlags.INHERITED);
    }
}
