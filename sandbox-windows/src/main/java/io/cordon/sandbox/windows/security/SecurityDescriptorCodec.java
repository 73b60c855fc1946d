package io.cordon.sandbox.windows.security;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The self-relative binary form of a descriptor (MS-DTYP 2.4.6).
 *
 * <p>{@link #encode} puts owner, group, SACL and DACL behind the header in this order, without gaps; {@link #decode}
 * takes any order, gaps and shared parts, as the format allows.
 */
public final class SecurityDescriptorCodec {
    /** No well-formed descriptor without gaps is longer: the header, two SIDs, two ACLs. */
    public static final int MAX_LENGTH = 20 + 2 * 68 + 2 * 0x10000;

    private static final int HEADER_LENGTH = 20;
    private static final int REVISION = 1;

    private SecurityDescriptorCodec() {}

    /**
     * Reads a descriptor.
     *
     * @throws SecurityFormatException if {@code bytes} are not a well-formed self-relative descriptor; the position is
     * the offset of the field that is wrong
     */
    public static SecurityDescriptor decode(byte[] bytes) {
        if (bytes.length < HEADER_LENGTH) {
            throw new SecurityFormatException(
                    Problem.TRUNCATED, bytes.length, "a descriptor needs at least 20 bytes, there are " + bytes.length);
        }
        if (bytes.length > MAX_LENGTH) {
            throw new SecurityFormatException(
                    Problem.TOO_LONG,
                    MAX_LENGTH,
                    "a descriptor has at most " + MAX_LENGTH + " bytes, not " + bytes.length);
        }
        if (bytes[0] != REVISION) {
            throw new SecurityFormatException(
                    Problem.UNKNOWN_REVISION, 0, "a descriptor of revision " + (bytes[0] & 0xFF) + ", known is 1");
        }
        int control = LittleEndian.uint16(bytes, 2);
        if ((control & SecurityDescriptor.SELF_RELATIVE) == 0) {
            throw new SecurityFormatException(
                    Problem.INCONSISTENT, 2, "the descriptor is not self-relative: flag 0x8000 is clear");
        }
        @Nullable Sid owner = sid(bytes, 4);
        @Nullable Sid group = sid(bytes, 8);
        @Nullable Acl sacl = acl(bytes, 12, (control & SecurityDescriptor.SACL_PRESENT) != 0);
        @Nullable Acl dacl = acl(bytes, 16, (control & SecurityDescriptor.DACL_PRESENT) != 0);
        return new SecurityDescriptor(
                bytes[1] & 0xFF, control & ~SecurityDescriptor.SELF_RELATIVE, owner, group, sacl, dacl);
    }

    private static @Nullable Sid sid(byte[] bytes, int field) {
        int offset = offset(bytes, field);
        return offset == 0 ? null : Sid.decode(bytes, offset, bytes.length);
    }

    private static @Nullable Acl acl(byte[] bytes, int field, boolean present) {
        int offset = offset(bytes, field);
        if (offset != 0 && !present) {
            throw new SecurityFormatException(
                    Problem.INCONSISTENT, field, "an ACL has an offset, but its PRESENT flag is clear");
        }
        return offset == 0 ? null : AclCodec.decode(bytes, offset, bytes.length);
    }

    private static int offset(byte[] bytes, int field) {
        int offset = LittleEndian.int32(bytes, field);
        if (offset != 0 && (offset < HEADER_LENGTH || offset >= bytes.length)) {
            throw new SecurityFormatException(
                    Problem.OFFSET_OUT_OF_RANGE,
                    field,
                    "offset " + Integer.toUnsignedString(offset) + " is not in " + HEADER_LENGTH + " to "
                            + (bytes.length - 1));
        }
        return offset;
    }

    /** Writes {@code descriptor}; equal descriptors give equal bytes. */
    public static byte[] encode(SecurityDescriptor descriptor) {
        Sid owner = descriptor.owner();
        Sid group = descriptor.group();
        Acl sacl = descriptor.sacl();
        Acl dacl = descriptor.dacl();
        int groupAt = HEADER_LENGTH + (owner == null ? 0 : owner.length());
        int saclAt = groupAt + (group == null ? 0 : group.length());
        int daclAt = saclAt + (sacl == null ? 0 : sacl.length());
        byte[] bytes = new byte[daclAt + (dacl == null ? 0 : dacl.length())];
        bytes[0] = REVISION;
        bytes[1] = (byte) descriptor.rmControl();
        LittleEndian.putInt16(bytes, 2, descriptor.control() | SecurityDescriptor.SELF_RELATIVE);
        if (owner != null) {
            LittleEndian.putInt32(bytes, 4, HEADER_LENGTH);
            owner.encode(bytes, HEADER_LENGTH);
        }
        if (group != null) {
            LittleEndian.putInt32(bytes, 8, groupAt);
            group.encode(bytes, groupAt);
        }
        if (sacl != null) {
            LittleEndian.putInt32(bytes, 12, saclAt);
            AclCodec.encode(sacl, bytes, saclAt);
        }
        if (dacl != null) {
            LittleEndian.putInt32(bytes, 16, daclAt);
            AclCodec.encode(dacl, bytes, daclAt);
        }
        return bytes;
    }
}
