package io.cordon.sandbox.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;

/** The functions of shell32 that are used; see {@link Kernel32Functions}. */
interface Shell32Functions extends StdCallLibrary {
    Shell32Functions SHELL32 = Native.load("shell32", Shell32Functions.class, W32APIOptions.UNICODE_OPTIONS);

    /** <a href="https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-shellexecuteexw">Doc</a>. */
    boolean ShellExecuteEx(Pointer info);
}
