package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Crypt32Functions.CRYPT32;
import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.cordon.sandbox.windows.win32.SetupStructures.DATA_BLOB;

final class JnaSecretCalls implements SecretCalls {
    private static final int CRYPTPROTECT_UI_FORBIDDEN = 0x1;

    @Override
    public byte[] protect(byte[] secret) throws WindowsFailure {
        return convert(secret, true);
    }

    @Override
    public byte[] unprotect(byte[] encrypted) throws WindowsFailure {
        return convert(encrypted, false);
    }

    private static byte[] convert(byte[] bytes, boolean protect) throws WindowsFailure {
        if (bytes.length == 0) {
            throw Handles.failure(protect ? "CryptProtectData" : "CryptUnprotectData", 87);
        }
        DATA_BLOB in = new DATA_BLOB();
        DATA_BLOB out = new DATA_BLOB();
        try (Memory memory = Handles.memoryOf(bytes)) {
            in.cbData = bytes.length;
            in.pbData = memory;
            try {
                if (protect) {
                    check(
                            "CryptProtectData",
                            CRYPT32.CryptProtectData(
                                    in.written(), null, null, null, null, CRYPTPROTECT_UI_FORBIDDEN, out.written()));
                } else {
                    check(
                            "CryptUnprotectData",
                            CRYPT32.CryptUnprotectData(
                                    in.written(), null, null, null, null, CRYPTPROTECT_UI_FORBIDDEN, out.written()));
                }
            } finally {
                memory.clear();
            }
        }
        out.read();
        Pointer result = out.pbData;
        if (result == null) {
            return new byte[0];
        }
        byte[] converted = result.getByteArray(0, out.cbData);
        result.clear(out.cbData);
        var unused = KERNEL32.LocalFree(result);
        return converted;
    }
}
