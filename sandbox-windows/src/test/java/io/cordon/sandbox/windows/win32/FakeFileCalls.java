package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files by their path, with and without {@code \\?\} in front. There are no links, and nobody is denied anything. */
final class FakeFileCalls implements FileCalls, FakeFiles {
    private static final int CREATE_NEW = 1;
    private static final int CREATE_ALWAYS = 2;
    private static final int OPEN_EXISTING = 3;
    private static final int OPEN_ALWAYS = 4;
    private static final int ERROR_INVALID_PARAMETER = 87;
    private static final int ERROR_FILE_EXISTS = 80;
    private static final int ERROR_ALREADY_EXISTS = 183;

    static final VolumeFacts VOLUME = new VolumeFacts(1, "NTFS", true);

    private static final int FILE_LIST_DIRECTORY = 0x1;
    private static final int FILE_WRITE_DATA = 0x2;
    private static final int FILE_APPEND_DATA = 0x4;
    private static final int FILE_WRITE_ATTRIBUTES = 0x100;
    private static final int DELETE = 0x00010000;
    private static final int READ_CONTROL = 0x00020000;
    private static final int WRITE_DAC = 0x00040000;
    private static final int WRITE_OWNER = 0x00080000;

    private static final int DACL_CONTROL = SecurityDescriptor.DACL_AUTO_INHERITED | SecurityDescriptor.DACL_PROTECTED;
    private static final int SACL_CONTROL = SecurityDescriptor.SACL_AUTO_INHERITED | SecurityDescriptor.SACL_PROTECTED;

    private static final String EXTENDED = "\\\\?\\";

    private final FakeWindows windows;
    private final Map<String, FakeFile> files = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private long lastIndex;

    FakeFileCalls(FakeWindows windows) {
        this.windows = windows;
        put("NUL", new byte[0]);
    }

    private static String name(String path) {
        return path.startsWith(EXTENDED) ? path.substring(EXTENDED.length()) : path;
    }

    @Override
    public OwnedHandle open(String path, int access, int share, int disposition, int flags) throws WindowsFailure {
        synchronized (windows) {
            FakeFile file = find(path, disposition);
            boolean atEnd = (access & FILE_APPEND_DATA) != 0 && (access & FILE_WRITE_DATA) == 0;
            return windows.handles.open(file.open(access, atEnd), "CreateFileW");
        }
    }

    private FakeFile find(String path, int disposition) throws WindowsFailure {
        FakeFile present = files.get(name(path));
        if (present != null && present.isDeleted()) {
            present = null;
        }
        switch (disposition) {
            case CREATE_NEW -> {
                if (present != null) {
                    throw FakeWindows.failure("CreateFileW", ERROR_FILE_EXISTS);
                }
            }
            case OPEN_EXISTING -> {
                if (present == null) {
                    throw FakeWindows.failure("CreateFileW", WindowsFailure.ERROR_FILE_NOT_FOUND);
                }
            }
            case CREATE_ALWAYS -> {
                if (present != null) {
                    present.setContent(new byte[0]);
                }
            }
            case OPEN_ALWAYS -> {}
            default -> throw FakeWindows.failure("CreateFileW", ERROR_INVALID_PARAMETER);
        }
        if (present == null) {
            present = make(name(path), 0);
        }
        return present;
    }

    /** Inherits from the directory that it is in, if that was put there. */
    private FakeFile make(String path, int attributes) {
        boolean isDirectory = attributes == FakeFile.DIRECTORY;
        SecurityDescriptor descriptor =
                FakeInheritance.newIn(directory(parentOf(path)).map(FakeFile::descriptor), isDirectory);
        FakeFile made = new FakeFile(windows, ++lastIndex, path, attributes, descriptor);
        files.put(path, made);
        return made;
    }

    private Optional<FakeFile> directory(String path) {
        return Optional.ofNullable(files.get(path)).filter(file -> file.isDirectory() && !file.isDeleted());
    }

