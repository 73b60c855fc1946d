package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.testkit.windows.VirtualVolume.Location;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.GenericMapping;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.VolumeFacts;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The files of {@link VolumeCalls}. */
final class VolumeFileCalls implements FileCalls {
    /** As the testkit's fact collector numbers the volume. */
    static final int SERIAL = 1;

    private static final String EXTENDED = "\\\\?\\";
    private static final int FILE_SHARE_ALL = 0x7;
    private static final int OPEN_EXISTING = 3;
    private static final int FILE_FLAG_OPEN_REPARSE_POINT = 0x00200000;
    private static final int FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
    private static final int FILE_ATTRIBUTE_DIRECTORY = 0x10;
    private static final int FILE_ATTRIBUTE_NORMAL = 0x80;
    private static final int FILE_ATTRIBUTE_REPARSE_POINT = 0x400;

    /** What CreateFileW adds to every request, as Wine's and ReactOS's do. */
    private static final AccessMask ALWAYS = AccessMask.SYNCHRONIZE.or(AccessMask.FILE_READ_ATTRIBUTES);

    private static final int SACL_INHERITANCE = SecurityDescriptor.SACL_PROTECTED
            | SecurityDescriptor.SACL_AUTO_INHERITED
            | SecurityDescriptor.SACL_AUTO_INHERIT_REQ;
    private static final int DACL_INHERITANCE = SecurityDescriptor.DACL_PROTECTED
            | SecurityDescriptor.DACL_AUTO_INHERITED
            | SecurityDescriptor.DACL_AUTO_INHERIT_REQ;

    private final VolumeCalls calls;

    VolumeFileCalls(VolumeCalls calls) {
        this.calls = calls;
    }

    @Override
    public OwnedHandle open(String path, int access, int share, int disposition, int flags) throws WindowsFailure {
        calls.enter("open");
        return openNow(path, access, share, disposition, flags);
    }

    @Override
    public int attempt(String path, int access, int disposition, int flags) {
        try {
            calls.enter("attempt");
            openNow(path, access, FILE_SHARE_ALL, disposition, flags).close();
            return 0;
        } catch (WindowsFailure e) {
            return e.code();
        }
    }

    private OwnedHandle openNow(String path, int access, int share, int disposition, int flags) throws WindowsFailure {
        if (disposition != OPEN_EXISTING) {
            throw failure("CreateFileW", VolumeCalls.ERROR_INVALID_PARAMETER); // the model's files are made by others
        }
        Location location = volume().locate(text(path), (flags & FILE_FLAG_OPEN_REPARSE_POINT) == 0);
        VirtualObject object = location.object();
        if (object == null) {
            throw failure(
                    "CreateFileW",
                    location.parent() == null
                            ? WindowsFailure.ERROR_PATH_NOT_FOUND
                            : WindowsFailure.ERROR_FILE_NOT_FOUND);
        }
        String place = location.entry() == null
                ? ""
                : volume().directoryPath(location.requireParent())
                        + "/"
                        + location.requireEntry().name();
        return open("CreateFileW", object, location.parent(), place, access, share, flags);
    }

    @Override
    public OwnedHandle openById(OwnedHandle onVolume, long fileIndex, int access, int share, int flags)
            throws WindowsFailure {
        calls.enter("openById");
        opened(onVolume, AccessMask.NONE, "OpenFileById");
        VirtualObject object = volume().byId(fileIndex);
        if (object == null) {
            throw failure("OpenFileById", VolumeCalls.ERROR_INVALID_PARAMETER); // the answer of NTFS
        }
        return open("OpenFileById", object, null, anyPath(object), access, share, flags);
    }

    private OwnedHandle open(
            String function,
            VirtualObject object,
            @Nullable VirtualObject parent,
            String path,
            int access,
            int share,
            int flags)
            throws WindowsFailure {
        AccessMask wanted = AccessMask.of(GenericMapping.FILE.map(access)).or(ALWAYS);
        boolean backup = (flags & FILE_FLAG_BACKUP_SEMANTICS) != 0;
        if ((object.isDirectory() && !backup)
                || !volume().as(calls.host().user()).mayOpen(object, parent, wanted)) {
            throw failure(function, WindowsFailure.ERROR_ACCESS_DENIED);
        }
        OpenFile file = new OpenFile(object, path, wanted, share);
        if (calls.handles().objects(OpenFile.class).anyMatch(file::conflictsWith)) {
            throw failure(function, WindowsFailure.ERROR_SHARING_VIOLATION);
        }
        if (file.isFence()) {
            volume().fence(object.id());
        }
        return calls.handles().open(file, this::closed);
    }

