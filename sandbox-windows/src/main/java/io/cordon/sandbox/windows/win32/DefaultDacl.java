package io.cordon.sandbox.windows.win32;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The access list that a child gives to what it creates without naming one, in binary form (MS-DTYP 2.4.5). */
public final class DefaultDacl {
    private static final byte ACL_REVISION = 2;
    private static final byte ACCESS_ALLOWED_ACE_TYPE = 0;
    private static final int GENERIC_ALL = 0x10000000;
    private static final int ACL_HEADER = 8;
    private static final int ACE_HEADER = 8;

    /** {@code S-1-5-18}. */
    private static final byte[] LOCAL_SYSTEM = {1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0};

    private DefaultDacl() {}

    /**
     * Everything for the user and for the system. The list of an elevated administrator names Administrators instead of
     * the user; in the child's token that group only denies, so that the child could not open its own objects.
     */
    public static byte[] of(byte[] user) {
        int size = ACL_HEADER + ACE_HEADER + user.length + ACE_HEADER + LOCAL_SYSTEM.length;
        ByteBuffer acl = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        acl.put(ACL_REVISION)
                .put((byte) 0)
                .putShort((short) size)
                .putShort((short) 2)
                .putShort((short) 0);
        allow(acl, user);
        allow(acl, LOCAL_SYSTEM);
        return acl.array();
    }

    /** Whether a SID is the system itself. */
    public static boolean isSystem(byte[] sid) {
        return Arrays.equals(sid, LOCAL_SYSTEM);
    }

    private static void allow(ByteBuffer acl, byte[] sid) {
        acl.put(ACCESS_ALLOWED_ACE_TYPE).put((byte) 0).putShort((short) (ACE_HEADER + sid.length));
        acl.putInt(GENERIC_ALL).put(sid);
    }
}
