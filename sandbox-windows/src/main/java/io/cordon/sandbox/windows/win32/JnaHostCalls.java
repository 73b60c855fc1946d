package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.lastError;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;
import static io.cordon.sandbox.windows.win32.User32Functions.USER32;

import com.google.common.collect.ImmutableList;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.WinNT.OSVERSIONINFOEX;
import com.sun.jna.ptr.IntByReference;
import java.util.Optional;

final class JnaHostCalls implements HostCalls {
    private static final int FILE_PERSISTENT_ACLS = 0x00000008;
    private static final int FILE_READ_ONLY_VOLUME = 0x00080000;
    private static final int DRIVE_REMOVABLE = 2;
    private static final int DRIVE_FIXED = 3;
    private static final int DRIVE_RAMDISK = 6;
    private static final int DRIVE_LETTERS = 26;
    private static final int SW_HIDE = 0;

    private final NativeLibrary ntdll = NativeLibrary.getInstance("ntdll");

    @Override
    public int buildNumber() throws WindowsFailure {
        OSVERSIONINFOEX version = new OSVERSIONINFOEX();
        int status = ntdll.getFunction("RtlGetVersion").invokeInt(new Object[] {version});
        Handles.checkCode("RtlGetVersion", status);
        return version.dwBuildNumber.intValue();
    }

    @Override
    public Optional<String> wineVersion() {
        Function function;
        try {
            function = ntdll.getFunction("wine_get_version");
        } catch (UnsatisfiedLinkError e) {
            return Optional.empty(); // Windows
        }
        return Optional.of(function.invokeString(new Object[0], false));
    }

    @Override
    public boolean hasConsole() {
        // Unlike GetConsoleWindow this also tells a console that has no window, such as a pseudo console.
        return KERNEL32.GetConsoleCP() != 0;
    }

    @Override
    public void allocateHiddenConsole() throws WindowsFailure {
        check("AllocConsole", KERNEL32.AllocConsole());
        Pointer window = KERNEL32.GetConsoleWindow();
        if (window != null) {
            USER32.ShowWindow(window, SW_HIDE);
        }
    }

    @Override
    public ImmutableList<String> drivesWithoutAcls() throws WindowsFailure {
        int present = KERNEL32.GetLogicalDrives();
        if (present == 0) {
            throw lastError("GetLogicalDrives");
        }
        ImmutableList.Builder<String> drives = ImmutableList.builder();
        for (int letter = 0; letter < DRIVE_LETTERS; letter++) {
            String drive = (char) ('A' + letter) + ":\\";
            if ((present & (1 << letter)) != 0 && isLocal(drive) && isWritableWithoutAcls(drive)) {
                drives.add(drive);
            }
        }
        return drives.build();
    }

    private static boolean isLocal(String drive) {
        int type = KERNEL32.GetDriveType(drive);
        return type == DRIVE_FIXED || type == DRIVE_REMOVABLE || type == DRIVE_RAMDISK;
    }

    private static boolean isWritableWithoutAcls(String drive) {
        IntByReference flags = new IntByReference();
        // A drive without a medium has nothing to write.
        return KERNEL32.GetVolumeInformation(drive, null, 0, null, null, flags, null, 0)
                && (flags.getValue() & (FILE_PERSISTENT_ACLS | FILE_READ_ONLY_VOLUME)) == 0;
    }

    @Override
    public boolean hasPersistentAcls(String volume) throws WindowsFailure {
        IntByReference flags = new IntByReference();
        check("GetVolumeInformationW", KERNEL32.GetVolumeInformation(volume, null, 0, null, null, flags, null, 0));
        return (flags.getValue() & FILE_PERSISTENT_ACLS) != 0;
    }

    @Override
    public int ansiCodePage() {
        return KERNEL32.GetACP();
    }

    @Override
    public int oemCodePage() {
        return KERNEL32.GetOEMCP();
    }
}
