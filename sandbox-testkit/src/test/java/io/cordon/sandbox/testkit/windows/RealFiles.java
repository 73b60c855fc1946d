package io.cordon.sandbox.testkit.windows;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.ModelHandles;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Looks at real files, whatever their descriptors are. {@code CreateFile} asks for SYNCHRONIZE as well, which an owner to
 * whom nothing is granted does not have; the function of ntdll asks for what it is told.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntopenfile">NtOpenFile</a>
 */
final class RealFiles {
    private static final int READ_CONTROL = 0x0002_0000;
    private static final int WRITE_DAC = 0x0004_0000;
    private static final int WRITE_OWNER = 0x0008_0000;
    private static final int FILE_READ_ATTRIBUTES = 0x80;
    private static final int FILE_SHARE_ALL = 0x7;
    private static final int OPEN_EXISTING = 3;
    private static final int AS_ITSELF = 0x02000000 | 0x00200000; // FILE_FLAG_BACKUP_SEMANTICS, _OPEN_REPARSE_POINT
    private static final int NT_AS_ITSELF = 0x4000 | 0x0020_0000; // FILE_OPEN_FOR_BACKUP_INTENT, _OPEN_REPARSE_POINT
    private static final int OBJ_CASE_INSENSITIVE = 0x40;

    /** UNICODE_STRING and OBJECT_ATTRIBUTES for 64 bits. */
    private static final int STRING_SIZE = 16;

    private static final int ATTRIBUTES_SIZE = 48;
    private static final int OBJECT_NAME = 16;
    private static final int ATTRIBUTES = 24;

    private final FileCalls files;
    private final Function ntOpenFile = NativeLibrary.getInstance("ntdll").getFunction("NtOpenFile");
    private final Function ntClose = NativeLibrary.getInstance("ntdll").getFunction("NtClose");

    RealFiles(FileCalls files) {
        this.files = files;
    }

    private OwnedHandle open(Path path, int access) throws WindowsFailure {
        String name = "\\??\\" + path;
        int length = name.length() * Native.WCHAR_SIZE;
        try (Memory text = new Memory(length + Native.WCHAR_SIZE);
                Memory string = new Memory(STRING_SIZE);
                Memory attributes = new Memory(ATTRIBUTES_SIZE);
                Memory status = new Memory(STRING_SIZE)) {
            text.setWideString(0, name);
            string.clear();
            string.setShort(0, (short) length);
            string.setShort(Short.BYTES, (short) (length + Native.WCHAR_SIZE));
            string.setPointer(Native.POINTER_SIZE, text);
            attributes.clear();
            attributes.setInt(0, ATTRIBUTES_SIZE);
            attributes.setPointer(OBJECT_NAME, string);
            attributes.setInt(ATTRIBUTES, OBJ_CASE_INSENSITIVE);
            PointerByReference handle = new PointerByReference();
            int code = ntOpenFile.invokeInt(
                    new Object[] {handle, access, attributes, status, FILE_SHARE_ALL, NT_AS_ITSELF});
            if (code != 0) {
                throw new WindowsFailure("NtOpenFile", code, path.toString());
            }
            return ModelHandles.of(
                    Pointer.nativeValue(handle.getValue()),
                    value -> ntClose.invokeInt(new Object[] {new Pointer(value)}));
        }
    }

    /** Owner, group, access list and label. */
    SecurityDescriptor descriptor(String path) throws WindowsFailure {
        try (OwnedHandle handle = open(VirtualVolume.toPath(path), READ_CONTROL)) {
            return files.descriptor(handle);
        }
    }

    /** Everything for the user. */
    static Acl full(Sid user) {
        return Acl.of(AccessAce.allow(AccessMask.FILE_ALL_ACCESS, user));
    }

    /** Gives the user every access, so that he can look at the rest. */
    void unlock(String path, Acl full) throws WindowsFailure {
        try (OwnedHandle handle = open(VirtualVolume.toPath(path), WRITE_DAC)) {
            files.replaceDacl(handle, SecurityDescriptor.EMPTY.withDacl(full));
        }
    }

    /** What it is, and which object. */
    FileFacts facts(String path) throws WindowsFailure {
        try (OwnedHandle handle = open(VirtualVolume.toPath(path), FILE_READ_ATTRIBUTES)) {
            return files.facts(handle);
        }
    }

    /** Makes a directory, or a file whose content is its path in the model. */
    void make(String path, boolean directory) throws IOException, WindowsFailure {
        Path real = VirtualVolume.toPath(path);
        if (directory) {
            files.createDirectory(real.toString());
        } else {
            Files.writeString(real, path);
        }
    }

    /** Replaces label and access list of what is there. */
    void secure(String path, SecurityDescriptor descriptor) throws WindowsFailure {
        try (OwnedHandle handle = files.open(
                VirtualVolume.toPath(path).toString(),
                READ_CONTROL | WRITE_DAC | WRITE_OWNER,
                FILE_SHARE_ALL,
                OPEN_EXISTING,
                AS_ITSELF)) {
            files.replaceLabel(handle, descriptor);
            files.replaceDacl(handle, descriptor);
        }
    }
}
