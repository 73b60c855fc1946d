package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Advapi32Functions.ADVAPI32;
import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.checkCode;
import static io.cordon.sandbox.windows.win32.JnaElevationCalls.wide;
import static io.cordon.sandbox.windows.win32.Netapi32Functions.NETAPI32;
import static io.cordon.sandbox.windows.win32.UserenvFunctions.USERENV;

import com.google.common.collect.ImmutableSet;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.Win32Exception;
import com.sun.jna.platform.win32.WinReg;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.SetupStructures.LOCALGROUP_INFO_1;
import io.cordon.sandbox.windows.win32.SetupStructures.LOCALGROUP_MEMBERS_INFO_0;
import io.cordon.sandbox.windows.win32.SetupStructures.USER_INFO_1;
import io.cordon.sandbox.windows.win32.SetupStructures.USER_INFO_1003;
import io.cordon.sandbox.windows.win32.SetupStructures.USER_INFO_1008;
import java.util.Optional;

final class JnaAccountCalls implements AccountCalls {
    private static final int ERROR_MEMBER_IN_ALIAS = 1378;
    private static final int ERROR_NO_SUCH_ALIAS = 1376;
    private static final int NERR_UserNotFound = 2221;
    private static final int NERR_GroupNotFound = 2220;
    private static final int MAX_PREFERRED_LENGTH = -1;
    private static final int USER_PRIV_USER = 1;
    private static final int UF_SCRIPT = 0x1;
    private static final int UF_ACCOUNTDISABLE = 0x2;
    private static final int UF_PASSWD_CANT_CHANGE = 0x40;
    private static final int UF_NORMAL_ACCOUNT = 0x200;
    private static final int UF_DONT_EXPIRE_PASSWD = 0x10000;
    private static final int FLAGS = UF_SCRIPT | UF_PASSWD_CANT_CHANGE | UF_NORMAL_ACCOUNT | UF_DONT_EXPIRE_PASSWD;
    private static final int LOGON32_LOGON_INTERACTIVE = 2;
    private static final int LOGON32_PROVIDER_DEFAULT = 0;
    private static final int LONGEST_SID = 68;
    private static final int LONGEST_DOMAIN = 512;

    /** Names in it are accounts that the sign-in screen does not show if their value is 0. */
    private static final String USER_LIST =
            "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon\\SpecialAccounts\\UserList";

    @Override
    public Optional<User> user(String name) throws WindowsFailure {
        PointerByReference buffer = new PointerByReference();
        int code = NETAPI32.NetUserGetInfo(null, name, 1, buffer);
        if (code == NERR_UserNotFound) {
            return Optional.empty();
        }
        checkCode("NetUserGetInfo", code);
        try {
            USER_INFO_1 info = Structure.newInstance(USER_INFO_1.class, buffer.getValue());
            info.read();
            Pointer comment = info.usri1_comment;
            return Optional.of(new User(
                    sid(name),
                    comment == null ? "" : comment.getWideString(0),
                    (info.usri1_flags & UF_ACCOUNTDISABLE) == 0));
        } finally {
            var unused = NETAPI32.NetApiBufferFree(buffer.getValue());
        }
    }

    private static Sid sid(String name) throws WindowsFailure {
        try (Memory sid = new Memory(LONGEST_SID);
                Memory domain = new Memory(LONGEST_DOMAIN * (long) Native.WCHAR_SIZE)) {
            check(
                    "LookupAccountNameW",
                    ADVAPI32.LookupAccountName(
                            null,
                            name,
                            sid,
                            new IntByReference(LONGEST_SID),
                            domain,
                            new IntByReference(LONGEST_DOMAIN),
                            new IntByReference()));
            return Sid.decode(JnaTokenCalls.sidAt(sid));
        }
    }

    /** The caller clears and closes it. */
    private static Memory wideOf(char[] password) {
        Memory memory = new Memory((password.length + 1L) * Native.WCHAR_SIZE);
        memory.clear();
        for (int i = 0; i < password.length; i++) {
            memory.setChar(i * (long) Native.WCHAR_SIZE, password[i]);
        }
        return memory;
    }

