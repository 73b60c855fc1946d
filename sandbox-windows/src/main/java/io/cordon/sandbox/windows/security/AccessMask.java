package io.cordon.sandbox.windows.security;

import java.util.Locale;
import java.util.StringJoiner;

/**
 * A set of access rights, one bit each (MS-DTYP 2.4.3; the file rights are those of MS-SMB2 2.2.13.1).
 *
 * @param bits the mask as it stands in an ACE
 */
public record AccessMask(int bits) {
    /** No right. */
    public static final AccessMask NONE = new AccessMask(0);

    /** Read the data of a file, list a directory (FILE_LIST_DIRECTORY). */
    public static final AccessMask FILE_READ_DATA = new AccessMask(0x1);
    /** Write the data of a file, add a file to a directory (FILE_ADD_FILE). */
    public static final AccessMask FILE_WRITE_DATA = new AccessMask(0x2);
    /** Append to a file, add a directory to a directory (FILE_ADD_SUBDIRECTORY). */
    public static final AccessMask FILE_APPEND_DATA = new AccessMask(0x4);
    /** Read extended attributes. */
    public static final AccessMask FILE_READ_EA = new AccessMask(0x8);
    /** Write extended attributes. */
    public static final AccessMask FILE_WRITE_EA = new AccessMask(0x10);
    /** Execute a file, traverse a directory. */
    public static final AccessMask FILE_EXECUTE = new AccessMask(0x20);
    /** Delete or rename what is directly in the directory, whatever its own descriptor says. */
    public static final AccessMask FILE_DELETE_CHILD = new AccessMask(0x40);
    /** Read times, size and attributes. */
    public static final AccessMask FILE_READ_ATTRIBUTES = new AccessMask(0x80);
    /** Change times and attributes. */
    public static final AccessMask FILE_WRITE_ATTRIBUTES = new AccessMask(0x100);
    /** Delete or rename the object. */
    public static final AccessMask DELETE = new AccessMask(0x1_0000);
    /** Read owner, group, DACL and label. */
    public static final AccessMask READ_CONTROL = new AccessMask(0x2_0000);
    /** Change the DACL. */
    public static final AccessMask WRITE_DAC = new AccessMask(0x4_0000);
    /** Change owner, group and label. */
    public static final AccessMask WRITE_OWNER = new AccessMask(0x8_0000);
    /** Wait for the object. */
    public static final AccessMask SYNCHRONIZE = new AccessMask(0x10_0000);
    /** Read and change the audit part of the SACL. */
    public static final AccessMask ACCESS_SYSTEM_SECURITY = new AccessMask(0x100_0000);
    /** In a request only: whatever is allowed. */
    public static final AccessMask MAXIMUM_ALLOWED = new AccessMask(0x200_0000);
    /** All rights of the object's type. */
    public static final AccessMask GENERIC_ALL = new AccessMask(0x1000_0000);
    /** The rights to execute, by the object's type. */
    public static final AccessMask GENERIC_EXECUTE = new AccessMask(0x2000_0000);
    /** The rights to write, by the object's type. */
    public static final AccessMask GENERIC_WRITE = new AccessMask(0x4000_0000);
    /** The rights to read, by the object's type. */
    public static final AccessMask GENERIC_READ = new AccessMask(0x8000_0000);

    /** What GENERIC_READ means for files. */
    public static final AccessMask FILE_GENERIC_READ = new AccessMask(0x12_0089);
    /** What GENERIC_WRITE means for files. */
    public static final AccessMask FILE_GENERIC_WRITE = new AccessMask(0x12_0116);
    /** What GENERIC_EXECUTE means for files. */
    public static final AccessMask FILE_GENERIC_EXECUTE = new AccessMask(0x12_00A0);
    /** What GENERIC_ALL means for files. */
    public static final AccessMask FILE_ALL_ACCESS = new AccessMask(0x1F_01FF);

    private static final String[] NAMES = {
        "READ_DATA",
        "WRITE_DATA",
        "APPEND_DATA",
        "READ_EA",
        "WRITE_EA",
        "EXECUTE",
        "DELETE_CHILD",
        "READ_ATTRIBUTES",
        "WRITE_ATTRIBUTES",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "DELETE",
        "READ_CONTROL",
        "WRITE_DAC",
        "WRITE_OWNER",
        "SYNCHRONIZE",
        "",
        "",
        "",
        "ACCESS_SYSTEM_SECURITY",
        "MAXIMUM_ALLOWED",
        "",
        "",
        "GENERIC_ALL",
        "GENERIC_EXECUTE",
        "GENERIC_WRITE",
        "GENERIC_READ"
    };

    /** A mask of its bits. */
    public static AccessMask of(int bits) {
        return new AccessMask(bits);
    }

    /** The rights that are in either. */
    public AccessMask or(AccessMask other) {
        return new AccessMask(bits | other.bits);
    }

    /** The rights that are in both. */
    public AccessMask and(AccessMask other) {
        return new AccessMask(bits & other.bits);
    }

    /** The rights of this that are not in {@code other}. */
    public AccessMask minus(AccessMask other) {
        return new AccessMask(bits & ~other.bits);
    }

    /** Whether every right of {@code other} is in this. */
    public boolean contains(AccessMask other) {
        return (bits & other.bits) == other.bits;
    }

    /** Whether a right is in both. */
    public boolean intersects(AccessMask other) {
        return (bits & other.bits) != 0;
    }

    /** Whether there is no right in it. */
    public boolean isEmpty() {
        return bits == 0;
    }

    /** The mask in hexadecimal, and the names of its bits as they are called for files. */
    @Override
    public String toString() {
        StringJoiner names = new StringJoiner("|");
        for (int i = 0; i < 32; i++) {
            if ((bits & (1 << i)) != 0) {
                names.add(NAMES[i].isEmpty() ? String.format(Locale.ROOT, "0x%X", 1 << i) : NAMES[i]);
            }
        }
        return String.format(Locale.ROOT, "0x%06X(%s)", bits, names);
    }
}
