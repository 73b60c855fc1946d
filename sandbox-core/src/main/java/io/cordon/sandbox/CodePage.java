package io.cordon.sandbox;

/**
 * A charset that the system chose, not the caller. On Windows programs write in one of two code pages; elsewhere both are
 * the native charset.
 *
 * @see SandboxedProcessBuilder#charset(CodePage)
 * @see Sandbox#charset(CodePage)
 * @see <a href="https://learn.microsoft.com/windows/win32/intl/code-pages">Code Pages</a>
 */
public enum CodePage {
    /** What programs with windows use: {@code GetACP}, such as 1252. */
    ANSI,
    /**
     * What consoles and the programs in them use, such as {@code cmd.exe} and PowerShell: {@code GetOEMCP}, such as 437
     * or 850.
     */
    OEM
}
