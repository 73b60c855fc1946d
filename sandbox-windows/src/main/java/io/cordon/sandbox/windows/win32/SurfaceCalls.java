package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.TerminalSize;

/** What a process shows itself on: desktops with their windows, and pseudo consoles. */
public interface SurfaceCalls {
    /**
     * A desktop.
     *
     * @param handle keeps it, as every process on it does
     * @param fullName the name of the window station and its own, as a new process is told it
     */
    record Desktop(OwnedHandle handle, String fullName) {}

    /**
     * A new desktop on the window station of the JVM, which no user looks at.
     *
     * @param name its name, which must not be in use
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-createdesktopw">CreateDesktopW</a>
     */
    Desktop createDesktop(String name) throws WindowsFailure;

    /** Sets the label of a desktop, so that a process of that level can make windows on it. */
    void setLabel(Desktop desktop, byte[] acl) throws WindowsFailure;

    /**
     * A pseudo console that reads keys from one pipe and writes what is to be shown to another; it has copies of both.
     * Closing its handle ends every process that is attached to it, and may wait until its output was read.
     *
     * @see <a href="https://learn.microsoft.com/windows/console/creating-a-pseudoconsole-session">Creating a
     *     Pseudoconsole session</a>
     */
    OwnedHandle createTerminal(TerminalSize size, OwnedHandle input, OwnedHandle output) throws WindowsFailure;

    /** Changes the size of a pseudo console. */
    void resize(OwnedHandle terminal, TerminalSize size) throws WindowsFailure;
}
