package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.memoryOf;
import static io.cordon.sandbox.windows.win32.Handles.own;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.Structures.GENERIC_MAPPING;
import io.cordon.sandbox.windows.win32.Structures.TOKEN_DEFAULT_DACL;
import io.cordon.sandbox.windows.win32.Structures.TOKEN_MANDATORY_LABEL;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

final class JnaTokenCalls implements TokenCalls {
    private static final int TOKEN_ASSIGN_PRIMARY = 0x0001;
    private static final int TOKEN_DUPLICATE = 0x0002;
    private static final int TOKEN_IMPERSONATE = 0x0004;
    private static final int TOKEN_QUERY = 0x0008;
    private static final int TOKEN_ADJUST_DEFAULT = 0x0080;
    private static final int TOKEN_ALL_ACCESS = 0x000F01FF;

    private static final int DISABLE_MAX_PRIVILEGE = 0x1;
    private static final int LUA_TOKEN = 0x4;
    private static final int WRITE_RESTRICTED = 0x8;

    private static final int SecurityIdentification = 1;
    private static final int SecurityImpersonation = 2;
    private static final int TokenPrimary = 1;
    private static final int TokenImpersonation = 2;

    private static final int TokenUser = 1;
    private static final int TokenGroups = 2;
    private static final int TokenDefaultDacl = 6;
    private static final int TokenRestrictedSids = 11;
    private static final int TokenElevation = 20;
    private static final int TokenIntegrityLevel = 25;
    private static final int SE_GROUP_INTEGRITY = 0x20;
    private static final int SE_GROUP_LOGON_ID = 0xC0000000;

    /** Room for a PRIVILEGE_SET with more privileges (12 bytes each) than there are; what was used is not looked at. */
    private static final int PRIVILEGES_LENGTH = 1024;

    /** TOKEN_GROUPS: a count, then SID_AND_ATTRIBUTES, aligned like the pointers in them. */
    static final int GROUPS_OFFSET = 8;

    static final int SID_AND_ATTRIBUTES_SIZE = 16;
    static final int ATTRIBUTES_OFFSET = 8;

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

    @Override
    public OwnedHandle actingTokenOf(OwnedHandle process) throws WindowsFailure {
        return open(pointer(process), TOKEN_QUERY | TOKEN_DUPLICATE | TOKEN_IMPERSONATE);
    }

    private static OwnedHandle open(Pointer process, int access) throws WindowsFailure {
        PointerByReference token = new PointerByReference();
        check("OpenProcessToken", ADVAPI32.OpenProcessToken(process, access, token));
        return own("OpenProcessToken", token.getValue());
    }

    @Override
    public OwnedHandle restrict(OwnedHandle token, Optional<ImmutableSet<Sid>> restricting) throws WindowsFailure {
        int flags = DISABLE_MAX_PRIVILEGE | LUA_TOKEN | (restricting.isPresent() ? WRITE_RESTRICTED : 0);
        ImmutableList<Sid> sids = restricting.map(ImmutableSet::asList).orElse(ImmutableList.of());
        PointerByReference restricted = new PointerByReference();
        try (Memory list = sidsAndAttributes(sids)) {
            check(
                    "CreateRestrictedToken",
                    ADVAPI32.CreateRestrictedToken(
                            pointer(token), flags, 0, null, 0, null, sids.size(), list, restricted));
        }
        return own("CreateRestrictedToken", restricted.getValue());
    }

    /** The array, and behind it the SIDs that it points to; attributes must be zero here. */
    private static Memory sidsAndAttributes(ImmutableList<Sid> sids) {
        int header = sids.size() * SID_AND_ATTRIBUTES_SIZE;
        Memory memory = new Memory(
                Math.max(1, header + sids.stream().mapToInt(Sid::length).sum()));
        memory.clear();
        long at = header;
        for (int i = 0; i < sids.size(); i++) {
            byte[] sid = sids.get(i).encode();
            memory.write(at, sid, 0, sid.length);
            memory.setPointer((long) i * SID_AND_ATTRIBUTES_SIZE, memory.share(at));
            at += sid.length;
        }
        return memory;
    }

    @Override
    public ImmutableSet<Sid> restricting(OwnedHandle token) throws WindowsFailure {
        return groups(token, TokenRestrictedSids).keySet();
    }

