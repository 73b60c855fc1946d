package io.cordon.sandbox.testkit.windows;

import com.google.common.base.Joiner;
import com.google.common.base.Splitter;
import com.google.common.io.BaseEncoding;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The operations of an attack as Win32 has them, done with whatever token the thread has. Each is a line of text, so that
 * it can be sent to a process: the name, the path and what else it needs, with tabs between them.
 */
final class Win32Attack {
    private static final int FILE_SHARE_ALL = 0x7;
    private static final int CREATE_NEW = 1;
    private static final int OPEN_EXISTING = 3;
    private static final int TRUNCATE_EXISTING = 5;
    private static final int AS_ITSELF = 0x02000000 | 0x00200000; // FILE_FLAG_BACKUP_SEMANTICS, _OPEN_REPARSE_POINT
    private static final int GENERIC_WRITE = 0x40000000;
    private static final int MOVEFILE_REPLACE_EXISTING = 0x1;
    private static final int FILE_DISPOSITION_INFO = 4;
    private static final int SECURITY_ATTRIBUTES_SIZE = 24;
    private static final int OWNER_SECURITY_INFORMATION = 0x1;
    private static final int DACL_SECURITY_INFORMATION = 0x4;
    private static final int LABEL_SECURITY_INFORMATION = 0x10;
    private static final String NOTHING = "-";
    private static final BaseEncoding HEX = BaseEncoding.base16();

    private Win32Attack() {}

    /** The functions of kernel32 that an attack takes. */
    interface Kernel32 extends StdCallLibrary {
        Kernel32 INSTANCE = Native.load("kernel32", Kernel32.class, W32APIOptions.UNICODE_OPTIONS);

        Pointer CreateFile(
                String name,
                int access,
                int share,
                @Nullable Pointer attributes,
                int disposition,
                int flags,
                @Nullable Pointer template);

        boolean CloseHandle(Pointer handle);

        boolean CreateDirectory(String name, @Nullable Pointer attributes);

        boolean WriteFile(Pointer file, byte[] bytes, int count, IntByReference written, @Nullable Pointer overlapped);

        boolean SetEndOfFile(Pointer file);

        boolean SetFileTime(Pointer file, @Nullable Pointer created, @Nullable Pointer accessed, long[] written);

        boolean MoveFileEx(String from, String to, int flags);

        boolean CreateHardLink(String name, String existing, @Nullable Pointer attributes);

        boolean SetFileInformationByHandle(Pointer file, int informationClass, byte[] information, int size);
    }

    /** The function of advapi32 that an attack takes. */
    interface Advapi32 extends StdCallLibrary {
        Advapi32 INSTANCE = Native.load("advapi32", Advapi32.class, W32APIOptions.UNICODE_OPTIONS);

        boolean SetKernelObjectSecurity(Pointer object, int information, Pointer descriptor);
    }

    /** The line that stands for an operation on the real files. */
    static String line(VolumeOperation operation) {
        if (operation instanceof VolumeOperation.Write write) {
            return line("write", real(write.path()), write.content());
        } else if (operation instanceof VolumeOperation.Append append) {
            return line("append", real(append.path()), append.content());
        } else if (operation instanceof VolumeOperation.Overwrite overwrite) {
            return line("overwrite", real(overwrite.path()), overwrite.content());
        } else if (operation instanceof VolumeOperation.SetAttributes set) {
            return line("attributes", real(set.path()));
        } else if (operation instanceof VolumeOperation.CreateFile create) {
            return line("create", real(create.path()), stated(create.dacl()));
        } else if (operation instanceof VolumeOperation.CreateDirectory create) {
            return line("mkdir", real(create.path()), stated(create.dacl()));
        } else if (operation instanceof VolumeOperation.Delete delete) {
            return line("delete", real(delete.path()));
        } else if (operation instanceof VolumeOperation.Rename rename) {
            return line(rename.replace() ? "replace" : "rename", real(rename.from()), real(rename.to()));
        } else if (operation instanceof VolumeOperation.HardLink link) {
            return line("link", real(link.existing()), real(link.name()));
        } else if (operation instanceof VolumeOperation.SetDacl set) {
            return line("dacl", real(set.path()), stated(set.dacl()));
        } else if (operation instanceof VolumeOperation.SetOwner set) {
            return line("owner", real(set.path()), hex(SecurityDescriptor.EMPTY.withOwner(set.owner())));
        } else if (operation instanceof VolumeOperation.SetLabel set) {
            return line("label", real(set.path()), hex(SecurityDescriptor.EMPTY.withSacl(Acl.of(set.label()))));
        }
        throw new IllegalArgumentException(operation.toString());
    }

    private static String line(String... fields) {
        return Joiner.on('\t').join(fields);
    }

    private static String real(String path) {
        return VirtualVolume.toPath(path).toString();
    }

    private static String stated(@Nullable Acl dacl) {
        return dacl == null ? NOTHING : hex(SecurityDescriptor.EMPTY.withDacl(dacl));
    }

    private static String hex(SecurityDescriptor descriptor) {
        return HEX.encode(SecurityDescriptorCodec.encode(descriptor));
    }

