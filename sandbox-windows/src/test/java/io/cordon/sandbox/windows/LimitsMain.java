package io.cordon.sandbox.windows;

import com.sun.jna.Memory;
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
 * {@code memory MEBIBYTES}; or prints the network rate of the job that it is in: {@code netrate 0}.
 */
public final class LimitsMain {
    private static final int MEM_COMMIT_RESERVE = 0x3000;
    private static final int PAGE_READWRITE = 0x4;
    private static final int STEP = 16;
    private static final int JOB_OBJECT_NET_RATE_CONTROL_INFORMATION = 32;
    private static final int NET_RATE_LENGTH = 16;

    private LimitsMain() {}

    /** JNA-Platform has the first for other processes only, and not the second. */
    interface OwnProcess extends StdCallLibrary {
        OwnProcess KERNEL32 = Native.load("kernel32", OwnProcess.class, W32APIOptions.DEFAULT_OPTIONS);

        @Nullable
        Pointer VirtualAlloc(@Nullable Pointer address, SIZE_T size, int type, int protection);

        boolean QueryInformationJobObject(
                @Nullable Pointer ownJob, int type, Pointer information, int length, @Nullable Pointer returned);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        int wanted = Integer.parseInt(arguments[1]);
        switch (arguments[0]) {
            case "processes" -> startProcesses(wanted);
            case "memory" -> commit(wanted);
            case "netrate" -> printNetRate();
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

    private static void printNetRate() {
        try (Memory information = new Memory(NET_RATE_LENGTH)) {
            information.clear();
            boolean told = OwnProcess.KERNEL32.QueryInformationJobObject(
                    null, JOB_OBJECT_NET_RATE_CONTROL_INFORMATION, information, NET_RATE_LENGTH, null);
            System.out.println(
                    told
                            ? "bandwidth=" + information.getLong(0) + " flags=" + information.getInt(8)
                            : "error " + Kernel32.INSTANCE.GetLastError());
        }
    }

    private static void commit(int wanted) {
        int committed = 0;
        String end = "no refusal";
        while (committed < wanted) {
            Pointer memory = OwnProcess.KERNEL32.VirtualAlloc(
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