    /** What becomes of a file when a handle to it is closed. */
    private void closed(OpenFile file) {
        List<OpenFile> others = calls.handles()
                .objects(OpenFile.class)
                .filter(other -> other.object().id() == file.object().id())
                .toList();
        if (file.isFence() && others.stream().noneMatch(OpenFile::isFence)) {
            volume().unfence(file.object().id());
        }
        if (file.isDeletedOnClose()) {
            Location location = volume().locate(file.path(), false);
            if (!others.isEmpty()) {
                others.get(0).deleteOnClose();
            } else if (location.object() == file.object()) {
                calls.mutate("delete", () -> {
                    volume().unlink(location);
                    return file.object();
                });
            }
        }
    }

    @Override
    public FileFacts facts(OwnedHandle file) throws WindowsFailure {
        calls.enter("facts");
        VirtualObject object =
                opened(file, AccessMask.NONE, "GetFileInformationByHandle").object();
        int attributes = (object.isDirectory() ? FILE_ATTRIBUTE_DIRECTORY : 0)
                | (object.reparseTarget() != null ? FILE_ATTRIBUTE_REPARSE_POINT : 0);
        return new FileFacts(
                attributes == 0 ? FILE_ATTRIBUTE_NORMAL : attributes,
                object.isDirectory() ? 1 : volume().links(object.id()),
                SERIAL,
                object.id());
    }

    @Override
    public String finalPath(OwnedHandle file) throws WindowsFailure {
        calls.enter("finalPath");
        OpenFile open = opened(file, AccessMask.NONE, "GetFinalPathNameByHandleW");
        String path = open.path();
        if (!path.isEmpty() && volume().find(path) != open.object()) {
            path = anyPath(open.object()); // moved meanwhile
        }
        return EXTENDED + VirtualVolume.toPath(path);
    }

    private String anyPath(VirtualObject object) throws WindowsFailure {
        String[] found = {object == volume().root() ? "" : null};
        volume().walk((path, each) -> found[0] = found[0] == null && each == object ? path : found[0]);
        if (found[0] == null) {
            throw failure("GetFinalPathNameByHandleW", WindowsFailure.ERROR_FILE_NOT_FOUND);
        }
        return found[0];
    }

    @Override
    public ImmutableList<String> list(OwnedHandle directory) throws WindowsFailure {
        calls.enter("list");
        OpenFile open = opened(directory, AccessMask.FILE_READ_DATA, "GetFileInformationByHandleEx");
        return open.object().entries.values().stream()
                .map(VirtualObject.Entry::name)
                .collect(ImmutableList.toImmutableList());
    }

    @Override
    public VolumeFacts volume(OwnedHandle file) throws WindowsFailure {
        calls.enter("volume");
        opened(file, AccessMask.NONE, "GetVolumeInformationByHandleW");
        return new VolumeFacts(SERIAL, "NTFS", true);
    }

    @Override
    public SecurityDescriptor descriptor(OwnedHandle file) throws WindowsFailure {
        calls.enter("descriptor");
        SecurityDescriptor whole = opened(file, AccessMask.READ_CONTROL, "GetSecurityInfo")
                .object()
                .descriptor();
        Acl sacl = whole.sacl();
        // Audit entries need ACCESS_SYSTEM_SECURITY.
        return sacl == null ? whole : whole.withSacl(sacl.withAces(labels(sacl)));
    }

