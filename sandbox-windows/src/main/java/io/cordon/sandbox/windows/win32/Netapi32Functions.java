package io.cordon.sandbox.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import org.jspecify.annotations.Nullable;

/** The functions of netapi32 that are used, which return their error code; see {@link Kernel32Functions}. */
interface Netapi32Functions extends StdCallLibrary {
    Netapi32Functions NETAPI32 = Native.load("netapi32", Netapi32Functions.class, W32APIOptions.UNICODE_OPTIONS);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netuseradd">Doc</a>. */
    int NetUserAdd(@Nullable String server, int level, Pointer buffer, @Nullable IntByReference parameter);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netuserdel">Doc</a>. */
    int NetUserDel(@Nullable String server, String name);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netusergetinfo">Doc</a>. */
    int NetUserGetInfo(@Nullable String server, String name, int level, PointerByReference buffer);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netusersetinfo">Doc</a>. */
    int NetUserSetInfo(
            @Nullable String server, String name, int level, Pointer buffer, @Nullable IntByReference parameter);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netlocalgroupadd">Doc</a>. */
    int NetLocalGroupAdd(@Nullable String server, int level, Pointer buffer, @Nullable IntByReference parameter);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netlocalgroupdel">Doc</a>. */
    int NetLocalGroupDel(@Nullable String server, String name);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netlocalgroupgetinfo">Doc</a>. */
    int NetLocalGroupGetInfo(@Nullable String server, String name, int level, PointerByReference buffer);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netlocalgroupaddmembers">Doc</a>. */
    int NetLocalGroupAddMembers(@Nullable String server, String name, int level, Pointer buffer, int count);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmaccess/nf-lmaccess-netlocalgroupgetmembers">Doc</a>. */
    int NetLocalGroupGetMembers(
            @Nullable String server,
            String name,
            int level,
            PointerByReference buffer,
            int length,
            IntByReference read,
            IntByReference total,
            @Nullable Pointer resume);

    /** <a href="https://learn.microsoft.com/windows/win32/api/lmapibuf/nf-lmapibuf-netapibufferfree">Doc</a>. */
    int NetApiBufferFree(Pointer buffer);
}