    private static String parentOf(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('\\')));
    }

    private static boolean isDriveRoot(String path) {
        return path.endsWith(":");
    }

    @Override
    public int attempt(String path, int access, int disposition, int flags) {
        try {
            open(path, access, 0, disposition, flags).close();
            return 0;
        } catch (WindowsFailure e) {
            return e.code();
        }
    }

    private FakeFile.Open opened(OwnedHandle handle, int rights, String function) throws WindowsFailure {
        FakeFile.Open open = windows.handles.resolve(handle, FakeFile.Open.class, function);
        if (!open.may(rights)) {
            throw FakeWindows.failure(function, WindowsFailure.ERROR_ACCESS_DENIED);
        }
        return open;
    }

    @Override
    public FileFacts facts(OwnedHandle file) throws WindowsFailure {
        synchronized (windows) {
            return opened(file, 0, "GetFileInformationByHandle").file().facts();
        }
    }

    @Override
    public String finalPath(OwnedHandle file) throws WindowsFailure {
        synchronized (windows) {
            return EXTENDED
                    + opened(file, 0, "GetFinalPathNameByHandleW").file().path();
        }
    }

    @Override
    public ImmutableList<String> list(OwnedHandle directory) throws WindowsFailure {
        synchronized (windows) {
            FakeFile.Open open = opened(directory, FILE_LIST_DIRECTORY, "GetFileInformationByHandleEx");
            return in(open.file())
                    .map(child -> child.path().substring(open.file().path().length() + 1))
                    .filter(child -> child.indexOf('\\') < 0)
                    .collect(ImmutableList.toImmutableList());
        }
    }

    /** What is in a directory, at any depth. */
    private Stream<FakeFile> in(FakeFile directory) {
        return files.values().stream()
                .filter(file -> !file.isDeleted() && file.path().startsWith(directory.path() + "\\"));
    }

    @Override
    public void delete(OwnedHandle file) throws WindowsFailure {
        synchronized (windows) {
            opened(file, DELETE, "SetFileInformationByHandle").file().delete();
        }
    }

    @Override
    public void makeWritable(OwnedHandle file) throws WindowsFailure {
        synchronized (windows) {
            opened(file, FILE_WRITE_ATTRIBUTES, "SetFileInformationByHandle")
                    .file()
                    .setAttributes(0);
        }
    }

    @Override
    public void put(String path, byte[] content) {
        synchronized (windows) {
            Optional.ofNullable(files.get(name(path)))
                    .filter(file -> !file.isDeleted())
                    .orElseGet(() -> make(name(path), 0))
                    .setContent(content);
        }
    }

    @Override
    public void putDirectory(String path) {
        synchronized (windows) {
            make(name(path), FakeFile.DIRECTORY);
        }
    }

    @Override
    public void move(String from, String to) {
        synchronized (windows) {
            FakeFile top = Optional.ofNullable(files.remove(name(from))).orElseThrow();
            ImmutableList<FakeFile> below = in(top).collect(ImmutableList.toImmutableList());
            for (FakeFile file : below) {
                files.remove(file.path());
                file.setPath(name(to) + file.path().substring(name(from).length()));
                files.put(file.path(), file);
            }
            top.setPath(name(to));
            files.put(name(to), top);
        }
    }

    @Override
    public Optional<byte[]> content(String path) {
        synchronized (windows) {
            return Optional.ofNullable(files.get(name(path)))
                    .filter(file -> !file.isDeleted())
                    .map(FakeFile::content);
        }
    }

    @Override
    public Optional<LabelAce> label(String path) {
        synchronized (windows) {
            FakeFile file = Optional.ofNullable(files.get(name(path))).orElseThrow();
            return Optional.ofNullable(MandatoryLabel.aceOf(file.descriptor()));
        }
    }

    @Override
    public OwnedHandle openById(OwnedHandle onVolume, long fileIndex, int access, int share, int flags)
            throws WindowsFailure {
        synchronized (windows) {
            opened(onVolume, 0, "OpenFileById");
            FakeFile file = files.values().stream()
                    .filter(present -> present.index() == fileIndex && !present.isDeleted())
                    .findFirst()
                    .orElseThrow(() -> FakeWindows.failure("OpenFileById", ERROR_INVALID_PARAMETER));
            return windows.handles.open(file.open(access, false), "OpenFileById");
        }
    }

    @Override
    public void createDirectory(String path) throws WindowsFailure {
        synchronized (windows) {
            FakeFile present = files.get(name(path));
            if (present != null && !present.isDeleted()) {
                throw FakeWindows.failure("CreateDirectoryW", ERROR_ALREADY_EXISTS);
            }
            String parent = parentOf(name(path));
            if (!isDriveRoot(parent) && directory(parent).isEmpty()) {
                throw FakeWindows.failure("CreateDirectoryW", WindowsFailure.ERROR_PATH_NOT_FOUND);
            }
            make(name(path), FakeFile.DIRECTORY);
        }
    }

    @Override
    public VolumeFacts volume(OwnedHandle file) throws WindowsFailure {
        synchronized (windows) {
            opened(file, 0, "GetVolumeInformationByHandleW");
            return VOLUME;
        }
    }

    @Override
    public SecurityDescriptor descriptor(OwnedHandle file) throws WindowsFailure {
        synchronized (windows) {
            return SetRequests.withoutEmptySacl(
                    opened(file, READ_CONTROL, "GetKernelObjectSecurity").file().descriptor());
        }
    }

    @Override
    public void replaceLabel(OwnedHandle file, SecurityDescriptor descriptor) throws WindowsFailure {
        synchronized (windows) {
            FakeFile labelled =
                    opened(file, WRITE_OWNER, "SetKernelObjectSecurity").file();
            labelled.setDescriptor(withLabel(labelled.descriptor(), SetRequests.label(descriptor)));
        }
    }

    /** Only the control flags of the label come with it; what only asks for another one is not kept. */
    private static SecurityDescriptor withLabel(SecurityDescriptor before, SecurityDescriptor request) {
        return before.withSacl(request.sacl())
                .withControl(request.control() & SACL_CONTROL, SACL_CONTROL & ~request.control());
    }

    @Override
    public void replaceDacl(OwnedHandle file, SecurityDescriptor descriptor) throws WindowsFailure {
        synchronized (windows) {
            FakeFile changed =
                    opened(file, WRITE_DAC, "SetKernelObjectSecurity").file();
            SecurityDescriptor request = SetRequests.dacl(descriptor);
            changed.setDescriptor(changed.descriptor()
                    .withDacl(request.dacl())
                    .withControl(request.control() & DACL_CONTROL, DACL_CONTROL & ~request.control()));
        }
    }
}
