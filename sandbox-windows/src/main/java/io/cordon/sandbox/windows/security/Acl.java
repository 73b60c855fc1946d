package io.cordon.sandbox.windows.security;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import java.util.Arrays;

/**
 * An access control list (MS-DTYP 2.4.5): entries in the order in which they are evaluated.
 *
 * <p>The reserved fields of the header and unused space behind the last entry carry no meaning and are not kept.
 *
 * @param revision 2, or 4 where object entries occur
 * @param aces the entries
 */
public record Acl(int revision, ImmutableList<Ace> aces) {
    /** ACL_REVISION. */
    public static final int REVISION = 2;
    /** ACL_REVISION_DS. */
    public static final int REVISION_DS = 4;
    /** A list without entries: as a DACL it grants nobody anything, except what the owner has anyway. */
    public static final Acl EMPTY = new Acl(REVISION, ImmutableList.of());

    static final int HEADER_LENGTH = 8;

    /** AclSize is a field of 16 bits, and a multiple of four. */
    static final int MAX_LENGTH = 0xFFFC;

    /** @throws SecurityFormatException if the revision is unknown, or the entries do not fit the 64 KiB of an ACL */
    public Acl {
        if (revision < REVISION || revision > REVISION_DS) {
            throw new SecurityFormatException(
                    Problem.UNKNOWN_REVISION, 0, "an ACL of revision " + revision + ", known are 2 to 4");
        }
        int length = HEADER_LENGTH;
        for (int i = 0; i < aces.size(); i++) {
            length += aces.get(i).length();
            if (length > MAX_LENGTH) {
                throw new SecurityFormatException(
                        Problem.TOO_LONG, i, "the entries exceed the " + MAX_LENGTH + " bytes of an ACL");
            }
        }
    }

    /** A list of {@code aces}, in this order. */
    public static Acl of(Ace... aces) {
        return of(Arrays.asList(aces));
    }

    /** A list of {@code aces}, in this order. */
    public static Acl of(Iterable<? extends Ace> aces) {
        return new Acl(REVISION, ImmutableList.copyOf(aces));
    }

    /** The same list with other entries. */
    public Acl withAces(Iterable<? extends Ace> newAces) {
        return new Acl(revision, ImmutableList.copyOf(newAces));
    }

    /** The same list with another revision. */
    public Acl withRevision(int newRevision) {
        return new Acl(newRevision, aces);
    }

    /**
     * Reads a list in binary form (MS-DTYP 2.4.5); what follows it is not looked at.
     *
     * @throws SecurityFormatException if the bytes are none
     */
    public static Acl decode(byte[] bytes) {
        return AclCodec.decode(bytes, 0, bytes.length);
    }

    /** The binary form. */
    public byte[] encode() {
        byte[] bytes = new byte[length()];
        AclCodec.encode(this, bytes, 0);
        return bytes;
    }

    /** The number of bytes of the binary form. */
    public int length() {
        int length = HEADER_LENGTH;
        for (Ace ace : aces) {
            length += ace.length();
        }
        return length;
    }
}
