package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32Util;
import org.jspecify.annotations.Nullable;

/** From what functions return to owned handles and failures. */
final class Handles {
    private static final long INVALID_HANDLE_VALUE = -1;

    private Handles() {}

    /** Takes over the handle that a function returned; 0 and INVALID_HANDLE_VALUE say that it failed. */
    static OwnedHandle own(String function, @Nullable Pointer handle) throws WindowsFailure {
        long value = Pointer.nativeValue(handle);
        if (value == 0 || value == INVALID_HANDLE_VALUE) {
            throw lastError(function);
        }
        return new OwnedHandle(value, toClose -> KERNEL32.CloseHandle(Pointer.createConstant(toClose)));
    }

    /** The handle that a function returned, or null in both cases in which it says that it has none. */
    static @Nullable Pointer valid(@Nullable Pointer handle) {
        return Pointer.nativeValue(handle) == INVALID_HANDLE_VALUE ? null : handle;
    }

    static Pointer pointer(OwnedHandle handle) {
        return Pointer.createConstant(handle.value());
    }

    /** For a parameter that points to bytes; the caller closes it. */
    static Memory memoryOf(byte[] bytes) {
        Memory memory = new Memory(bytes.length);
        memory.write(0, bytes, 0, bytes.length);
        return memory;
    }

    static void check(String function, boolean succeeded) throws WindowsFailure {
        if (!succeeded) {
            throw lastError(function);
        }
    }

    /** For the functions that return their error code. */
    static void checkCode(String function, int code) throws WindowsFailure {
        if (code != 0) {
            throw failure(function, code);
        }
    }

    /** JNA keeps the code of the thread's last call; calling GetLastError itself would come too late. */
    static WindowsFailure lastError(String function) {
        return failure(function, Native.getLastError());
    }

    static WindowsFailure failure(String function, int code) {
        return new WindowsFailure(function, code, text(code));
    }

    private static String text(int code) {
        try {
            return Kernel32Util.formatMessage(code).strip();
        } catch (RuntimeException e) {
            return "no text for this code"; // the code itself is what counts
        }
    }
}
