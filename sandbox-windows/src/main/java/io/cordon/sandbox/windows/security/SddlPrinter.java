package io.cordon.sandbox.windows.security;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import org.jspecify.annotations.Nullable;

/** Writes SDDL that {@link SddlParser} reads back as an equal value. */
final class SddlPrinter {
    /** Flags that SDDL has no word for; a descriptor with one of them cannot be printed without loss. */
    private static final int WORDLESS = ~(SecurityDescriptor.DACL_PRESENT
            | SecurityDescriptor.SACL_PRESENT
            | SecurityDescriptor.DACL_PROTECTED
            | SecurityDescriptor.DACL_AUTO_INHERIT_REQ
            | SecurityDescriptor.DACL_AUTO_INHERITED
            | SecurityDescriptor.SACL_PROTECTED
            | SecurityDescriptor.SACL_AUTO_INHERIT_REQ
            | SecurityDescriptor.SACL_AUTO_INHERITED);

    private static final int DACL_WORDS = SecurityDescriptor.DACL_PROTECTED
            | SecurityDescriptor.DACL_AUTO_INHERIT_REQ
            | SecurityDescriptor.DACL_AUTO_INHERITED;

    private static final int SACL_WORDS = SecurityDescriptor.SACL_PROTECTED
            | SecurityDescriptor.SACL_AUTO_INHERIT_REQ
            | SecurityDescriptor.SACL_AUTO_INHERITED;

    private final boolean lossless;
    private final StringBuilder out = new StringBuilder();

    private SddlPrinter(boolean lossless) {
        this.lossless = lossless;
    }

    /** SDDL, or an exception. */
    static String print(SecurityDescriptor descriptor) {
        return new SddlPrinter(true).descriptor(descriptor);
    }

    /** SDDL where there is one, and readable text for the rest. */
    static String describe(SecurityDescriptor descriptor) {
        return new SddlPrinter(false).descriptor(descriptor);
    }

    static String describe(Ace ace) {
        SddlPrinter printer = new SddlPrinter(false);
        printer.ace(ace, 0, ace instanceof LabelAce);
        return printer.out.toString();
    }

    private String descriptor(SecurityDescriptor descriptor) {
        int unwritten = descriptor.control() & WORDLESS;
        unwritten |= descriptor.has(SecurityDescriptor.DACL_PRESENT) ? 0 : descriptor.control() & DACL_WORDS;
        unwritten |= descriptor.has(SecurityDescriptor.SACL_PRESENT) ? 0 : descriptor.control() & SACL_WORDS;
        if (lossless && (unwritten != 0 || descriptor.rmControl() != 0)) {
            throw new SecurityFormatException(
                    Problem.NOT_EXPRESSIBLE,
                    0,
                    "SDDL has no word for control flags 0x" + Integer.toHexString(unwritten));
        }
        if (descriptor.owner() != null) {
            out.append("O:").append(sid(descriptor.owner()));
        }
        if (descriptor.group() != null) {
            out.append("G:").append(sid(descriptor.group()));
        }
        if (descriptor.has(SecurityDescriptor.DACL_PRESENT)) {
            out.append("D:");
            acl(descriptor.control(), descriptor.dacl(), false);
        }
        if (descriptor.has(SecurityDescriptor.SACL_PRESENT)) {
            out.append("S:");
            // The flags of the SACL are those of the DACL, one bit higher (MS-DTYP 2.4.6).
            acl(descriptor.control() >> 1, descriptor.sacl(), true);
        }
        if (unwritten != 0) {
            out.append("[control 0x").append(Integer.toHexString(unwritten)).append(']');
        }
        return out.toString();
    }

    private void acl(int control, @Nullable Acl acl, boolean system) {
        out.append((control & SecurityDescriptor.DACL_PROTECTED) != 0 ? "P" : "");
        out.append((control & SecurityDescriptor.DACL_AUTO_INHERIT_REQ) != 0 ? "AR" : "");
        out.append((control & SecurityDescriptor.DACL_AUTO_INHERITED) != 0 ? "AI" : "");
        if (acl == null) {
            out.append(Sddl.NULL_ACL);
            return;
        }
        if (lossless && acl.revision() != Acl.REVISION) {
            throw new SecurityFormatException(
                    Problem.NOT_EXPRESSIBLE, 0, "SDDL cannot state that an ACL has revision " + acl.revision());
        }
        for (int i = 0; i < acl.aces().size(); i++) {
            ace(acl.aces().get(i), i, system);
        }
    }

    private void ace(Ace ace, int index, boolean system) {
        if (ace instanceof LabelAce label && (system || !lossless)) {
            entry(
                    "ML",
                    ace,
                    index,
                    SddlTokens.labelPolicy(label.mask().bits()),
                    label.level().sid());
        } else if (ace instanceof AccessAce access
                && (!lossless || (expressible(access) && (access.kind() == AccessAce.Kind.AUDIT) == system))) {
            String type = switch (access.kind()) {
                case ALLOW -> "A";
                case DENY -> "D";
                case AUDIT -> "AU";
                case ALLOW_CALLBACK -> "XA";
                case DENY_CALLBACK -> "XD";
            };
            entry(type, ace, index, SddlTokens.rights(access.mask().bits()), access.sid());
        } else if (lossless) {
            throw new SecurityFormatException(
                    Problem.NOT_EXPRESSIBLE, index, "the ACE " + ace + " cannot be written in SDDL at this place");
        } else {
            out.append(ace);
        }
    }

    private static boolean expressible(AccessAce ace) {
        return !ace.kind().isConditional() && ace.applicationData().isEmpty();
    }

    private void entry(String type, Ace ace, int index, String rights, Sid sid) {
        if (lossless && SddlTokens.flagsOrNull(ace.flags().bits()) == null) {
            throw new SecurityFormatException(
                    Problem.NOT_EXPRESSIBLE, index, "SDDL has no word for a flag of the ACE: " + ace.flags());
        }
        out.append('(').append(type).append(';').append(ace.flags()).append(';').append(rights);
        out.append(";;;").append(sid(sid));
        if (ace instanceof AccessAce access && !access.applicationData().isEmpty()) {
            out.append(";#").append(access.applicationData());
        }
        out.append(')');
    }

    private static String sid(Sid sid) {
        String alias = SddlTokens.SIDS.inverse().get(sid);
        return alias == null ? sid.toString() : alias;
    }
}
