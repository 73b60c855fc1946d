package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Advapi32;
import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.Win32Exception;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinError;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.platform.win32.WinNT.HANDLE;
import com.sun.jna.platform.win32.WinNT.HANDLEByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Shows that the tests tagged "windows" run where they claim to: in a Windows JVM, and on the Wine that
 * {@code src/wine/run-tests.sh} names in {@code cordon.test.wine} (absent on Windows itself).
 */
@Tag("windows")
class WineRigTest {
    private static final @Nullable String WINE = System.getProperty("cordon.test.wine");
    private static final String LOW = "S-1-16-4096";
    private static final int SE_GROUP_INTEGRITY = 0x20;

    /** JNA-Platform leaves this one out. */
    interface TokenSetter extends StdCallLibrary {
        TokenSetter ADVAPI32 = Native.load("advapi32", TokenSetter.class, W32APIOptions.DEFAULT_OPTIONS);

        boolean SetTokenInformation(HANDLE token, int informationClass, Pointer information, int length);
    }

    @Test
    void theJvmIsOneForWindows() {
        assertThat(System.getProperty("os.name")).startsWith("Windows");
        assertThat(Kernel32.INSTANCE.GetVersion().getLow().intValue() & 0xFF).isGreaterThanOrEqualTo(6);
    }

    @Test
    void ntdllTellsWineFromWindows() {
        if (WINE == null) {
            assertThat(exportsWineVersion()).isFalse();
        } else {
            assertThat(WINE).isIn("stock", "enforcing");
            assertThat(exportsWineVersion()).isTrue();
        }
    }

    /** MS-DTYP 2.5.3.3: a subject below the object's level writes nothing while the object's label says NO_WRITE_UP. */
    @Test
    void aThreadBelowMediumWritesOnStockWineOnly(@TempDir Path directory) throws Exception {
        // given: the positive control, the same write at the process's own level
        Path file = Files.createFile(directory.resolve("unlabelled"));
        assertThat(errorOfOpeningForWrite(file)).isEqualTo(WinError.ERROR_SUCCESS);

        // when
        HANDLE token = ownTokenAtLevel(LOW);
        int error;
        try {
            check(Advapi32.INSTANCE.ImpersonateLoggedOnUser(token));
            try {
                error = errorOfOpeningForWrite(file);
            } finally {
                check(Advapi32.INSTANCE.RevertToSelf());
            }
        } finally {
            check(Kernel32.INSTANCE.CloseHandle(token));
        }

        // then
        assertThat(error).isEqualTo("stock".equals(WINE) ? WinError.ERROR_SUCCESS : WinError.ERROR_ACCESS_DENIED);
    }

    private static boolean exportsWineVersion() {
        try {
            NativeLibrary.getInstance("ntdll").getFunction("wine_get_version");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    private static int errorOfOpeningForWrite(Path file) {
        HANDLE handle = Kernel32.INSTANCE.CreateFile(
                file.toString(), WinNT.GENERIC_WRITE, 0, null, WinNT.OPEN_EXISTING, WinNT.FILE_ATTRIBUTE_NORMAL, null);
        if (WinBase.INVALID_HANDLE_VALUE.equals(handle)) {
            return Kernel32.INSTANCE.GetLastError();
        }
        check(Kernel32.INSTANCE.CloseHandle(handle));
        return WinError.ERROR_SUCCESS;
    }

    private static HANDLE ownTokenAtLevel(String level) {
        HANDLEByReference own = new HANDLEByReference();
        check(Advapi32.INSTANCE.OpenProcessToken(
                Kernel32.INSTANCE.GetCurrentProcess(), WinNT.TOKEN_DUPLICATE | WinNT.TOKEN_QUERY, own));
        HANDLEByReference copy = new HANDLEByReference();
        try {
            check(Advapi32.INSTANCE.DuplicateTokenEx(
                    own.getValue(),
                    WinNT.TOKEN_IMPERSONATE | WinNT.TOKEN_QUERY | WinNT.TOKEN_DUPLICATE | WinNT.TOKEN_ADJUST_DEFAULT,
                    null,
                    WinNT.SECURITY_IMPERSONATION_LEVEL.SecurityImpersonation,
                    WinNT.TOKEN_TYPE.TokenImpersonation,
                    copy));
        } finally {
            check(Kernel32.INSTANCE.CloseHandle(own.getValue()));
        }
        // TOKEN_MANDATORY_LABEL: a pointer to the SID, then SE_GROUP_INTEGRITY; padded to the pointer's alignment.
        byte[] sid = Advapi32Util.convertStringSidToSid(level);
        try (Memory label = new Memory(2L * Native.POINTER_SIZE);
                Memory sidMemory = new Memory(sid.length)) {
            sidMemory.write(0, sid, 0, sid.length);
            label.clear();
            label.setPointer(0, sidMemory);
            label.setInt(Native.POINTER_SIZE, SE_GROUP_INTEGRITY);
            check(TokenSetter.ADVAPI32.SetTokenInformation(
                    copy.getValue(), WinNT.TOKEN_INFORMATION_CLASS.TokenIntegrityLevel, label, (int)
                            (label.size() + sidMemory.size())));
        }
        return copy.getValue();
    }

    private static void check(boolean succeeded) {
        if (!succeeded) {
            throw new Win32Exception(Kernel32.INSTANCE.GetLastError());
        }
    }
}
