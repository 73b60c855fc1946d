package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;
import static io.cordon.sandbox.windows.win32.Shell32Functions.SHELL32;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.cordon.sandbox.windows.win32.SetupStructures.SHELLEXECUTEINFOW;
import java.time.Duration;
import java.util.OptionalInt;

final class JnaElevationCalls implements ElevationCalls {
    private static final int SEE_MASK_NOCLOSEPROCESS = 0x00000040;
    private static final int SEE_MASK_NOASYNC = 0x00000100;
    private static final int SW_HIDE = 0;
    private static final int WAIT_TIMEOUT = 258;
    private static final int WAIT_FAILED = -1;

    @Override
    public OptionalInt runElevated(String program, String arguments, Duration time) throws WindowsFailure {
        SHELLEXECUTEINFOW info = new SHELLEXECUTEINFOW();
        try (Memory verb = wide("runas");
                Memory file = wide(program);
                Memory parameters = wide(arguments)) {
            info.cbSize = info.size();
            info.fMask = SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NOASYNC;
            info.lpVerb = verb;
            info.lpFile = file;
            info.lpParameters = parameters;
            info.nShow = SW_HIDE;
            check("ShellExecuteExW", SHELL32.ShellExecuteEx(info.written()));
        }
        info.read();
        try (OwnedHandle process = Handles.own("ShellExecuteExW", info.hProcess)) {
            int milliseconds = (int) Math.min(Integer.MAX_VALUE, time.toMillis());
            int waited =
                    KERNEL32.WaitForMultipleObjects(1, new Pointer[] {Handles.pointer(process)}, false, milliseconds);
            if (waited == WAIT_TIMEOUT) {
                return OptionalInt.empty();
            }
            check("WaitForMultipleObjects", waited != WAIT_FAILED);
            IntByReference code = new IntByReference();
            check("GetExitCodeProcess", KERNEL32.GetExitCodeProcess(Handles.pointer(process), code));
            return OptionalInt.of(code.getValue());
        }
    }

    /** A string for a field of a structure; the caller closes it. */
    static Memory wide(String text) {
        Memory memory = new Memory((text.length() + 1L) * Native.WCHAR_SIZE);
        memory.setWideString(0, text);
        return memory;
    }
}
