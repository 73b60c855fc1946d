package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.Handles.checkCode;
import static io.cordon.sandbox.windows.win32.Handles.memoryOf;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;
import static io.cordon.sandbox.windows.win32.SetRequests.LABEL_SECURITY_INFORMATION;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;

/** Mandatory labels of tokens and desktops, in the binary form of an ACL (MS-DTYP 2.4.5). */
final class ObjectSecurity {
    static final int SE_KERNEL_OBJECT = 6;
    static final int SE_WINDOW_OBJECT = 7;

    /** AclSize is the second word. */
    private static final int ACL_SIZE_OFFSET = 2;

    private ObjectSecurity() {}

    static byte[] label(OwnedHandle object, int objectType) throws WindowsFailure {
        PointerByReference sacl = new PointerByReference();
        PointerByReference descriptor = new PointerByReference();
        checkCode(
                "GetSecurityInfo",
                ADVAPI32.GetSecurityInfo(
                        pointer(object), objectType, LABEL_SECURITY_INFORMATION, null, null, null, sacl, descriptor));
        return taken(sacl, descriptor);
    }

    /** A copy of the list, which is a part of the descriptor that the system allocated. */
    private static byte[] taken(PointerByReference list, PointerByReference descriptor) {
        try {
            Pointer acl = list.getValue();
            return acl == null ? new byte[0] : acl.getByteArray(0, Short.toUnsignedInt(acl.getShort(ACL_SIZE_OFFSET)));
        } finally {
            if (descriptor.getValue() != null) {
                KERNEL32.LocalFree(descriptor.getValue());
            }
        }
    }

    static void setLabel(OwnedHandle object, int objectType, byte[] acl) throws WindowsFailure {
        try (Memory memory = memoryOf(acl)) {
            checkCode(
                    "SetSecurityInfo",
                    ADVAPI32.SetSecurityInfo(
                            pointer(object), objectType, LABEL_SECURITY_INFORMATION, null, null, null, memory));
        }
    }
}