    @Override
    public Optional<Sid> logon(OwnedHandle token) throws WindowsFailure {
        return groups(token, TokenGroups).entrySet().stream()
                .filter(group -> (group.getValue() & SE_GROUP_LOGON_ID) == SE_GROUP_LOGON_ID)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    static ImmutableMap<Sid, Integer> groups(OwnedHandle token, int informationClass) throws WindowsFailure {
        try (Memory groups = information(token, informationClass)) {
            Map<Sid, Integer> result = new LinkedHashMap<>();
            int count = groups.getInt(0);
            for (int i = 0; i < count; i++) {
                long at = GROUPS_OFFSET + (long) i * SID_AND_ATTRIBUTES_SIZE;
                result.put(Sid.decode(sidAt(groups.getPointer(at))), groups.getInt(at + ATTRIBUTES_OFFSET));
            }
            return ImmutableMap.copyOf(result);
        }
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
            return IntegrityLevel.of(Sid.decode(sid)).rid();
        }
    }

    @Override
    public void setIntegrityLevel(OwnedHandle token, int level) throws WindowsFailure {
        byte[] sid = new IntegrityLevel(level).sid().encode();
        try (Memory memory = memoryOf(sid)) {
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
        try (Memory memory = memoryOf(acl)) {
            TOKEN_DEFAULT_DACL dacl = new TOKEN_DEFAULT_DACL();
            dacl.DefaultDacl = memory;
            check(
                    "SetTokenInformation",
                    ADVAPI32.SetTokenInformation(pointer(token), TokenDefaultDacl, dacl.written(), dacl.size()));
        }
    }

    @Override
    public void setLabel(OwnedHandle token, byte[] acl) throws WindowsFailure {
        ObjectSecurity.setLabel(token, ObjectSecurity.SE_KERNEL_OBJECT, acl);
    }

    @Override
    public byte[] label(OwnedHandle token) throws WindowsFailure {
        return ObjectSecurity.label(token, ObjectSecurity.SE_KERNEL_OBJECT);
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

    /** Asks for the size first, and again as long as it was told too small a one. */
    static Memory information(OwnedHandle token, int informationClass) throws WindowsFailure {
        IntByReference size = new IntByReference();
        Memory memory = null;
        while (true) {
            int tried = size.getValue();
            if (ADVAPI32.GetTokenInformation(pointer(token), informationClass, memory, tried, size)) {
                return memory != null ? memory : new Memory(1);
            }
            WindowsFailure failure = Handles.lastError("GetTokenInformation");
            if (memory != null) {
                memory.close();
            }
            if (size.getValue() <= tried || failure.code() == 0) {
                throw failure;
            }
            memory = new Memory(size.getValue());
        }
    }

    /** MS-DTYP 2.4.2.2: eight bytes and four for each part, whose number is in the second byte. */
    static byte[] sidAt(Pointer sid) {
        int parts = sid.getByte(1);
        return sid.getByteArray(0, 8 + 4 * parts);
    }

    @Override
    public OwnedHandle forChecking(OwnedHandle token) throws WindowsFailure {
        PointerByReference copy = new PointerByReference();
        check(
                "DuplicateTokenEx",
                ADVAPI32.DuplicateTokenEx(
                        pointer(token), TOKEN_QUERY, null, SecurityIdentification, TokenImpersonation, copy));
        return own("DuplicateTokenEx", copy.getValue());
    }

    @Override
    public AccessMask maximumAccess(OwnedHandle checking, SecurityDescriptor descriptor) throws WindowsFailure {
        GENERIC_MAPPING mapping = new GENERIC_MAPPING();
        mapping.GenericRead = GenericMapping.FILE.read().bits();
        mapping.GenericWrite = GenericMapping.FILE.write().bits();
        mapping.GenericExecute = GenericMapping.FILE.execute().bits();
        mapping.GenericAll = GenericMapping.FILE.all().bits();
        IntByReference granted = new IntByReference();
        IntByReference status = new IntByReference();
        try (Memory memory = memoryOf(SecurityDescriptorCodec.encode(descriptor));
                Memory privileges = new Memory(PRIVILEGES_LENGTH)) {
            check(
                    "AccessCheck",
                    ADVAPI32.AccessCheck(
                            memory,
                            pointer(checking),
                            AccessMask.MAXIMUM_ALLOWED.bits(),
                            mapping.written(),
                            privileges,
                            new IntByReference(PRIVILEGES_LENGTH),
                            granted,
                            status));
        }
        // FALSE says that nothing is granted; that is an answer, and no failure of the call.
        return status.getValue() == 0 ? AccessMask.NONE : AccessMask.of(granted.getValue());
    }
}
