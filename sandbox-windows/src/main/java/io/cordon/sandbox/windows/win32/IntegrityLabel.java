package io.cordon.sandbox.windows.win32;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * A mandatory label in its binary form: an ACL (MS-DTYP 2.4.5) with one SYSTEM_MANDATORY_LABEL_ACE (2.4.4.13).
 *
 * @param level the last part of the SID; 0x1000 is Low, 0x2000 is Medium
 * @param aceFlags what is inherited, and whether this was
 * @param mask what subjects below the level lose
 */
public record IntegrityLabel(int level, int aceFlags, int mask) {
    /** Where {@code SYSTEM_MANDATORY_LABEL_NO_WRITE_UP} holds for what has no label. */
    public static final int MEDIUM = 0x2000;

    private static final byte ACL_REVISION = 2;
    private static final byte SYSTEM_MANDATORY_LABEL_ACE_TYPE = 0x11;
    private static final int NO_WRITE_UP = 0x1;
    private static final int OBJECT_INHERIT_ACE = 0x01;
    private static final int CONTAINER_INHERIT_ACE = 0x02;
    private static final int INHERIT_ONLY_ACE = 0x08;
    private static final int INHERITED_ACE = 0x10;

    private static final int ACL_HEADER = 8;
    private static final int ACE_HEADER = 8;
    private static final int SID_SIZE = 12;
    private static final byte MANDATORY_LABEL_AUTHORITY = 16;

    /** An ACL without entry: set as a label, it withdraws the label. */
    private static final byte[] EMPTY_ACL = new byte[ACL_HEADER];

    static {
        putHeader(EMPTY_ACL, 0);
    }

    /** Who is below {@code level} cannot write; handed on to everything in a directory. */
    public static IntegrityLabel inheritable(int level) {
        return new IntegrityLabel(level, OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE, NO_WRITE_UP);
    }

    /** Who is below {@code level} cannot write this one object. */
    public static IntegrityLabel of(int level) {
        return new IntegrityLabel(level, 0, NO_WRITE_UP);
    }

    /** Set as a label, this withdraws the label. */
    public static byte[] none() {
        return EMPTY_ACL.clone();
    }

    /** Whether the system put it there because of the directory's label. */
    public boolean isInherited() {
        return (aceFlags & INHERITED_ACE) != 0;
    }

    /** Whether it keeps a subject of {@code subject} from writing. */
    public boolean keepsOut(int subject) {
        return subject < level && (mask & NO_WRITE_UP) != 0;
    }

    /** The ACL. */
    public byte[] encode() {
        byte[] bytes = new byte[ACL_HEADER + ACE_HEADER + SID_SIZE];
        putHeader(bytes, 1)
                .put(SYSTEM_MANDATORY_LABEL_ACE_TYPE)
                .put((byte) aceFlags)
                .putShort((short) (ACE_HEADER + SID_SIZE))
                .putInt(mask)
                .put(sid(level));
        return bytes;
    }

    /**
     * The label in an ACL as the system returns it: the first one that counts for the object itself.
     *
     * @throws IllegalArgumentException if this is no ACL
     */
    public static Optional<IntegrityLabel> decode(byte[] acl) {
        if (acl.length == 0) {
            return Optional.empty();
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(acl).order(ByteOrder.LITTLE_ENDIAN);
            int count = Short.toUnsignedInt(buffer.getShort(4));
            int ace = ACL_HEADER;
            for (int i = 0; i < count; i++) {
                int flags = buffer.get(ace + 1);
                if (buffer.get(ace) == SYSTEM_MANDATORY_LABEL_ACE_TYPE && (flags & INHERIT_ONLY_ACE) == 0) {
                    byte[] sid = new byte[SID_SIZE];
                    buffer.get(ace + ACE_HEADER, sid);
                    return Optional.of(new IntegrityLabel(levelOf(sid), flags, buffer.getInt(ace + 4)));
                }
                ace += Short.toUnsignedInt(buffer.getShort(ace + 2));
            }
            return Optional.empty();
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("an ACL of " + acl.length + " bytes that ends early", e);
        }
    }

    /** {@code S-1-16-level}. */
    static byte[] sid(int level) {
        ByteBuffer sid = ByteBuffer.allocate(SID_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        sid.put((byte) 1).put((byte) 1).put(new byte[] {0, 0, 0, 0, 0, MANDATORY_LABEL_AUTHORITY});
        return sid.putInt(level).array();
    }

    /** The last part of {@code S-1-16-level}. */
    static int levelOf(byte[] sid) {
        if (sid.length != SID_SIZE || sid[7] != MANDATORY_LABEL_AUTHORITY) {
            throw new IllegalArgumentException("no integrity level, but a SID of " + sid.length + " bytes");
        }
        return ByteBuffer.wrap(sid).order(ByteOrder.LITTLE_ENDIAN).getInt(SID_SIZE - 4);
    }

    private static ByteBuffer putHeader(byte[] acl, int entries) {
        return ByteBuffer.wrap(acl)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(ACL_REVISION)
                .put((byte) 0)
                .putShort((short) acl.length)
                .putShort((short) entries)
                .putShort((short) 0);
    }
}
