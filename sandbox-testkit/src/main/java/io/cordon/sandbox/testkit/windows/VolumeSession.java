package io.cordon.sandbox.testkit.windows;

import static io.cordon.sandbox.windows.security.AccessMask.DELETE;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_APPEND_DATA;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_DELETE_CHILD;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_EXECUTE;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_READ_ATTRIBUTES;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_READ_DATA;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_WRITE_ATTRIBUTES;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_WRITE_DATA;
import static io.cordon.sandbox.windows.security.AccessMask.FILE_WRITE_EA;
import static io.cordon.sandbox.windows.security.AccessMask.WRITE_DAC;
import static io.cordon.sandbox.windows.security.AccessMask.WRITE_OWNER;

import io.cordon.sandbox.testkit.windows.VirtualVolume.Location;
import io.cordon.sandbox.testkit.windows.VolumeOutcome.Status;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A process at work on a {@link VirtualVolume}: each operation is checked as NTFS checks it (MS-FSA 2.1.5). */
public final class VolumeSession {
    private final VirtualVolume volume;
    private final VirtualToken token;
    private final boolean explain;

    VolumeSession(VirtualVolume volume, VirtualToken token, boolean explain) {
        this.volume = volume;
        this.token = token;
        this.explain = explain;
    }

    /** Reads a file, or a stream of it, or lists a directory. */
    public VolumeOutcome read(String path) {
        return open(volume.locate(path, true), FILE_READ_DATA, () -> {});
    }

    /** Starts a file as a program, or maps it as one. */
    public VolumeOutcome execute(String path) {
        return open(volume.locate(path, true), FILE_EXECUTE, () -> {});
    }

    /**
     * Writes into a file or a stream, which is made if it is missing (MS-FSA 2.1.5.1.2: a new stream needs
     * FILE_WRITE_DATA).
     */
    public VolumeOutcome write(String path, String content) {
        Location location = volume.locate(path, true);
        VirtualObject file = location.object();
        if (file != null && file.isDirectory() && location.stream() == null) {
            return VolumeOutcome.of(Status.INVALID);
        }
        return open(location, FILE_WRITE_DATA, () -> put(location, content));
    }

    /** Appends to a file. */
    public VolumeOutcome append(String path, String content) {
        Location location = volume.locate(path, true);
        VirtualObject file = location.object();
        if (file == null || file.isDirectory() || location.stream() != null) {
            return VolumeOutcome.of(file == null ? Status.NOT_FOUND : Status.INVALID);
        }
        return open(location, FILE_APPEND_DATA, () -> file.content = file.content + content);
    }

    /** Opens a file for overwriting (MS-FSA 2.1.5.1.2: FILE_WRITE_EA and FILE_WRITE_ATTRIBUTES are needed too). */
    public VolumeOutcome overwrite(String path, String content) {
        Location location = volume.locate(path, true);
        if (location.object() != null && location.object().isDirectory()) {
            return VolumeOutcome.of(Status.INVALID);
        }
        AccessMask needed = FILE_WRITE_DATA.or(FILE_WRITE_EA).or(FILE_WRITE_ATTRIBUTES);
        return open(location, needed, () -> put(location, content));
    }

    /** Changes times or attributes. */
    public VolumeOutcome setAttributes(String path) {
        Location location = volume.locate(path, true);
        return open(location, FILE_WRITE_ATTRIBUTES, () -> object(location).attributes++);
    }

    /**
     * Makes a file.
     *
     * @param dacl the DACL that the creator states, or null for the inherited one; its own handle has every right in
     * any case
     */
    public VolumeOutcome createFile(String path, @Nullable Acl dacl) {
        return create(path, false, dacl);
    }

    /** Makes a directory. */
    public VolumeOutcome createDirectory(String path, @Nullable Acl dacl) {
        return create(path, true, dacl);
    }

    private VolumeOutcome create(String path, boolean directory, @Nullable Acl dacl) {
        Location location = volume.locate(path, false);
        VolumeOutcome place = freePlace(location);
        if (!place.isDone()) {
            return place;
        }
        VirtualObject parent = location.requireParent();
        return check(parent, directory ? FILE_APPEND_DATA : FILE_WRITE_DATA, () -> {
            SecurityDescriptor descriptor = NewObject.descriptor(
                    parent.descriptor, dacl, directory, token, volume.switches().newLabels());
            volume.create(location, directory, descriptor);
        });
    }

    private static VolumeOutcome freePlace(Location location) {
        if (location.object() != null) {
            return VolumeOutcome.of(Status.EXISTS);
        }
        return location.parent() == null || location.stream() != null
                ? VolumeOutcome.of(Status.NOT_FOUND)
                : VolumeOutcome.DONE;
    }

