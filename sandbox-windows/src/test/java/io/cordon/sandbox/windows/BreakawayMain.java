package io.cordon.sandbox.windows;

import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinDef.DWORD;

/**
 * Tries to start a sleeper outside of the job that this process is in: prints "started" and its id, or "refused" and the
 * code of the error; then starts one in the ordinary way, prints its id, and sleeps.
 */
public final class BreakawayMain {
    private static final int CREATE_BREAKAWAY_FROM_JOB = 0x01000000;
    private static final int CREATE_NO_WINDOW = 0x08000000;

    private BreakawayMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        System.out.println("breakaway " + start(CREATE_BREAKAWAY_FROM_JOB));
        System.out.println("ordinary " + start(0));
        System.out.flush();
        Thread.sleep(120_000);
    }

    private static String start(int flags) {
        WinBase.PROCESS_INFORMATION created = new WinBase.PROCESS_INFORMATION();
        WinBase.STARTUPINFO startup = new WinBase.STARTUPINFO();
        boolean started = Kernel32.INSTANCE.CreateProcess(
                null,
                String.join(" ", Sleepers.one()),
                null,
                null,
                false,
                new DWORD(flags | CREATE_NO_WINDOW),
                null,
                null,
                startup,
                created);
        if (!started) {
            return "refused " + Kernel32.INSTANCE.GetLastError();
        }
        Kernel32.INSTANCE.CloseHandle(created.hThread);
        Kernel32.INSTANCE.CloseHandle(created.hProcess);
        return "started " + created.dwProcessId;
    }
}
