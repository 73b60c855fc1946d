package io.cordon.sandbox.windows.security;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;

/** One ACE in binary form (MS-DTYP 2.4.4). */
final class AceCodec {
    static final int HEADER_LENGTH = 4;

    private AceCodec() {}

    /** Reads the ACE at {@code at}; its AceSize has been checked to lie before {@code limit}. */
    static Ace decode(byte[] bytes, int at, int limit) {
        int type = bytes[at] & 0xFF;
        AceFlags flags = new AceFlags(bytes[at + 1] & 0xFF);
        for (AccessAce.Kind kind : AccessAce.Kind.values()) {
            if (kind.type() == type) {
                requireMaskAndSid(bytes, at, limit);
                AccessMask mask = AccessMask.of(LittleEndian.int32(bytes, at + HEADER_LENGTH));
                Sid sid = Sid.decode(bytes, at + AccessAce.FIXED_LENGTH, limit);
                int end = at + AccessAce.FIXED_LENGTH + sid.length();
                return new AccessAce(kind, flags, mask, sid, ByteString.copyOf(bytes, end, limit));
            }
        }
        if (type == LabelAce.TYPE) {
            requireMaskAndSid(bytes, at, limit);
            Sid sid = Sid.decode(bytes, at + AccessAce.FIXED_LENGTH, limit);
            boolean plain = at + AccessAce.FIXED_LENGTH + sid.length() == limit;
            // A label for another authority, or with data behind it, is none that the kernel writes: kept, not
            // understood.
            if (plain && IntegrityLevel.isIntegritySid(sid)) {
                AccessMask mask = AccessMask.of(LittleEndian.int32(bytes, at + HEADER_LENGTH));
                return new LabelAce(flags, mask, IntegrityLevel.of(sid));
            }
        }
        return new OpaqueAce(type, flags, ByteString.copyOf(bytes, at + HEADER_LENGTH, limit));
    }

    private static void requireMaskAndSid(byte[] bytes, int at, int limit) {
        if (limit - at < AccessAce.FIXED_LENGTH + Sid.HEADER_LENGTH) {
            throw new SecurityFormatException(
                    Problem.WRONG_SIZE,
                    at + 2,
                    "an ACE of type " + (bytes[at] & 0xFF) + " needs at least 16 bytes, its size is " + (limit - at));
        }
    }

    /** Writes {@code ace}, which takes {@link Ace#length()} bytes. */
    static void encode(Ace ace, byte[] target, int at) {
        target[at] = (byte) ace.type();
        target[at + 1] = (byte) ace.flags().bits();
        LittleEndian.putInt16(target, at + 2, ace.length());
        if (ace instanceof AccessAce access) {
            LittleEndian.putInt32(target, at + HEADER_LENGTH, access.mask().bits());
            access.sid().encode(target, at + AccessAce.FIXED_LENGTH);
            access.applicationData()
                    .copyInto(target, at + AccessAce.FIXED_LENGTH + access.sid().length());
        } else if (ace instanceof LabelAce label) {
            LittleEndian.putInt32(target, at + HEADER_LENGTH, label.mask().bits());
            label.level().sid().encode(target, at + AccessAce.FIXED_LENGTH);
        } else if (ace instanceof OpaqueAce opaque) {
            opaque.body().copyInto(target, at + HEADER_LENGTH);
        }
    }
}
