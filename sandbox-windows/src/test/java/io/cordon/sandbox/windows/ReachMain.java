package io.cordon.sandbox.windows;

import com.google.common.base.Splitter;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Advapi32;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.Tlhelp32;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinDef.DWORD;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.platform.win32.WinNT.HANDLEByReference;
import com.sun.jna.platform.win32.WinReg;
import com.sun.jna.platform.win32.WinReg.HKEYByReference;
import com.sun.jna.platform.win32.Wincon;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the tests run in a sandbox to see how far it reaches beyond files: each argument {@code OPERATION[,A[,B]]} is tried
 * and printed with the code of its failure, 0 for none, or with what was found.
 */
public final class ReachMain {
    private static final Kernel32 KERNEL32 = Kernel32.INSTANCE;
    private static final String DONE = "0";
    private static final int ERROR_GEN_FAILURE = 31;
    private static final int PIPE_BYTES = 512;
    private static final int TOKEN_ADJUST_DEFAULT = 0x80;
    private static final int UOI_NAME = 2;
    private static final int NAME_TRIES = 100;
    private static final int NAME_BYTES = 1 << 10;

    private ReachMain() {}

    /** JNA-Platform leaves these out. */
    interface User32More extends StdCallLibrary {
        User32More INSTANCE = Native.load("user32", User32More.class, W32APIOptions.UNICODE_OPTIONS);

        Pointer GetThreadDesktop(int thread);

        boolean GetUserObjectInformation(
                Pointer object, int index, Pointer information, int length, @Nullable IntByReference needed);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        for (String argument : arguments) {
            List<String> parts = Splitter.on(',').splitToList(argument);
            System.out.println(argument + " " + outcome(parts.get(0), parts));
        }
    }

    private static String outcome(String operation, List<String> parts) throws Exception {
        return switch (operation) {
            case "key-create" -> String.valueOf(createKey(parts.get(1)));
            case "key-write" -> String.valueOf(openKey(parts.get(1), WinNT.KEY_SET_VALUE));
            case "key-read" -> String.valueOf(openKey(parts.get(1), WinNT.KEY_READ));
            case "process" -> opened(KERNEL32.OpenProcess(mask(parts.get(2)), false, Integer.parseInt(parts.get(1))));
            case "thread" -> opened(KERNEL32.OpenThread(mask(parts.get(2)), false, Integer.parseInt(parts.get(1))));
            case "event" -> opened(KERNEL32.OpenEvent(mask(parts.get(2)), false, parts.get(1)));
            case "mutex" -> opened(KERNEL32.OpenMutex(mask(parts.get(2)), false, parts.get(1)));
            case "own-process" ->
                opened(KERNEL32.OpenProcess(
                        mask(parts.get(1)), false, (int) ProcessHandle.current().pid()));
            case "own-thread" -> opened(KERNEL32.OpenThread(mask(parts.get(1)), false, KERNEL32.GetCurrentThreadId()));
            case "own-event" -> ownEvent(parts.get(1));
            case "own-token" -> ownToken();
            case "own-pipe" -> ownPipe(parts.get(1), mask(parts.get(2)));
            case "anonymous-pipe" -> anonymousPipe();
            case "spawn" -> spawn();
            case "desktop" -> desktop();
            case "standard-output" -> standardOutput();
            case "to" -> {
                System.setOut(new PrintStream(parts.get(1), StandardCharsets.UTF_8));
                yield DONE;
            }
            default -> throw new IllegalArgumentException(operation);
        };
    }

    private static int mask(String hexadecimal) {
        return Long.decode(hexadecimal).intValue();
    }

    private static String result(boolean succeeded) {
        return succeeded ? DONE : String.valueOf(Native.getLastError());
    }

    private static String opened(@Nullable HANDLE handle) {
        String result = result(handle != null);
        if (handle != null) {
            KERNEL32.CloseHandle(handle);
        }
        return result;
    }

    private static int createKey(String name) {
        HKEYByReference key = new HKEYByReference();
        int error = Advapi32.INSTANCE.RegCreateKeyEx(
                WinReg.HKEY_CURRENT_USER, name, 0, null, 0, WinNT.KEY_SET_VALUE, null, key, null);
        return error == 0 ? setAndClose(key, true) : error;
    }

    private static int openKey(String name, int access) {
        HKEYByReference key = new HKEYByReference();
        int error = Advapi32.INSTANCE.RegOpenKeyEx(WinReg.HKEY_CURRENT_USER, name, 0, access, key);
        return error == 0 ? setAndClose(key, access == WinNT.KEY_SET_VALUE) : error;
    }

    private static int setAndClose(HKEYByReference key, boolean set) {
        byte[] value = {1, 2, 3, 4};
        int error = set
                ? Advapi32.INSTANCE.RegSetValueEx(key.getValue(), "value", 0, WinNT.REG_BINARY, value, value.length)
                : 0;
        Advapi32.INSTANCE.RegCloseKey(key.getValue());
        return error;
    }

