package io.cordon.sandbox.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.BaseTSD.SIZE_T;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Uses what a policy may limit, up to a number, and prints how far it came: {@code processes COUNT} or
 * {@code memory MEBIBYTES}.
 */
public final class LimitsMain {
    private static final int MEM_COMMIT_RESERVE = 0x3000;
    private static final int PAGE_READWRITE = 0x4;
    private static final int STEP = 16;

    private LimitsMain() {}

    /** JNA-Platform has it for other processes only. */
    interface VirtualMemory extends StdCallLibrary {
        VirtualMemory KERNEL32 = Native.load("kernel32", VirtualMemory.class, W32APIOptions.DEFAULT_OPTIONS);

        @Nullable
        Pointer VirtualAlloc(@Nullable Pointer address, SIZE_T size, int type, int protection);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        int wanted = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "processes" -> startProcesses(wanted);
            case "memory" -> commit(wanted);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void startProcesses(int wanted) throws InterruptedException {
        List<Process> started = new ArrayList<>();
        String end = "no refusal";
        try {
            while (started.size() < wanted) {
                started.add(new ProcessBuilder(Sleepers.one())
                        .redirectOutput(Redirect.DISCARD)
                        .redirectError(Redirect.DISCARD)
                        .start());
            }
        } catch (IOException e) {
            end = e.getMessage();
        }
        System.out.println("started " + started.size() + ": " + end);
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private static void commit(int wanted) {
        int committed = 0;
        String end = "no refusal";
        while (committed < wanted) {
            Pointer memory = VirtualMemory.KERNEL32.VirtualAlloc(
                    null, new SIZE_T((long) STEP << 20), MEM_COMMIT_RESERVE, PAGE_READWRITE);
            if (memory == null) {
                end = "error " + Kernel32.INSTANCE.GetLastError();
                break;
            }
            committed += STEP;
        }
        System.out.println("committed " + committed + ": " + end);
    }
}
