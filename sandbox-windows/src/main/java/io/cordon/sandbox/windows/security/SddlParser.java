package io.cordon.sandbox.windows.security;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recursive descent over the grammar of MS-DTYP 2.5.1.1, without conditional, resource and object entries. */
final class SddlParser {
    private static final int ALIAS_LENGTH = 2;

    private final SddlScanner in;
    private int control;
    private @Nullable Sid owner;
    private @Nullable Sid group;
    private @Nullable Acl sacl;
    private @Nullable Acl dacl;

    SddlParser(String text) {
        this.in = new SddlScanner(text);
    }

    SecurityDescriptor descriptor() {
        while (!in.atEnd()) {
            int start = in.position();
            if (in.skip("O:")) {
                once(start, owner != null, "owner");
                owner = sid();
            } else if (in.skip("G:")) {
                once(start, group != null, "group");
                group = sid();
            } else if (in.skip("D:")) {
                once(start, (control & SecurityDescriptor.DACL_PRESENT) != 0, "DACL");
                control |= SecurityDescriptor.DACL_PRESENT;
                aclFlags(
                        SecurityDescriptor.DACL_PROTECTED,
                        SecurityDescriptor.DACL_AUTO_INHERIT_REQ,
                        SecurityDescriptor.DACL_AUTO_INHERITED);
                dacl = in.skip(Sddl.NULL_ACL) ? null : acl(false);
            } else if (in.skip("S:")) {
                once(start, (control & SecurityDescriptor.SACL_PRESENT) != 0, "SACL");
                control |= SecurityDescriptor.SACL_PRESENT;
                aclFlags(
                        SecurityDescriptor.SACL_PROTECTED,
                        SecurityDescriptor.SACL_AUTO_INHERIT_REQ,
                        SecurityDescriptor.SACL_AUTO_INHERITED);
                sacl = in.skip(Sddl.NULL_ACL) ? null : acl(true);
            } else {
                throw in.unexpected("expected O:, G:, D: or S:");
            }
        }
        return new SecurityDescriptor(0, control, owner, group, sacl, dacl);
    }

    private static void once(int position, boolean seen, String what) {
        if (seen) {
            throw new SecurityFormatException(Problem.INCONSISTENT, position, "the " + what + " is stated twice");
        }
    }

    private void aclFlags(int isProtected, int request, int inherited) {
        while (!in.isNext(Sddl.NULL_ACL)) {
            if (in.skip("P")) {
                control |= isProtected;
            } else if (in.skip("AR")) {
                control |= request;
            } else if (in.skip("AI")) {
                control |= inherited;
            } else {
                return;
            }
        }
    }

    private Acl acl(boolean system) {
        int start = in.position();
        ImmutableList.Builder<Ace> aces = ImmutableList.builder();
        int length = Acl.HEADER_LENGTH;
        while (in.isNext("(")) {
            Ace ace = ace(system);
            length += ace.length();
            if (length > Acl.MAX_LENGTH) {
                throw new SecurityFormatException(
                        Problem.TOO_LONG, start, "the entries exceed the " + Acl.MAX_LENGTH + " bytes of an ACL");
            }
            aces.add(ace);
        }
        return new Acl(Acl.REVISION, aces.build());
    }

    private Ace ace(boolean system) {
        in.expect("(", "at the start of an ACE");
        int typeAt = in.position();
        String word = in.field();
        Integer type = SddlTokens.ACE_TYPES.get(word);
        if (type == null) {
            throw new SecurityFormatException(
                    Problem.UNKNOWN_TOKEN, typeAt, "ACE type '" + word + "' is not one of A, D, AU, ML");
        }
        boolean forSystem = type == LabelAce.TYPE || type == AccessAce.Kind.AUDIT.type();
        if (forSystem != system) {
            throw new SecurityFormatException(
                    Problem.INCONSISTENT,
                    typeAt,
                    "ACE type '" + word + "' does not belong into a " + (system ? "SACL" : "DACL"));
        }
        in.expect(";", "after the ACE type");
        AceFlags flags = new AceFlags(words(SddlTokens.FLAGS, "ACE flag"));
        in.expect(";", "after the ACE flags");
        boolean label = type == LabelAce.TYPE;
        AccessMask mask = AccessMask.of(rights(label ? SddlTokens.LABEL_POLICY : SddlTokens.RIGHTS));
        in.expect(";", "after the rights");
        in.expect(";", "after the object type, which must be empty");
        in.expect(";", "after the inherited object type, which must be empty");
        int sidAt = in.position();
        Sid sid = sid();
        in.expect(")", "at the end of an ACE");
        if (label) {
            if (!IntegrityLevel.isIntegritySid(sid)) {
                throw new SecurityFormatException(
                        Problem.INCONSISTENT, sidAt, "a label needs an integrity level S-1-16-rid, not " + sid);
            }
            return new LabelAce(flags, mask, IntegrityLevel.of(sid));
        }
        AccessAce.Kind kind = type == 0 ? AccessAce.Kind.ALLOW : type == 1 ? AccessAce.Kind.DENY : AccessAce.Kind.AUDIT;
        return new AccessAce(kind, flags, mask, sid, ByteString.EMPTY);
    }

    private int rights(Map<String, Integer> names) {
        String next = in.peek(1);
        if (!next.isEmpty() && next.charAt(0) >= '0' && next.charAt(0) <= '9') {
            return (int) in.number(0xFFFF_FFFFL, "access mask");
        }
        return words(names, "right");
    }

    /** Words of two letters up to the end of the field. */
    private int words(Map<String, Integer> names, String what) {
        int bits = 0;
        while (!in.atEnd() && !in.isNext(";")) {
            String word = in.peek(ALIAS_LENGTH);
            Integer value = names.get(word);
            if (value == null) {
                throw new SecurityFormatException(Problem.UNKNOWN_TOKEN, in.position(), "'" + word + "' is no " + what);
            }
            bits |= value;
            in.advance(ALIAS_LENGTH);
        }
        return bits;
    }

    private Sid sid() {
        if (in.isNext("S-")) {
            return in.numericSid();
        }
        String alias = in.peek(ALIAS_LENGTH);
        if (alias.length() < ALIAS_LENGTH) {
            throw in.unexpected("expected a SID or an alias of two letters");
        }
        Sid sid = SddlTokens.SIDS.get(alias);
        if (sid == null) {
            throw new SecurityFormatException(
                    Problem.UNKNOWN_TOKEN,
                    in.position(),
                    "'" + alias + "' is no SID that is the same on every machine; write S-1-...");
        }
        in.advance(ALIAS_LENGTH);
        return sid;
    }
}
