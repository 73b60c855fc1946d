package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A host whose own streams a test chose: {@code MODE ROOT REPORT}. It starts a child that copies its input to its output
 * with this JVM's streams, and writes what became of that into the report.
 */
public final class InheritMain {
    /** The report where a console can be made and does not work: on Wine without a display. */
    static final String NO_CONSOLE = "no console";

    private static final int STD_OUTPUT_HANDLE = -11;

    private InheritMain() {}

    /** What jna-platform leaves out. */
    interface Console extends StdCallLibrary {
        Console KERNEL32 = Native.load("kernel32", Console.class, W32APIOptions.UNICODE_OPTIONS);

        boolean FreeConsole();

        boolean AllocConsole();

        boolean GetConsoleMode(Pointer console, IntByReference mode);

        boolean SetStdHandle(int stdHandle, Pointer handle);
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[1]);
        Path report = Path.of(arguments[2]);
        try (Sandbox sandbox = Sandbox.open(
                WindowsJvm.policy(root).bestEffort(Capability.values()).build())) {
            ImmutableList<String> cat = WindowsJvm.attempts("cat", "-");
            int code;
            switch (arguments[0]) {
                case "inherit" ->
                    code = sandbox.process(cat).inheritIO().start().waitFor();
                case "none" -> {
                    check(Console.KERNEL32.SetStdHandle(STD_OUTPUT_HANDLE, Pointer.NULL));
                    code = output(sandbox, cat);
                }
                case "console" -> {
                    boolean unused = Console.KERNEL32.FreeConsole(); // fails if there is none
                    check(Console.KERNEL32.AllocConsole());
                    Pointer screen = screen();
                    if (!Console.KERNEL32.GetConsoleMode(screen, new IntByReference())) {
                        Files.writeString(report, NO_CONSOLE);
                        return;
                    }
                    check(Console.KERNEL32.SetStdHandle(STD_OUTPUT_HANDLE, screen));
                    code = output(sandbox, cat);
                }
                default -> throw new IllegalArgumentException(arguments[0]);
            }
            Files.writeString(report, "exit " + code);
        } catch (SandboxException e) {
            Files.writeString(report, e.getMessage());
        }
    }

    private static int output(Sandbox sandbox, ImmutableList<String> cat) throws Exception {
        return sandbox.process(cat)
                .redirectInput(Redirect.DISCARD.file())
                .redirectOutput(Redirect.INHERIT)
                .redirectError(Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** AllocConsole leaves standard handles that are files as they are. */
    private static Pointer screen() {
        HANDLE screen = Kernel32.INSTANCE.CreateFile(
                "CONOUT$",
                WinNT.GENERIC_READ | WinNT.GENERIC_WRITE,
                WinNT.FILE_SHARE_READ | WinNT.FILE_SHARE_WRITE,
                null,
                WinNT.OPEN_EXISTING,
                0,
                null);
        check(!WinBase.INVALID_HANDLE_VALUE.equals(screen));
        return screen.getPointer();
    }

    private static void check(boolean succeeded) {
        if (!succeeded) {
            throw new IllegalStateException("failed with " + Native.getLastError());
        }
    }
}
