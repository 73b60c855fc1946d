package io.cordon.sandbox.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import org.jspecify.annotations.Nullable;

/** The functions of advapi32 that are used; see {@link Kernel32Functions}. */
interface Advapi32Functions extends StdCallLibrary {
    Advapi32Functions ADVAPI32 = Native.load("advapi32", Advapi32Functions.class, W32APIOptions.UNICODE_OPTIONS);

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocesstoken">Doc</a>. */
    boolean OpenProcessToken(Pointer process, int desiredAccess, PointerByReference token);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-duplicatetokenex">Doc</a>. */
    boolean DuplicateTokenEx(
            Pointer existingToken,
            int desiredAccess,
            @Nullable Pointer tokenAttributes,
            int impersonationLevel,
            int tokenType,
            PointerByReference newToken);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-createrestrictedtoken">Doc</a>. */
    boolean CreateRestrictedToken(
            Pointer existingToken,
            int flags,
            int disableSidCount,
            @Nullable Pointer sidsToDisable,
            int deletePrivilegeCount,
            @Nullable Pointer privilegesToDelete,
            int restrictedSidCount,
            @Nullable Pointer sidsToRestrict,
            PointerByReference newToken);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-gettokeninformation">Doc</a>. */
    boolean GetTokenInformation(
            Pointer token,
            int informationClass,
            @Nullable Pointer information,
            int length,
            IntByReference returnLength);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-settokeninformation">Doc</a>. */
    boolean SetTokenInformation(Pointer token, int informationClass, Pointer information, int length);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-impersonateloggedonuser">Doc</a>. */
    boolean ImpersonateLoggedOnUser(Pointer token);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-reverttoself">Doc</a>. */
    boolean RevertToSelf();

    /**
     * Returns the error code itself.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/aclapi/nf-aclapi-getsecurityinfo">Doc</a>
     */
    int GetSecurityInfo(
            Pointer handle,
            int objectType,
            int securityInformation,
            @Nullable PointerByReference owner,
            @Nullable PointerByReference group,
            @Nullable PointerByReference dacl,
            @Nullable PointerByReference sacl,
            PointerByReference securityDescriptor);

    /**
     * Returns the error code itself.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/aclapi/nf-aclapi-setsecurityinfo">Doc</a>
     */
    int SetSecurityInfo(
            Pointer handle,
            int objectType,
            int securityInformation,
            @Nullable Pointer owner,
            @Nullable Pointer group,
            @Nullable Pointer dacl,
            @Nullable Pointer sacl);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-getkernelobjectsecurity">Doc</a>. */
    boolean GetKernelObjectSecurity(
            Pointer handle,
            int requestedInformation,
            Pointer securityDescriptor,
            int length,
            IntByReference lengthNeeded);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-setkernelobjectsecurity">Doc</a>. */
    boolean SetKernelObjectSecurity(Pointer handle, int securityInformation, Pointer securityDescriptor);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-accesscheck">Doc</a>. */
    boolean AccessCheck(
            Pointer securityDescriptor,
            Pointer clientToken,
            int desiredAccess,
            Pointer genericMapping,
            Pointer privilegeSet,
            IntByReference privilegeSetLength,
            IntByReference grantedAccess,
            IntByReference accessStatus);

    /** <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessasuserw">Doc</a>. */
    boolean CreateProcessAsUser(
            Pointer token,
            String applicationName,
            Pointer commandLine,
            @Nullable Pointer processAttributes,
            @Nullable Pointer threadAttributes,
            boolean inheritHandles,
            int creationFlags,
            Pointer environment,
            String currentDirectory,
            Pointer startupInfo,
            Pointer processInformation);

    /**
     * The command line may have 1,024 characters. The password is a buffer, which can be wiped, and not a string.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-createprocesswithlogonw">Doc</a>
     */
    boolean CreateProcessWithLogonW(
            Pointer username,
            Pointer domain,
            Pointer password,
            int logonFlags,
            Pointer applicationName,
            Pointer commandLine,
            int creationFlags,
            Pointer environment,
            Pointer currentDirectory,
            Pointer startupInfo,
            Pointer processInformation);

    /** <a href="https://learn.microsoft.com/windows/win32/api/securitybaseapi/nf-securitybaseapi-freesid">Doc</a>. */
    @Nullable
    Pointer FreeSid(Pointer sid);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lookupaccountnamew">Doc</a>. */
    boolean LookupAccountName(
            @Nullable String system,
            String account,
            Pointer sid,
            IntByReference sidLength,
            Pointer domain,
            IntByReference domainLength,
            IntByReference use);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-logonuserw">Doc</a>. */
    boolean LogonUser(String user, String domain, Pointer password, int type, int provider, PointerByReference token);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ntsecapi/nf-ntsecapi-lsaopenpolicy">Doc</a>. */
    int LsaOpenPolicy(@Nullable Pointer system, Pointer attributes, int desiredAccess, PointerByReference policy);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ntsecapi/nf-ntsecapi-lsaaddaccountrights">Doc</a>. */
    int LsaAddAccountRights(Pointer policy, Pointer sid, Pointer rights, int count);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ntsecapi/nf-ntsecapi-lsaenumerateaccountrights">Doc</a>. */
    int LsaEnumerateAccountRights(Pointer policy, Pointer sid, PointerByReference rights, IntByReference count);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ntsecapi/nf-ntsecapi-lsaremoveaccountrights">Doc</a>. */
    int LsaRemoveAccountRights(Pointer policy, Pointer sid, byte all, @Nullable Pointer rights, int count);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ntsecapi/nf-ntsecapi-lsantstatustowinerror">Doc</a>. */
    int LsaNtStatusToWinError(int status);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ntsecapi/nf-ntsecapi-lsafreememory">Doc</a>. */
    int LsaFreeMemory(Pointer memory);

    /** <a href="https://learn.microsoft.com/windows/win32/api/ntsecapi/nf-ntsecapi-lsaclose">Doc</a>. */
    int LsaClose(Pointer policy);
}
