package io.cordon.sandbox.windows.win32;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import org.jspecify.annotations.Nullable;

/** The functions of user32 that are used; see {@link Kernel32Functions}. Loaded only by whoever needs a desktop. */
interface User32Functions extends StdCallLibrary {
    User32Functions USER32 = Native.load("user32", User32Functions.class, W32APIOptions.UNICODE_OPTIONS);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-createdesktopw">Doc</a>. */
    @Nullable
    Pointer CreateDesktop(
            String desktop,
            @Nullable Pointer device,
            @Nullable Pointer devmode,
            int flags,
            int desiredAccess,
            @Nullable Pointer securityAttributes);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-closedesktop">Doc</a>. */
    boolean CloseDesktop(Pointer desktop);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getprocesswindowstation">Doc</a>. */
    @Nullable
    Pointer GetProcessWindowStation();

    /** <a href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-getuserobjectinformationw">Doc</a>. */
    boolean GetUserObjectInformation(
            Pointer object, int index, Pointer information, int length, @Nullable IntByReference lengthNeeded);

    /** <a href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-showwindow">Doc</a>. */
    boolean ShowWindow(Pointer window, int command);
}