    @Override
    public void addUser(String name, char[] password, String comment) throws WindowsFailure {
        USER_INFO_1 info = new USER_INFO_1();
        try (Memory text = wide(name);
                Memory secret = wideOf(password);
                Memory remark = wide(comment)) {
            info.usri1_name = text;
            info.usri1_password = secret;
            info.usri1_priv = USER_PRIV_USER;
            info.usri1_comment = remark;
            info.usri1_flags = FLAGS | UF_ACCOUNTDISABLE;
            try {
                checkCode("NetUserAdd", NETAPI32.NetUserAdd(null, 1, info.written(), null));
            } finally {
                secret.clear();
            }
        }
    }

    @Override
    public void setPassword(String name, char[] password) throws WindowsFailure {
        USER_INFO_1003 info = new USER_INFO_1003();
        try (Memory secret = wideOf(password)) {
            info.usri1003_password = secret;
            try {
                checkCode("NetUserSetInfo", NETAPI32.NetUserSetInfo(null, name, 1003, info.written(), null));
            } finally {
                secret.clear();
            }
        }
    }

    @Override
    public void enableUser(String name) throws WindowsFailure {
        setFlags(name, FLAGS);
    }

    @Override
    public void disableUser(String name) throws WindowsFailure {
        setFlags(name, FLAGS | UF_ACCOUNTDISABLE);
    }

    private static void setFlags(String name, int flags) throws WindowsFailure {
        USER_INFO_1008 info = new USER_INFO_1008();
        info.usri1008_flags = flags;
        checkCode("NetUserSetInfo", NETAPI32.NetUserSetInfo(null, name, 1008, info.written(), null));
    }

    @Override
    public void deleteUser(String name) throws WindowsFailure {
        int code = NETAPI32.NetUserDel(null, name);
        if (code != NERR_UserNotFound) {
            checkCode("NetUserDel", code);
        }
    }

    @Override
    public Optional<String> groupComment(String name) throws WindowsFailure {
        PointerByReference buffer = new PointerByReference();
        int code = NETAPI32.NetLocalGroupGetInfo(null, name, 1, buffer);
        if (code == NERR_GroupNotFound || code == ERROR_NO_SUCH_ALIAS) {
            return Optional.empty();
        }
        checkCode("NetLocalGroupGetInfo", code);
        try {
            LOCALGROUP_INFO_1 info = Structure.newInstance(LOCALGROUP_INFO_1.class, buffer.getValue());
            info.read();
            return Optional.of(info.lgrpi1_comment == null ? "" : info.lgrpi1_comment.getWideString(0));
        } finally {
            var unused = NETAPI32.NetApiBufferFree(buffer.getValue());
        }
    }

    @Override
    public void addGroup(String name, String comment) throws WindowsFailure {
        LOCALGROUP_INFO_1 info = new LOCALGROUP_INFO_1();
        try (Memory text = wide(name);
                Memory remark = wide(comment)) {
            info.lgrpi1_name = text;
            info.lgrpi1_comment = remark;
            checkCode("NetLocalGroupAdd", NETAPI32.NetLocalGroupAdd(null, 1, info.written(), null));
        }
    }

    @Override
    public void deleteGroup(String name) throws WindowsFailure {
        int code = NETAPI32.NetLocalGroupDel(null, name);
        if (code != NERR_GroupNotFound && code != ERROR_NO_SUCH_ALIAS) {
            checkCode("NetLocalGroupDel", code);
        }
    }

    @Override
    public void addMember(String group, Sid member) throws WindowsFailure {
        LOCALGROUP_MEMBERS_INFO_0 info = new LOCALGROUP_MEMBERS_INFO_0();
        try (Memory sid = Handles.memoryOf(member.encode())) {
            info.lgrmi0_sid = sid;
            int code = NETAPI32.NetLocalGroupAddMembers(null, group, 0, info.written(), 1);
            if (code != ERROR_MEMBER_IN_ALIAS) {
                checkCode("NetLocalGroupAddMembers", code);
            }
        }
    }

