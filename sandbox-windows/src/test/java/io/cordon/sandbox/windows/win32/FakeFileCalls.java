package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
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

    private static final int FILE_LIST_DIRECTORY = 0x1;
    private static final int FILE_WRITE_DATA = 0x2;
    private static final int FILE_APPEND_DATA = 0x4;
    private static final int FILE_WRITE_ATTRIBUTES = 0x100;
    private static final int DELETE = 0x00010000;
    private static final int READ_CONTROL = 0x00020000;
    private static final int WRITE_DAC = 0x00040000;
    private static final int WRITE_OWNER = 0x00080000;

    /** OBJECT_INHERIT_ACE and CONTAINER_INHERIT_ACE. */
    private static final int INHERIT = 0x03;

    private static final int INHERITED_ACE = 0x10;

    private static final String EXTENDED = "\\\\?\\";

    private final FakeWindows windows;
    private final Map<String, FakeFile> files = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

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
            present = new FakeFile(windows, name(path));
            files.put(name(path), present);
        }
        return present;
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
    public byte[] label(OwnedHandle file) throws WindowsFailure {
        synchronized (windows) {
            return opened(file, READ_CONTROL, "GetSecurityInfo").file().label();
        }
    }

    @Override
    public void setLabel(OwnedHandle file, byte[] acl) throws WindowsFailure {
        synchronized (windows) {
            FakeFile labelled =
                    opened(file, READ_CONTROL | WRITE_OWNER, "SetSecurityInfo").file();
            labelled.setLabel(acl);
            byte[] inherited = IntegrityLabel.decode(acl)
                    .filter(label -> (label.aceFlags() & INHERIT) == INHERIT)
                    .map(label -> new IntegrityLabel(label.level(), INHERIT | INHERITED_ACE, label.mask()).encode())
                    .orElse(new byte[0]);
            in(labelled).filter(FakeFileCalls::hasNoLabelOfItsOwn).forEach(child -> child.setLabel(inherited));
        }
    }

    @Override
    public byte[] dacl(OwnedHandle file) throws WindowsFailure {
        synchronized (windows) {
            return opened(file, READ_CONTROL, "GetSecurityInfo").file().dacl();
        }
    }

    /** Without handing it on. */
    @Override
    public void setDacl(OwnedHandle file, byte[] acl) throws WindowsFailure {
        synchronized (windows) {
            opened(file, READ_CONTROL | WRITE_DAC, "SetSecurityInfo").file().setDacl(acl);
        }
    }

    private static boolean hasNoLabelOfItsOwn(FakeFile file) {
        return IntegrityLabel.decode(file.label())
                .map(IntegrityLabel::isInherited)
                .orElse(true);
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
            FakeFile file = new FakeFile(windows, name(path));
            file.setContent(content);
            files.put(name(path), file);
        }
    }

    @Override
    public void putDirectory(String path) {
        synchronized (windows) {
            files.put(name(path), new FakeFile(windows, name(path)).asDirectory());
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
    public Optional<IntegrityLabel> label(String path) {
        synchronized (windows) {
            FakeFile file = Optional.ofNullable(files.get(name(path))).orElseThrow();
            return IntegrityLabel.decode(file.label());
        }
    }

    @Override
    public OwnedHandle openById(OwnedHandle onVolume, long fileIndex, int access, int share, int flags) {
        throw new UnsupportedOperationException("openById");
    }

    @Override
    public void createDirectory(String path) {
        throw new UnsupportedOperationException("createDirectory");
    }

    @Override
    public VolumeFacts volume(OwnedHandle file) {
        throw new UnsupportedOperationException("volume");
    }

    @Override
    public SecurityDescriptor descriptor(OwnedHandle file) {
        throw new UnsupportedOperationException("descriptor");
    }

    @Override
    public void replaceLabel(OwnedHandle file, SecurityDescriptor descriptor) {
        throw new UnsupportedOperationException("replaceLabel");
    }

    @Override
    public void replaceDacl(OwnedHandle file, SecurityDescriptor descriptor) {
        throw new UnsupportedOperationException("replaceDacl");
    }
}
