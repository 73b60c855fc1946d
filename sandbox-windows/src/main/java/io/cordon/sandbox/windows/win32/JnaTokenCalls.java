package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.own;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.win32.Structures.TOKEN_DEFAULT_DACL;
import io.cordon.sandbox.windows.win32.Structures.TOKEN_MANDATORY_LABEL;

final class JnaTokenCalls implements TokenCalls {
    private static final int TOKEN_ASSIGN_PRIMARY = 0x0001;
    private static final int TOKEN_DUPLICATE = 0x0002;
    private static final int TOKEN_QUERY = 0x0008;
    private static final int TOKEN_ADJUST_DEFAULT = 0x0080;
    private static final int TOKEN_ALL_ACCESS = 0x000F01FF;

    private static final int DISABLE_MAX_PRIVILEGE = 0x1;
    private static final int LUA_TOKEN = 0x4;

    private static final int SecurityImpersonation = 2;
    private static final int TokenPrimary = 1;

    private static final int TokenUser = 1;
    private static final int TokenDefaultDacl = 6;
    private static final int TokenElevation = 20;
    private static final int TokenIntegrityLevel = 25;
    private static final int SE_GROUP_INTEGRITY = 0x20;

    @Override
    public OwnedHandle ownToken() throws WindowsFailure {
        return open(
                KERNEL32.GetCurrentProcess(),
                TOKEN_DUPLICATE | TOKEN_QUERY | TOKEN_ASSIGN_PRIMARY | TOKEN_ADJUST_DEFAULT);
    }

    @Override
    public OwnedHandle tokenOf(OwnedHandle process) throws WindowsFailure {
        return open(pointer(process), TOKEN_QUERY);
    }

    private static OwnedHandle open(Pointer process, int access) throws WindowsFailure {
        PointerByReference token = new PointerByReference();
        check("OpenProcessToken", ADVAPI32.OpenProcessToken(process, access, token));
        return own("OpenProcessToken", token.getValue());
    }

    @Override
    public OwnedHandle restrict(OwnedHandle token) throws WindowsFailure {
        PointerByReference restricted = new PointerByReference();
        check(
                "CreateRestrictedToken",
                ADVAPI32.CreateRestrictedToken(
                        pointer(token), DISABLE_MAX_PRIVILEGE | LUA_TOKEN, 0, null, 0, null, 0, null, restricted));
        return own("CreateRestrictedToken", restricted.getValue());
    }

    @Override
    public OwnedHandle duplicate(OwnedHandle token) throws WindowsFailure {
        PointerByReference copy = new PointerByReference();
        check(
                "DuplicateTokenEx",
                ADVAPI32.DuplicateTokenEx(
                        pointer(token), TOKEN_ALL_ACCESS, null, SecurityImpersonation, TokenPrimary, copy));
        return own("DuplicateTokenEx", copy.getValue());
    }

    @Override
    public int integrityLevel(OwnedHandle token) throws WindowsFailure {
        try (Memory label = information(token, TokenIntegrityLevel)) {
            byte[] sid = sidAt(label.getPointer(0));
            return IntegrityLabel.levelOf(sid);
        }
    }

    @Override
    public void setIntegrityLevel(OwnedHandle token, int level) throws WindowsFailure {
        byte[] sid = IntegrityLabel.sid(level);
        try (Memory memory = copyOf(sid)) {
            TOKEN_MANDATORY_LABEL label = new TOKEN_MANDATORY_LABEL();
            label.Sid = memory;
            label.Attributes = SE_GROUP_INTEGRITY;
            check(
                    "SetTokenInformation",
                    ADVAPI32.SetTokenInformation(
                            pointer(token), TokenIntegrityLevel, label.written(), label.size() + sid.length));
        }
    }

    @Override
    public void setDefaultDacl(OwnedHandle token, byte[] acl) throws WindowsFailure {
        try (Memory memory = copyOf(acl)) {
            TOKEN_DEFAULT_DACL dacl = new TOKEN_DEFAULT_DACL();
            dacl.DefaultDacl = memory;
            check(
                    "SetTokenInformation",
                    ADVAPI32.SetTokenInformation(pointer(token), TokenDefaultDacl, dacl.written(), dacl.size()));
        }
    }

    @Override
    public void setLabel(OwnedHandle token, byte[] acl) throws WindowsFailure {
        ObjectLabels.set(token, ObjectLabels.SE_KERNEL_OBJECT, acl);
    }

    @Override
    public byte[] label(OwnedHandle token) throws WindowsFailure {
        return ObjectLabels.get(token, ObjectLabels.SE_KERNEL_OBJECT);
    }

    @Override
    public byte[] user(OwnedHandle token) throws WindowsFailure {
        try (Memory user = information(token, TokenUser)) {
            return sidAt(user.getPointer(0));
        }
    }

    @Override
    public boolean elevated(OwnedHandle token) throws WindowsFailure {
        try (Memory elevation = information(token, TokenElevation)) {
            return elevation.getInt(0) != 0;
        }
    }

    @Override
    public void impersonate(OwnedHandle token) throws WindowsFailure {
        check("ImpersonateLoggedOnUser", ADVAPI32.ImpersonateLoggedOnUser(pointer(token)));
    }

    @Override
    public void revertToSelf() throws WindowsFailure {
        check("RevertToSelf", ADVAPI32.RevertToSelf());
    }

    /** Asks twice: first for the size. */
    private static Memory information(OwnedHandle token, int informationClass) throws WindowsFailure {
        IntByReference size = new IntByReference();
        if (!ADVAPI32.GetTokenInformation(pointer(token), informationClass, null, 0, size)) {
            WindowsFailure failure = Handles.lastError("GetTokenInformation");
            if (size.getValue() <= 0 || failure.code() == 0) {
                throw failure;
            }
        }
        Memory memory = new Memory(Math.max(size.getValue(), 1));
        if (!ADVAPI32.GetTokenInformation(pointer(token), informationClass, memory, size.getValue(), size)) {
            WindowsFailure failure = Handles.lastError("GetTokenInformation");
            memory.close();
            throw failure;
        }
        return memory;
    }

    /** MS-DTYP 2.4.2.2: eight bytes and four for each part, whose number is in the second byte. */
    private static byte[] sidAt(Pointer sid) {
        int parts = sid.getByte(1);
        return sid.getByteArray(0, 8 + 4 * parts);
    }

    private static Memory copyOf(byte[] bytes) {
        Memory memory = new Memory(bytes.length);
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }
}