    /** Both handles have to be open at once. */
    private static String ownEvent(String name) {
        HANDLE made = KERNEL32.CreateEvent(null, true, false, name);
        if (made == null) {
            return "made " + Native.getLastError();
        }
        String result = opened(KERNEL32.OpenEvent(WinNT.EVENT_MODIFY_STATE, false, name));
        KERNEL32.CloseHandle(made);
        return result;
    }

    /** What C runtimes such as MSYS's open at their start. */
    private static String ownToken() {
        HANDLEByReference token = new HANDLEByReference();
        boolean open = Advapi32.INSTANCE.OpenProcessToken(KERNEL32.GetCurrentProcess(), TOKEN_ADJUST_DEFAULT, token);
        String result = result(open);
        if (open) {
            KERNEL32.CloseHandle(token.getValue());
        }
        return result;
    }

    /** A client's end of a pipe with a name, whose server's end has the descriptor that the system gives it. */
    private static String ownPipe(String name, int access) {
        String path = "\\\\.\\pipe\\" + name;
        HANDLE server =
                KERNEL32.CreateNamedPipe(path, WinBase.PIPE_ACCESS_DUPLEX, 0, 1, PIPE_BYTES, PIPE_BYTES, 0, null);
        if (WinBase.INVALID_HANDLE_VALUE.equals(server)) {
            return "made " + Native.getLastError();
        }
        HANDLE client = KERNEL32.CreateFile(path, access, 0, null, WinNT.OPEN_EXISTING, 0, null);
        String result = opened(WinBase.INVALID_HANDLE_VALUE.equals(client) ? null : client);
        KERNEL32.CloseHandle(server);
        return result;
    }

    private static String anonymousPipe() {
        HANDLEByReference read = new HANDLEByReference();
        HANDLEByReference write = new HANDLEByReference();
        if (!KERNEL32.CreatePipe(read, write, null, 0)) {
            return result(false);
        }
        byte[] bytes = new byte[1];
        IntByReference count = new IntByReference();
        BooleanSupplier sent = () -> KERNEL32.WriteFile(write.getValue(), new byte[] {7}, 1, count, null);
        BooleanSupplier received = () -> KERNEL32.ReadFile(read.getValue(), bytes, 1, count, null);
        String result = result(sent.getAsBoolean() && received.getAsBoolean());
        KERNEL32.CloseHandle(read.getValue());
        KERNEL32.CloseHandle(write.getValue());
        return bytes[0] == 7 ? result : String.valueOf(ERROR_GEN_FAILURE);
    }

    private static String spawn() throws InterruptedException {
        try {
            Process child = new ProcessBuilder("cmd.exe", "/d", "/c", "echo from a child")
                    .redirectErrorStream(true)
                    .start();
            child.getOutputStream().close();
            String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return output.equals("from a child") ? String.valueOf(child.waitFor()) : output;
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** "console" if it is one or none, which a terminal replaces; else the kind of file. */
    private static String standardOutput() {
        HANDLE output = KERNEL32.GetStdHandle(Wincon.STD_OUTPUT_HANDLE);
        return output == null || KERNEL32.GetConsoleMode(output, new IntByReference())
                ? "console"
                : "file type " + KERNEL32.GetFileType(output);
    }

    /**
     * That of the first thread: on Wine 8 the others may be on the default one. There a desktop that is only being made
     * was once seen without a name, so an empty one is asked for again for a while.
     */
    private static String desktop() throws InterruptedException {
        try (Memory name = new Memory(NAME_BYTES)) {
            for (int tries = 0; ; tries++) {
                Pointer desktop = User32More.INSTANCE.GetThreadDesktop(firstThread());
                if (!User32More.INSTANCE.GetUserObjectInformation(desktop, UOI_NAME, name, NAME_BYTES, null)) {
                    return result(false);
                }
                if (!name.getWideString(0).isEmpty() || tries == NAME_TRIES) {
                    return name.getWideString(0);
                }
                Thread.sleep(100);
            }
        }
    }

    private static int firstThread() {
        HANDLE snapshot = KERNEL32.CreateToolhelp32Snapshot(Tlhelp32.TH32CS_SNAPTHREAD, new DWORD(0));
        Tlhelp32.THREADENTRY32 entry = new Tlhelp32.THREADENTRY32();
        boolean more = KERNEL32.Thread32First(snapshot, entry);
        while (more && entry.th32OwnerProcessID != ProcessHandle.current().pid()) {
            more = KERNEL32.Thread32Next(snapshot, entry);
        }
        KERNEL32.CloseHandle(snapshot);
        return more ? entry.th32ThreadID : 0;
    }
}