    /**
     * Deletes a name; a link, not what it leads to. Needs DELETE on the object or FILE_DELETE_CHILD on the directory.
     */
    public VolumeOutcome delete(String path) {
        Location location = volume.locate(path, false);
        VirtualObject object = location.object();
        if (object == null || location.parent() == null) {
            return VolumeOutcome.of(Status.NOT_FOUND);
        }
        if (!object.entries.isEmpty()) {
            return VolumeOutcome.of(Status.NOT_EMPTY);
        }
        if (volume.isFenced(object)) {
            return VolumeOutcome.of(Status.SHARING_VIOLATION);
        }
        return open(location, DELETE, () -> volume.unlink(location));
    }

    /**
     * Renames or moves (MS-FSA 2.1.5.15.12). The descriptor stays as it is.
     *
     * @param replace whether a file of the new name is replaced, by a file or by a directory
     */
    public VolumeOutcome rename(String from, String to, boolean replace) {
        Location source = volume.locate(from, false);
        Location target = volume.locate(to, false);
        VirtualObject object = source.object();
        VirtualObject directory = target.parent();
        if (object == null || source.parent() == null || directory == null || directory.reparseTarget != null) {
            return VolumeOutcome.of(Status.NOT_FOUND);
        }
        if (contains(object, directory) || source.stream() != null || target.stream() != null) {
            return VolumeOutcome.of(Status.INVALID);
        }
        VirtualObject replaced = target.object() == object ? null : target.object();
        if (replaced != null && (!replace || replaced.isDirectory())) {
            return VolumeOutcome.of(Status.EXISTS);
        }
        if (volume.isFenced(object) || (replaced != null && volume.isFenced(replaced))) {
            return VolumeOutcome.of(Status.SHARING_VIOLATION);
        }
        VolumeOutcome outcome = open(source, DELETE, () -> {});
        if (outcome.isDone()) {
            outcome = check(directory, object.isDirectory() ? FILE_APPEND_DATA : FILE_WRITE_DATA, () -> {});
        }
        if (outcome.isDone() && replaced != null) {
            outcome = open(target, DELETE, () -> {});
        }
        if (outcome.isDone()) {
            if (replaced != null) {
                volume.unlink(target);
            }
            source.requireParent().remove(source.requireEntry());
            directory.add(target.name(), object.id());
        }
        return outcome;
    }

    private boolean contains(VirtualObject directory, VirtualObject other) {
        if (directory == other) {
            return true;
        }
        return directory.entries.values().stream().anyMatch(entry -> contains(volume.object(entry.id()), other));
    }

    /** Gives a file another name (MS-FSA 2.1.5.15.7). */
    public VolumeOutcome hardLink(String existing, String name) {
        Location source = volume.locate(existing, false);
        Location target = volume.locate(name, false);
        VirtualObject file = source.object();
        VolumeOutcome place = freePlace(target);
        if (file == null || !place.isDone()) {
            return file == null ? VolumeOutcome.of(Status.NOT_FOUND) : place;
        }
        if (file.isDirectory() || source.stream() != null) {
            return VolumeOutcome.of(Status.INVALID);
        }
        if (volume.switches().hardLinks() == VolumeSwitches.HardLinks.NEED_WRITE_ATTRIBUTES) {
            VolumeOutcome opened = open(source, FILE_WRITE_ATTRIBUTES, () -> {});
            if (!opened.isDone()) {
                return opened;
            }
        }
        VirtualObject directory = target.requireParent();
        return check(directory, FILE_WRITE_DATA, () -> directory.add(target.name(), file.id()));
    }

    /** Turns an empty directory into a junction, for which no privilege is needed (MS-FSA 2.1.5.10.37). */
    public VolumeOutcome makeJunction(String path, String target) {
        Location location = volume.locate(path, false);
        VirtualObject directory = location.object();
        if (directory == null || location.parent() == null) {
            return VolumeOutcome.of(Status.NOT_FOUND);
        }
        if (!directory.isDirectory() || !directory.entries.isEmpty()) {
            return VolumeOutcome.of(directory.isDirectory() ? Status.NOT_EMPTY : Status.INVALID);
        }
        VolumeOutcome byData = open(location, FILE_WRITE_DATA, () -> directory.reparseTarget = target);
        return byData.isDone() ? byData : open(location, FILE_WRITE_ATTRIBUTES, () -> directory.reparseTarget = target);
    }

    /** Turns an empty file into a symbolic link, which needs a privilege. */
    public VolumeOutcome makeSymbolicLink(String path, String target) {
        if (!token.privileges().contains(Privilege.CREATE_SYMBOLIC_LINK)) {
            return new VolumeOutcome(Status.ACCESS_DENIED, "SeCreateSymbolicLinkPrivilege is not held");
        }
        Location location = volume.locate(path, false);
        return open(location, FILE_WRITE_ATTRIBUTES, () -> object(location).reparseTarget = target);
    }