    /** Does what a line says: 0, or the code of the failure. */
    static int perform(String line) {
        List<String> fields = Splitter.on('\t').splitToList(line);
        String path = fields.get(1);
        String argument = fields.size() > 2 ? fields.get(2) : "";
        return switch (fields.get(0)) {
            case "write" -> on(path, AccessMask.FILE_WRITE_DATA, OPEN_EXISTING, 0, file -> content(file, argument));
            case "append" -> on(path, AccessMask.FILE_APPEND_DATA, OPEN_EXISTING, 0, file -> append(file, argument));
            case "overwrite" ->
                on(path, AccessMask.of(GENERIC_WRITE), TRUNCATE_EXISTING, 0, file -> content(file, argument));
            case "attributes" ->
                on(path, AccessMask.FILE_WRITE_ATTRIBUTES, OPEN_EXISTING, AS_ITSELF, Win32Attack::touch);
            case "create" -> create(path, argument);
            case "mkdir" -> makeDirectory(path, argument);
            case "delete" -> on(path, AccessMask.DELETE, OPEN_EXISTING, AS_ITSELF, Win32Attack::delete);
            case "rename" -> code(Kernel32.INSTANCE.MoveFileEx(path, argument, 0));
            case "replace" -> code(Kernel32.INSTANCE.MoveFileEx(path, argument, MOVEFILE_REPLACE_EXISTING));
            case "link" -> code(Kernel32.INSTANCE.CreateHardLink(argument, path, null));
            case "dacl" -> secure(path, AccessMask.WRITE_DAC, DACL_SECURITY_INFORMATION, argument);
            case "owner" -> secure(path, AccessMask.WRITE_OWNER, OWNER_SECURITY_INFORMATION, argument);
            case "label" -> secure(path, AccessMask.WRITE_OWNER, LABEL_SECURITY_INFORMATION, argument);
            default -> throw new IllegalArgumentException(line);
        };
    }

    private static int code(boolean succeeded) {
        return succeeded ? 0 : Native.getLastError();
    }

    private static int on(String path, AccessMask access, int disposition, int flags, ToIntFunction<Pointer> action) {
        Pointer file =
                Kernel32.INSTANCE.CreateFile(path, access.bits(), FILE_SHARE_ALL, null, disposition, flags, null);
        if (Pointer.nativeValue(file) == -1) {
            return Native.getLastError();
        }
        try {
            return action.applyAsInt(file);
        } finally {
            Kernel32.INSTANCE.CloseHandle(file);
        }
    }

    /** Writes, and makes that all there is. */
    private static int content(Pointer file, String text) {
        int written = append(file, text);
        return written != 0 ? written : code(Kernel32.INSTANCE.SetEndOfFile(file));
    }

    /** With FILE_APPEND_DATA alone Windows writes at the end, wherever the pointer is. */
    private static int append(Pointer file, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return code(Kernel32.INSTANCE.WriteFile(file, bytes, bytes.length, new IntByReference(), null));
    }

    private static int touch(Pointer file) {
        return code(Kernel32.INSTANCE.SetFileTime(file, null, null, new long[] {132_000_000_000_000_000L}));
    }

    private static int delete(Pointer file) {
        return code(Kernel32.INSTANCE.SetFileInformationByHandle(file, FILE_DISPOSITION_INFO, new byte[] {1}, 1));
    }

    private static int create(String path, String descriptor) {
        try (Descriptor stated = new Descriptor(descriptor)) {
            Pointer file = Kernel32.INSTANCE.CreateFile(
                    path, AccessMask.FILE_WRITE_DATA.bits(), FILE_SHARE_ALL, stated.attributes, CREATE_NEW, 0, null);
            if (Pointer.nativeValue(file) == -1) {
                return Native.getLastError();
            }
            Kernel32.INSTANCE.CloseHandle(file);
            return 0;
        }
    }

    private static int makeDirectory(String path, String descriptor) {
        try (Descriptor stated = new Descriptor(descriptor)) {
            return code(Kernel32.INSTANCE.CreateDirectory(path, stated.attributes));
        }
    }

    private static int secure(String path, AccessMask access, int information, String descriptor) {
        try (Descriptor stated = new Descriptor(descriptor)) {
            return on(
                    path,
                    access,
                    OPEN_EXISTING,
                    AS_ITSELF,
                    file -> code(Advapi32.INSTANCE.SetKernelObjectSecurity(file, information, stated.descriptor())));
        }
    }

    /** A descriptor in native memory, and the SECURITY_ATTRIBUTES that lead to it; null where none is stated. */
    private static final class Descriptor implements AutoCloseable {
        final @Nullable Memory attributes;
        private final @Nullable Memory bytes;

        Descriptor(String hex) {
            if (hex.equals(NOTHING)) {
                attributes = null;
                bytes = null;
                return;
            }
            byte[] binary = HEX.decode(hex);
            bytes = new Memory(binary.length);
            bytes.write(0, binary, 0, binary.length);
            attributes = new Memory(SECURITY_ATTRIBUTES_SIZE);
            attributes.clear();
            attributes.setInt(0, SECURITY_ATTRIBUTES_SIZE);
            attributes.setPointer(Native.POINTER_SIZE, bytes);
        }

        Pointer descriptor() {
            if (bytes == null) {
                throw new IllegalStateException("no descriptor is stated");
            }
            return bytes;
        }

        @Override
        public void close() {
            if (attributes != null) {
                attributes.close();
            }
            if (bytes != null) {
                bytes.close();
            }
        }
    }
}
