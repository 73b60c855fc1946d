package io.cordon.sandbox.benchmarks;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.ptr.IntByReference;
import java.util.stream.LongStream;

/**
 * The open handles of this JVM, counted in the list of all handles, because on Wine GetProcessHandleCount answers 0. The
 * offsets are those of SYSTEM_HANDLE_INFORMATION_EX for 64 bits.
 */
final class OpenHandles {
    private static final int SYSTEM_EXTENDED_HANDLE_INFORMATION = 64;
    private static final int STATUS_INFO_LENGTH_MISMATCH = 0xC0000004;
    private static final int LIST = 16;
    private static final int ENTRY = 40;
    private static final int PROCESS_ID = 8;

    private OpenHandles() {}

    static int count() {
        Function query = NativeLibrary.getInstance("ntdll").getFunction("NtQuerySystemInformation");
        long self = ProcessHandle.current().pid();
        for (int size = 1 << 20; ; size *= 2) {
            try (Memory list = new Memory(size)) {
                int status = query.invokeInt(
                        new Object[] {SYSTEM_EXTENDED_HANDLE_INFORMATION, list, size, new IntByReference()});
                if (status == STATUS_INFO_LENGTH_MISMATCH) {
                    continue;
                }
                if (status != 0) {
                    throw new IllegalStateException("NtQuerySystemInformation: 0x" + Integer.toHexString(status));
                }
                return (int) LongStream.range(0, list.getLong(0))
                        .filter(i -> list.getLong(LIST + i * ENTRY + PROCESS_ID) == self)
                        .count();
            }
        }
    }
}