    /**
     * Replaces the DACL of the object itself, without propagation (NtSetSecurityObject). The request has no control flags:
     * PROTECTED is stored as it is there, and AUTO_INHERITED only where it is asked for (MS-DTYP 2.4.6; Samba's
     * test_inheritance_flags).
     */
    public VolumeOutcome setDacl(String path, Acl dacl) {
        Location location = volume.locate(path, false);
        return open(location, WRITE_DAC, () -> {
            VirtualObject object = object(location);
            object.descriptor = object.descriptor
                    .withDacl(dacl)
                    .withControl(0, SecurityDescriptor.DACL_AUTO_INHERITED | SecurityDescriptor.DACL_PROTECTED);
        });
    }

    /** Takes ownership; nobody can give it to others without SeRestore. */
    public VolumeOutcome setOwner(String path, Sid owner) {
        if (!owner.equals(token.user())) {
            return new VolumeOutcome(Status.ACCESS_DENIED, owner + " is not the token's user: ERROR_INVALID_OWNER");
        }
        Location location = volume.locate(path, false);
        return open(location, WRITE_OWNER, () -> {
            VirtualObject object = object(location);
            object.descriptor = object.descriptor.withOwner(owner);
        });
    }

    /** Replaces the label: WRITE_OWNER, and not above the own level without SeRelabelPrivilege (MS-FSA 2.1.5.17). */
    public VolumeOutcome setLabel(String path, LabelAce label) {
        if (!token.level().dominates(label.level()) && !token.privileges().contains(Privilege.RELABEL)) {
            return new VolumeOutcome(Status.ACCESS_DENIED, label.level() + " is above the token's " + token.level());
        }
        Location location = volume.locate(path, false);
        return open(location, WRITE_OWNER, () -> {
            VirtualObject object = object(location);
            List<Ace> aces = new ArrayList<>(List.of(label));
            Acl sacl = object.descriptor.sacl();
            if (sacl != null) {
                sacl.aces().stream().filter(ace -> !(ace instanceof LabelAce)).forEach(aces::add);
            }
            object.descriptor = object.descriptor.withSacl(Acl.of(aces));
        });
    }

    /**
     * The rights that the process has to an existing object by this path: what the descriptors of object and directory
     * give.
     */
    public boolean has(String path, AccessMask wanted) {
        return open(volume.locate(path, false), wanted, () -> {}).isDone();
    }

    /** Opens what is there: DELETE and FILE_READ_ATTRIBUTES may come from the directory (MS-FSA 2.1.5.1.2.1). */
    private VolumeOutcome open(Location location, AccessMask wanted, Runnable action) {
        VirtualObject object = location.object();
        if (object == null) {
            return VolumeOutcome.of(Status.NOT_FOUND);
        }
        AccessMask rest = ofItself(object, location.parent(), wanted);
        if (rest.isEmpty()) {
            action.run();
            return VolumeOutcome.DONE;
        }
        return check(object, rest, action);
    }

    /** Whether the process may open an object with these rights, by a name in {@code parent} or by its identity. */
    boolean mayOpen(VirtualObject object, @Nullable VirtualObject parent, AccessMask wanted) {
        AccessMask rest = ofItself(object, parent, wanted);
        return rest.isEmpty() || allowed(object, rest);
    }

    /** What of the request the directory does not grant. */
    private AccessMask ofItself(VirtualObject object, @Nullable VirtualObject parent, AccessMask wanted) {
        if (parent == null) {
            return wanted;
        }
        AccessMask rest = byParent(object, parent, wanted, DELETE, FILE_DELETE_CHILD);
        return byParent(object, parent, rest, FILE_READ_ATTRIBUTES, FILE_READ_DATA);
    }

    private AccessMask byParent(
            VirtualObject object, VirtualObject parent, AccessMask wanted, AccessMask right, AccessMask ofParent) {
        return wanted.contains(right) && !allowed(object, right) && allowed(parent, ofParent)
                ? wanted.minus(right)
                : wanted;
    }

    private boolean allowed(VirtualObject object, AccessMask wanted) {
        return volume.monitor().allows(token, object.descriptor, wanted);
    }

    private VolumeOutcome check(VirtualObject object, AccessMask wanted, Runnable action) {
        if (allowed(object, wanted)) {
            action.run();
            return VolumeOutcome.DONE;
        }
        String why = explain
                ? wanted + " on object " + object.id() + " " + object.descriptor + "\n"
                        + volume.monitor()
                                .explain(token, object.descriptor, wanted)
                                .explanation()
                : "";
        return new VolumeOutcome(Status.ACCESS_DENIED, why);
    }

    private static VirtualObject object(Location location) {
        return Objects.requireNonNull(location.object());
    }

    private static void put(Location location, String content) {
        if (location.stream() == null) {
            object(location).content = content;
        } else {
            object(location).streams.put(VirtualObject.key(location.stream()), content);
        }
    }

    /** The label that holds for an object. */
    public MandatoryLabel label(String path) {
        return MandatoryLabel.of(volume.object(path).descriptor);
    }
}
