package io.cordon.sandbox.windows.security;

/**
 * What the four generic rights mean for a type of object (GENERIC_MAPPING, winnt.h).
 *
 * @param read for GENERIC_READ
 * @param write for GENERIC_WRITE
 * @param execute for GENERIC_EXECUTE
 * @param all for GENERIC_ALL
 */
public record GenericMapping(AccessMask read, AccessMask write, AccessMask execute, AccessMask all) {
    /** The mapping of files and directories; devices, named pipes and sockets are file objects too. */
    public static final GenericMapping FILE = new GenericMapping(
            AccessMask.FILE_GENERIC_READ,
            AccessMask.FILE_GENERIC_WRITE,
            AccessMask.FILE_GENERIC_EXECUTE,
            AccessMask.FILE_ALL_ACCESS);

    private static final int GENERIC_BITS = 0xF000_0000;

    /** Standard rights that change an object and are in no generic write mapping. */
    private static final int STANDARD_WRITE = AccessMask.ACCESS_SYSTEM_SECURITY.bits()
            | AccessMask.WRITE_OWNER.bits()
            | AccessMask.WRITE_DAC.bits()
            | AccessMask.DELETE.bits();

    /** {@code mask} with its generic rights replaced by specific ones (MapGenericMask). */
    public AccessMask map(AccessMask mask) {
        return AccessMask.of(map(mask.bits()));
    }

    /** {@link #map(AccessMask)} on bare bits, for code that checks millions of times a second. */
    public int map(int mask) {
        if ((mask & GENERIC_BITS) == 0) {
            return mask;
        }
        int mapped = mask & ~GENERIC_BITS;
        mapped |= (mask & AccessMask.GENERIC_READ.bits()) != 0 ? read.bits() : 0;
        mapped |= (mask & AccessMask.GENERIC_WRITE.bits()) != 0 ? write.bits() : 0;
        mapped |= (mask & AccessMask.GENERIC_EXECUTE.bits()) != 0 ? execute.bits() : 0;
        mapped |= (mask & AccessMask.GENERIC_ALL.bits()) != 0 ? all.bits() : 0;
        return mapped;
    }

    /**
     * The rights for which a write-restricted token needs its restricting SIDs.
     *
     * <p>Generic write without what it shares with read and execute, and DELETE, WRITE_DAC, WRITE_OWNER,
     * ACCESS_SYSTEM_SECURITY (James Forshaw's NtObjectManager, Get-NtAccessMask). For files 0x010D0116:
     * FILE_DELETE_CHILD is <em>not</em> in it, which is why a write-restricted token by itself does not keep a process
     * from deleting what is in its user's directories.
     */
    public AccessMask writeRestricted() {
        return AccessMask.of(STANDARD_WRITE | (write.bits() & ~(read.bits() | execute.bits())));
    }
}
