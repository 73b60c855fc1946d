package io.cordon.sandbox.windows;

import com.sun.jna.Native;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinDef.DWORD;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A process that is started by CreateProcess with a line that nobody quoted, unconfined: what others are compared with. */
final class HandStarted {
    private static final int WAIT_MILLIS = 60_000;

    private HandStarted() {}

    /** The bytes that it wrote. */
    static byte[] run(String image, String line, Path directory, Path output) throws IOException {
        Kernel32 kernel32 = Kernel32.INSTANCE;
        WinBase.SECURITY_ATTRIBUTES inheritable = new WinBase.SECURITY_ATTRIBUTES();
        inheritable.bInheritHandle = true;
        inheritable.dwLength = new DWORD(inheritable.size());
        HANDLE file = kernel32.CreateFile(
                output.toString(),
                WinNT.GENERIC_WRITE,
                WinNT.FILE_SHARE_READ,
                inheritable,
                WinNT.CREATE_ALWAYS,
                WinNT.FILE_ATTRIBUTE_NORMAL,
                null);
        check(!WinBase.INVALID_HANDLE_VALUE.equals(file), "CreateFile");
        try {
            WinBase.STARTUPINFO startup = new WinBase.STARTUPINFO();
            startup.dwFlags = WinBase.STARTF_USESTDHANDLES;
            startup.hStdOutput = file;
            startup.hStdError = file;
            WinBase.PROCESS_INFORMATION process = new WinBase.PROCESS_INFORMATION();
            check(
                    kernel32.CreateProcess(
                            image,
                            line,
                            null,
                            null,
                            true,
                            new DWORD(WinBase.CREATE_NO_WINDOW),
                            null,
                            directory.toString(),
                            startup,
                            process),
                    "CreateProcess");
            int waited = kernel32.WaitForSingleObject(process.hProcess, WAIT_MILLIS);
            kernel32.CloseHandle(process.hThread);
            kernel32.CloseHandle(process.hProcess);
            check(waited == WinBase.WAIT_OBJECT_0, "WaitForSingleObject");
        } finally {
            kernel32.CloseHandle(file);
        }
        return Files.readAllBytes(output);
    }

    private static void check(boolean succeeded, String function) {
        if (!succeeded) {
            throw new AssertionError(function + " failed with " + Native.getLastError());
        }
    }
}