    @Override
    public void replaceLabel(OwnedHandle file, SecurityDescriptor descriptor) throws WindowsFailure {
        calls.enter("replaceLabel");
        VirtualObject object =
                opened(file, AccessMask.WRITE_OWNER, "NtSetSecurityObject").object();
        List<Ace> aces = new ArrayList<>(labels(descriptor.sacl()));
        for (Ace ace : aces) {
            boolean above = !calls.host().user().level().dominates(((LabelAce) ace).level());
            if (above && !calls.host().user().privileges().contains(Privilege.RELABEL)) {
                throw failure("NtSetSecurityObject", VolumeCalls.ERROR_PRIVILEGE_NOT_HELD); // MS-FSA 2.1.5.17
            }
        }
        SecurityDescriptor before = object.descriptor();
        Acl sacl = before.sacl();
        if (sacl != null) {
            sacl.aces().stream().filter(ace -> !(ace instanceof LabelAce)).forEach(aces::add);
        }
        int control = descriptor.control() & SACL_INHERITANCE;
        // A SACL that is there and empty, or null, is no other than the caller's; the rest is not his.
        Acl form = descriptor.sacl() != null ? descriptor.sacl() : sacl;
        SecurityDescriptor after = !aces.isEmpty()
                ? before.withSacl(Objects.requireNonNull(form).withAces(aces))
                : descriptor.has(SecurityDescriptor.SACL_PRESENT)
                        ? before.withSacl(descriptor.sacl())
                        : before.withoutSacl();
        describe("replaceLabel", object, after.withControl(control, SACL_INHERITANCE));
    }

    @Override
    public void replaceDacl(OwnedHandle file, SecurityDescriptor descriptor) throws WindowsFailure {
        calls.enter("replaceDacl");
        VirtualObject object =
                opened(file, AccessMask.WRITE_DAC, "NtSetSecurityObject").object();
        SecurityDescriptor before = object.descriptor();
        SecurityDescriptor after = descriptor.has(SecurityDescriptor.DACL_PRESENT)
                ? before.withDacl(descriptor.dacl())
                : before.withoutDacl();
        int control = descriptor.control() & DACL_INHERITANCE;
        describe("replaceDacl", object, after.withControl(control, DACL_INHERITANCE));
    }

    @Override
    public void createDirectory(String path) throws WindowsFailure {
        calls.enter("createDirectory");
        String text = text(path);
        VolumeOutcome[] outcome = {VolumeOutcome.DONE};
        calls.mutate("createDirectory", () -> {
            outcome[0] = volume().as(calls.host().user()).createDirectory(text, null);
            return outcome[0].isDone() ? volume().object(text) : null;
        });
        switch (outcome[0].status()) {
            case DONE -> {}
            case EXISTS -> throw failure("CreateDirectoryW", VolumeCalls.ERROR_ALREADY_EXISTS);
            case ACCESS_DENIED -> throw failure("CreateDirectoryW", WindowsFailure.ERROR_ACCESS_DENIED);
            default -> throw failure("CreateDirectoryW", WindowsFailure.ERROR_PATH_NOT_FOUND);
        }
    }

    @Override
    public void delete(OwnedHandle file) throws WindowsFailure {
        calls.enter("delete");
        OpenFile open = opened(file, AccessMask.DELETE, "SetFileInformationByHandle");
        if (!open.object().entries.isEmpty()) {
            throw failure("SetFileInformationByHandle", VolumeCalls.ERROR_DIR_NOT_EMPTY);
        }
        open.deleteOnClose();
    }

    @Override
    public void makeWritable(OwnedHandle file) throws WindowsFailure {
        calls.enter("makeWritable");
        opened(file, AccessMask.FILE_WRITE_ATTRIBUTES, "SetFileInformationByHandle");
    }

    private void describe(String name, VirtualObject object, SecurityDescriptor descriptor) {
        calls.mutate(name, () -> {
            object.descriptor = descriptor;
            return object;
        });
    }

    private OpenFile opened(OwnedHandle handle, AccessMask rights, String function) throws WindowsFailure {
        OpenFile open = calls.handles().resolve(handle, OpenFile.class, function);
        if (!open.may(rights)) {
            throw failure(function, WindowsFailure.ERROR_ACCESS_DENIED);
        }
        return open;
    }

    private static List<Ace> labels(@Nullable Acl sacl) {
        return sacl == null
                ? List.of()
                : sacl.aces().stream().filter(LabelAce.class::isInstance).toList();
    }

    private VirtualVolume volume() {
        return calls.volume();
    }

    /** The path as the model writes it: without the prefix and the drive, and with slashes. */
    private static String text(String path) {
        String bare = path.startsWith(EXTENDED) ? path.substring(EXTENDED.length()) : path;
        return bare.replaceFirst("^[A-Za-z]:", "").replace('\\', '/');
    }

    private static WindowsFailure failure(String function, int code) {
        return VolumeCalls.failure(function, code);
    }
}
