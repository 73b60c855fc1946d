package io.cordon.sandbox.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import org.jspecify.annotations.Nullable;

/** The functions of crypt32 that are used; see {@link Kernel32Functions}. */
interface Crypt32Functions extends StdCallLibrary {
    Crypt32Functions CRYPT32 = Native.load("crypt32", Crypt32Functions.class, W32APIOptions.UNICODE_OPTIONS);

    /** <a href="https://learn.microsoft.com/windows/win32/api/dpapi/nf-dpapi-cryptprotectdata">Doc</a>. */
    boolean CryptProtectData(
            Pointer in,
            @Nullable String description,
            @Nullable Pointer entropy,
            @Nullable Pointer reserved,
            @Nullable Pointer prompt,
            int flags,
            Pointer out);

    /** <a href="https://learn.microsoft.com/windows/win32/api/dpapi/nf-dpapi-cryptunprotectdata">Doc</a>. */
    boolean CryptUnprotectData(
            Pointer in,
            @Nullable Pointer description,
            @Nullable Pointer entropy,
            @Nullable Pointer reserved,
            @Nullable Pointer prompt,
            int flags,
            Pointer out);
}
