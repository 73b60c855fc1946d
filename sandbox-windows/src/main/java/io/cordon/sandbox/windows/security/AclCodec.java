package io.cordon.sandbox.windows.security;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;

/** An ACL in binary form (MS-DTYP 2.4.5). */
final class AclCodec {
    private AclCodec() {}

    /** Reads the ACL at {@code at}, which must end before {@code limit}. */
    static Acl decode(byte[] bytes, int at, int limit) {
        if (limit - at < Acl.HEADER_LENGTH) {
            throw new SecurityFormatException(
                    Problem.TRUNCATED, at, "an ACL needs at least 8 bytes, there are " + (limit - at));
        }
        int revision = bytes[at] & 0xFF;
        if (revision < Acl.REVISION || revision > Acl.REVISION_DS) {
            throw new SecurityFormatException(
                    Problem.UNKNOWN_REVISION, at, "an ACL of revision " + revision + ", known are 2 to 4");
        }
        int size = LittleEndian.uint16(bytes, at + 2);
        if (size < Acl.HEADER_LENGTH || size % 4 != 0) {
            throw new SecurityFormatException(
                    Problem.WRONG_SIZE, at + 2, "size of an ACL is a multiple of 4 from 8 on, not " + size);
        }
        if (size > limit - at) {
            throw new SecurityFormatException(
                    Problem.TRUNCATED, at + 2, "an ACL of " + size + " bytes in " + (limit - at) + " bytes");
        }
        int end = at + size;
        int count = LittleEndian.uint16(bytes, at + 4);
        ImmutableList.Builder<Ace> aces = ImmutableList.builder();
        int next = at + Acl.HEADER_LENGTH;
        for (int i = 0; i < count; i++) {
            if (end - next < AceCodec.HEADER_LENGTH) {
                throw new SecurityFormatException(
                        Problem.TRUNCATED, next, "the ACL ends before ACE " + i + " of " + count);
            }
            int aceSize = LittleEndian.uint16(bytes, next + 2);
            if (aceSize < AceCodec.HEADER_LENGTH || aceSize % 4 != 0 || aceSize > end - next) {
                throw new SecurityFormatException(
                        Problem.WRONG_SIZE,
                        next + 2,
                        "size of ACE " + i + " is " + aceSize + ", expected a multiple of 4 from 4 to " + (end - next));
            }
            aces.add(AceCodec.decode(bytes, next, next + aceSize));
            next += aceSize;
        }
        return new Acl(revision, aces.build());
    }

    /** Writes {@code acl}, which takes {@link Acl#length()} bytes. */
    static void encode(Acl acl, byte[] target, int at) {
        target[at] = (byte) acl.revision();
        LittleEndian.putInt16(target, at + 2, acl.length());
        LittleEndian.putInt16(target, at + 4, acl.aces().size());
        int next = at + Acl.HEADER_LENGTH;
        for (Ace ace : acl.aces()) {
            AceCodec.encode(ace, target, next);
            next += ace.length();
        }
    }
}
