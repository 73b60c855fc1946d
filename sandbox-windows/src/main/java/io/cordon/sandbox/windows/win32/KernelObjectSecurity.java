package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.SetRequests.DACL_SECURITY_INFORMATION;
import static io.cordon.sandbox.windows.win32.SetRequests.LABEL_SECURITY_INFORMATION;

import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import io.cordon.sandbox.windows.security.SecurityFormatException;

/**
 * The descriptor of one object, by the functions that look at this object only: {@code SetSecurityInfo} recomputes what
 * is inherited and hands it on, {@code SetKernelObjectSecurity} stores what it is given.
 */
final class KernelObjectSecurity {
    private static final int OWNER_SECURITY_INFORMATION = 0x1;
    private static final int GROUP_SECURITY_INFORMATION = 0x2;

    private static final int ERROR_INSUFFICIENT_BUFFER = 122;

    /** Most descriptors fit, which saves asking for the size first. */
    private static final int USUAL_LENGTH = 1024;

    private KernelObjectSecurity() {}

    /** Owner, group, access list and label. */
    static SecurityDescriptor get(OwnedHandle object) throws WindowsFailure {
        IntByReference needed = new IntByReference();
        int length = USUAL_LENGTH;
        while (true) {
            try (Memory buffer = new Memory(length)) {
                buffer.clear();
                if (ADVAPI32.GetKernelObjectSecurity(
                        pointer(object),
                        OWNER_SECURITY_INFORMATION
                                | GROUP_SECURITY_INFORMATION
                                | DACL_SECURITY_INFORMATION
                                | LABEL_SECURITY_INFORMATION,
                        buffer,
                        length,
                        needed)) {
                    return decoded(buffer.getByteArray(0, length));
                }
                WindowsFailure failure = Handles.lastError("GetKernelObjectSecurity");
                // It may grow between two calls, but not beyond what a descriptor can be.
                if (failure.code() != ERROR_INSUFFICIENT_BUFFER
                        || needed.getValue() <= length
                        || needed.getValue() > SecurityDescriptorCodec.MAX_LENGTH) {
                    throw failure;
                }
                length = needed.getValue();
            }
        }
    }

    /** What the system returns may come from a file system that somebody else wrote. */
    static SecurityDescriptor decoded(byte[] bytes) throws WindowsFailure {
        try {
            return SetRequests.withoutEmptySacl(SecurityDescriptorCodec.decode(bytes));
        } catch (SecurityFormatException e) {
            WindowsFailure failure = new WindowsFailure(
                    "GetKernelObjectSecurity",
                    WindowsFailure.ERROR_INVALID_SECURITY_DESCR,
                    "not readable: " + e.getMessage());
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** Replaces the label. */
    static void replaceLabel(OwnedHandle object, SecurityDescriptor descriptor) throws WindowsFailure {
        set(object, LABEL_SECURITY_INFORMATION, SetRequests.label(descriptor));
    }

    /** Replaces the access list. */
    static void replaceDacl(OwnedHandle object, SecurityDescriptor descriptor) throws WindowsFailure {
        set(object, DACL_SECURITY_INFORMATION, SetRequests.dacl(descriptor));
    }

    private static void set(OwnedHandle object, int information, SecurityDescriptor request) throws WindowsFailure {
        try (Memory memory = Handles.memoryOf(SecurityDescriptorCodec.encode(request))) {
            check("SetKernelObjectSecurity", ADVAPI32.SetKernelObjectSecurity(pointer(object), information, memory));
        }
    }
}
