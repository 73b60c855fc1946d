package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;
import static io.cordon.sandbox.windows.win32.User32Functions.USER32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.TerminalSize;
import java.util.function.IntSupplier;

final class JnaSurfaceCalls implements SurfaceCalls {
    private static final int GENERIC_ALL = 0x10000000;
    private static final int UOI_NAME = 2;

    /** FACILITY_WIN32: the lower half of such a failure is a code of Windows. */
    private static final int FACILITY_WIN32 = 7;

    private static final int LONGEST_NAME = 1 << 10;

    @Override
    public Desktop createDesktop(String name) throws WindowsFailure {
        Pointer desktop = USER32.CreateDesktop(name, null, null, 0, GENERIC_ALL, null);
        if (desktop == null) {
            throw Handles.lastError("CreateDesktopW");
        }
        try (ResourceScope scope = new ResourceScope()) {
            OwnedHandle handle = scope.own(new OwnedHandle(
                    Pointer.nativeValue(desktop), toClose -> USER32.CloseDesktop(Pointer.createConstant(toClose))));
            String fullName = windowStation() + "\\" + name;
            scope.release();
            return new Desktop(handle, fullName);
        }
    }

    private static String windowStation() throws WindowsFailure {
        Pointer station = USER32.GetProcessWindowStation(); // of the process, not to be closed
        if (station == null) {
            throw Handles.lastError("GetProcessWindowStation");
        }
        try (Memory name = new Memory(LONGEST_NAME)) {
            check(
                    "GetUserObjectInformationW",
                    USER32.GetUserObjectInformation(station, UOI_NAME, name, LONGEST_NAME, null));
            return name.getWideString(0);
        }
    }

    @Override
    public void setLabel(Desktop desktop, byte[] acl) throws WindowsFailure {
        ObjectSecurity.setLabel(desktop.handle(), ObjectSecurity.SE_WINDOW_OBJECT, acl);
    }

    @Override
    public OwnedHandle createTerminal(TerminalSize size, OwnedHandle input, OwnedHandle output) throws WindowsFailure {
        PointerByReference console = new PointerByReference();
        checkResult(
                "CreatePseudoConsole",
                () -> KERNEL32.CreatePseudoConsole(coord(size), pointer(input), pointer(output), 0, console));
        return new OwnedHandle(
                Pointer.nativeValue(console.getValue()),
                toClose -> KERNEL32.ClosePseudoConsole(Pointer.createConstant(toClose)));
    }

    @Override
    public void resize(OwnedHandle terminal, TerminalSize size) throws WindowsFailure {
        checkResult("ResizePseudoConsole", () -> KERNEL32.ResizePseudoConsole(pointer(terminal), coord(size)));
    }

    private static int coord(TerminalSize size) {
        return size.rows() << 16 | size.columns();
    }

    /** Pseudo consoles came with build 17763; before, the functions are missing. */
    private static void checkResult(String function, IntSupplier call) throws WindowsFailure {
        int result;
        try {
            result = call.getAsInt();
        } catch (UnsatisfiedLinkError e) {
            throw Handles.failure(function, WindowsFailure.ERROR_CALL_NOT_IMPLEMENTED);
        }
        if (result < 0) {
            throw Handles.failure(function, (result >> 16 & 0x1FFF) == FACILITY_WIN32 ? result & 0xFFFF : result);
        }
    }
}
