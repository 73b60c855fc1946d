package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.check;
import static io.cordon.sandbox.windows.win32.Handles.lastError;
import static io.cordon.sandbox.windows.win32.Handles.own;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.google.common.collect.ImmutableList;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.Structures.BY_HANDLE_FILE_INFORMATION;
import io.cordon.sandbox.windows.win32.Structures.FILE_ID_DESCRIPTOR;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

final class JnaFileCalls implements FileCalls {
    private static final int FILE_SHARE_ALL = 0x7;

    private static final int FileBasicInfo = 0;
    private static final int FileDispositionInfo = 4;
    private static final int FileIdBothDirectoryInfo = 10;
    private static final int FILE_BASIC_INFO_SIZE = 40;
    private static final int FILE_BASIC_INFO_ATTRIBUTES = 32;
    private static final int FILE_DISPOSITION_INFO_SIZE = 1;
    private static final int FILE_ATTRIBUTE_NORMAL = 0x80;

    private static final int FileIdType = 0;
    private static final int FILE_PERSISTENT_ACLS = 0x8;

    /** The name of a file system is shorter; the documentation asks for this and one more. */
    private static final int MAX_PATH = 260;

    private static final int ERROR_NO_MORE_FILES = 18;

    /** FILE_ID_BOTH_DIR_INFO: NextEntryOffset, FileNameLength, FileName. */
    private static final int NEXT_ENTRY_OFFSET = 0;

    private static final int FILE_NAME_LENGTH = 60;
    private static final int FILE_NAME = 104;

    private static final int DIRECTORY_BUFFER = 64 << 10;

    /** The longest path of the system. */
    private static final int PATH_BUFFER = 32 << 10;

    @Override
    public OwnedHandle open(String path, int access, int share, int disposition, int flags) throws WindowsFailure {
        return own("CreateFileW", createFile(path, access, share, disposition, flags));
    }

    @Override
    public int attempt(String path, int access, int disposition, int flags) {
        Pointer handle = Handles.valid(createFile(path, access, FILE_SHARE_ALL, disposition, flags));
        if (handle == null) {
            return Native.getLastError();
        }
        KERNEL32.CloseHandle(handle);
        return 0;
    }

    private static @Nullable Pointer createFile(String path, int access, int share, int disposition, int flags) {
        return KERNEL32.CreateFile(path, access, share, null, disposition, flags, null);
    }

    @Override
    public FileFacts facts(OwnedHandle file) throws WindowsFailure {
        BY_HANDLE_FILE_INFORMATION information = new BY_HANDLE_FILE_INFORMATION();
        check("GetFileInformationByHandle", KERNEL32.GetFileInformationByHandle(pointer(file), information.written()));
        information.read();
        return new FileFacts(
                information.dwFileAttributes,
                information.nNumberOfLinks,
                information.dwVolumeSerialNumber,
                (long) information.nFileIndexHigh << 32 | Integer.toUnsignedLong(information.nFileIndexLow));
    }

    @Override
    public String finalPath(OwnedHandle file) throws WindowsFailure {
        char[] path = new char[PATH_BUFFER];
        int length = KERNEL32.GetFinalPathNameByHandle(pointer(file), path, path.length, 0);
        if (length == 0 || length > path.length) {
            throw lastError("GetFinalPathNameByHandleW");
        }
        return new String(path, 0, length);
    }

    @Override
    public ImmutableList<String> list(OwnedHandle directory) throws WindowsFailure {
        ImmutableList.Builder<String> names = ImmutableList.builder();
        try (Memory buffer = new Memory(DIRECTORY_BUFFER)) {
            while (KERNEL32.GetFileInformationByHandleEx(
                    pointer(directory), FileIdBothDirectoryInfo, buffer, DIRECTORY_BUFFER)) {
                addNames(buffer, names);
            }
            WindowsFailure end = lastError("GetFileInformationByHandleEx");
            if (end.code() != ERROR_NO_MORE_FILES) {
                throw end;
            }
        }
        return names.build();
    }

    private static void addNames(Memory buffer, ImmutableList.Builder<String> names) {
        int entry = 0;
        int next;
        do {
            byte[] name = buffer.getByteArray(entry + FILE_NAME, buffer.getInt(entry + FILE_NAME_LENGTH));
            String text = new String(name, StandardCharsets.UTF_16LE);
            if (!text.equals(".") && !text.equals("..")) {
                names.add(text);
            }
            next = buffer.getInt(entry + NEXT_ENTRY_OFFSET);
            entry += next;
        } while (next != 0);
    }

    @Override
    public void delete(OwnedHandle file) throws WindowsFailure {
        try (Memory deleteFile = new Memory(FILE_DISPOSITION_INFO_SIZE)) {
            deleteFile.setByte(0, (byte) 1);
            set(file, FileDispositionInfo, deleteFile);
        }
    }

    @Override
    public void makeWritable(OwnedHandle file) throws WindowsFailure {
        try (Memory basic = new Memory(FILE_BASIC_INFO_SIZE)) {
            basic.clear(); // a time of 0 stays as it is
            basic.setInt(FILE_BASIC_INFO_ATTRIBUTES, FILE_ATTRIBUTE_NORMAL);
            set(file, FileBasicInfo, basic);
        }
    }

    private static void set(OwnedHandle file, int informationClass, Memory information) throws WindowsFailure {
        check(
                "SetFileInformationByHandle",
                KERNEL32.SetFileInformationByHandle(
                        pointer(file), informationClass, information, (int) information.size()));
    }

    @Override
    public OwnedHandle openById(OwnedHandle onVolume, long fileIndex, int access, int share, int flags)
            throws WindowsFailure {
        FILE_ID_DESCRIPTOR id = new FILE_ID_DESCRIPTOR();
        id.dwSize = id.size();
        id.Type = FileIdType;
        id.FileId[0] = fileIndex;
        return own("OpenFileById", KERNEL32.OpenFileById(pointer(onVolume), id.written(), access, share, null, flags));
    }

    @Override
    public void createDirectory(String path) throws WindowsFailure {
        check("CreateDirectoryW", KERNEL32.CreateDirectory(path, null));
    }

    @Override
    public VolumeFacts volume(OwnedHandle file) throws WindowsFailure {
        IntByReference serial = new IntByReference();
        IntByReference flags = new IntByReference();
        char[] fileSystem = new char[MAX_PATH + 1];
        check(
                "GetVolumeInformationByHandleW",
                KERNEL32.GetVolumeInformationByHandle(
                        pointer(file), null, 0, serial, null, flags, fileSystem, fileSystem.length));
        return new VolumeFacts(
                serial.getValue(), Native.toString(fileSystem), (flags.getValue() & FILE_PERSISTENT_ACLS) != 0);
    }

    @Override
    public SecurityDescriptor descriptor(OwnedHandle file) throws WindowsFailure {
        return KernelObjectSecurity.get(file);
    }

    @Override
    public void replaceLabel(OwnedHandle file, SecurityDescriptor descriptor) throws WindowsFailure {
        KernelObjectSecurity.replaceLabel(file, descriptor);
    }

    @Override
    public void replaceDacl(OwnedHandle file, SecurityDescriptor descriptor) throws WindowsFailure {
        KernelObjectSecurity.replaceDacl(file, descriptor);
    }
}