    @Override
    public ImmutableSet<Sid> members(String group) throws WindowsFailure {
        PointerByReference buffer = new PointerByReference();
        IntByReference read = new IntByReference();
        checkCode(
                "NetLocalGroupGetMembers",
                NETAPI32.NetLocalGroupGetMembers(
                        null, group, 0, buffer, MAX_PREFERRED_LENGTH, read, new IntByReference(), null));
        try {
            ImmutableSet.Builder<Sid> members = ImmutableSet.builder();
            for (int i = 0; i < read.getValue(); i++) {
                members.add(
                        Sid.decode(JnaTokenCalls.sidAt(buffer.getValue().getPointer(i * (long) Native.POINTER_SIZE))));
            }
            return members.build();
        } finally {
            if (buffer.getValue() != null) {
                var unused = NETAPI32.NetApiBufferFree(buffer.getValue());
            }
        }
    }

    @Override
    public void hide(String name) throws WindowsFailure {
        try {
            var unused = Advapi32Util.registryCreateKey(WinReg.HKEY_LOCAL_MACHINE, USER_LIST);
            Advapi32Util.registrySetIntValue(WinReg.HKEY_LOCAL_MACHINE, USER_LIST, name, 0);
        } catch (Win32Exception e) {
            throw Handles.failure("RegSetValueExW", e.getErrorCode());
        }
    }

    @Override
    public boolean hidden(String name) throws WindowsFailure {
        try {
            return Advapi32Util.registryValueExists(WinReg.HKEY_LOCAL_MACHINE, USER_LIST, name)
                    && Advapi32Util.registryGetIntValue(WinReg.HKEY_LOCAL_MACHINE, USER_LIST, name) == 0;
        } catch (Win32Exception e) {
            throw Handles.failure("RegQueryValueExW", e.getErrorCode());
        }
    }

    @Override
    public void unhide(String name) throws WindowsFailure {
        try {
            if (Advapi32Util.registryValueExists(WinReg.HKEY_LOCAL_MACHINE, USER_LIST, name)) {
                Advapi32Util.registryDeleteValue(WinReg.HKEY_LOCAL_MACHINE, USER_LIST, name);
            }
        } catch (Win32Exception e) {
            throw Handles.failure("RegDeleteValueW", e.getErrorCode());
        }
    }

    @Override
    public void addRights(Sid account, ImmutableSet<String> rights) throws WindowsFailure {
        AccountRights.add(account, rights);
    }

    @Override
    public ImmutableSet<String> rights(Sid account) throws WindowsFailure {
        return AccountRights.of(account);
    }

    @Override
    public void removeRights(Sid account) throws WindowsFailure {
        AccountRights.remove(account);
    }

    @Override
    public void deleteProfile(Sid account) throws WindowsFailure {
        boolean deleted;
        try {
            deleted = USERENV.DeleteProfile(account.toString(), null, null);
        } catch (UnsatisfiedLinkError e) {
            throw Handles.failure("DeleteProfileW", WindowsFailure.ERROR_CALL_NOT_IMPLEMENTED); // Wine
        }
        if (!deleted && Native.getLastError() != WindowsFailure.ERROR_FILE_NOT_FOUND) {
            throw Handles.lastError("DeleteProfileW");
        }
    }

    @Override
    public OwnedHandle logon(String name, char[] password) throws WindowsFailure {
        PointerByReference token = new PointerByReference();
        try (Memory secret = wideOf(password)) {
            try {
                check(
                        "LogonUserW",
                        ADVAPI32.LogonUser(
                                name, ".", secret, LOGON32_LOGON_INTERACTIVE, LOGON32_PROVIDER_DEFAULT, token));
            } finally {
                secret.clear();
            }
        }
        return Handles.own("LogonUserW", token.getValue());
    }
}
