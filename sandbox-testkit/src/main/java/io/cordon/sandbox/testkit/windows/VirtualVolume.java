package io.cordon.sandbox.testkit.windows;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedMap;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An NTFS volume in memory: files and directories with descriptors, hard links, reparse points, streams, 8.3 names, and
 * names without regard to case.
 *
 * <p>The methods here are those of the one who builds a test: no access is checked. {@link #as} gives the view of a
 * process, in which every operation is checked. Paths are written {@code /directory/file}. Not safe for use by several
 * threads.
 */
public final class VirtualVolume {
    private static final Splitter PATH = Splitter.on('/').omitEmptyStrings();
    private static final long ROOT = 1;
    private static final int MOST_REPARSE_POINTS = 8;

    private final VolumeSwitches switches;
    private final SecurityReferenceMonitor monitor;
    private final Map<Long, VirtualObject> objects;
    private final Set<Long> fences;
    private long lastId;

    /** A volume with an empty root directory. */
    public VirtualVolume(SecurityDescriptor root, SecurityReferenceMonitor monitor, VolumeSwitches switches) {
        this.switches = switches;
        this.monitor = monitor;
        this.objects = new HashMap<>();
        this.fences = new HashSet<>();
        this.lastId = ROOT;
        objects.put(ROOT, new VirtualObject(ROOT, true, root));
    }

    private VirtualVolume(VirtualVolume other, SecurityReferenceMonitor monitor, VolumeSwitches switches) {
        this.switches = switches;
        this.monitor = monitor;
        this.objects = new HashMap<>();
        other.objects.forEach((id, object) -> objects.put(id, new VirtualObject(object)));
        this.fences = new HashSet<>(other.fences);
        this.lastId = other.lastId;
    }

    /** An independent copy. */
    public VirtualVolume copy() {
        return new VirtualVolume(this, monitor, switches);
    }

    /** An independent copy that behaves by other switches. */
    public VirtualVolume copy(MonitorSwitches monitorSwitches, VolumeSwitches volumeSwitches) {
        return new VirtualVolume(this, new SecurityReferenceMonitor(monitorSwitches), volumeSwitches);
    }

    /** The volume as a process with {@code token} sees it. */
    public VolumeSession as(VirtualToken token) {
        return new VolumeSession(this, token, false);
    }

    /** The same; denials say what decided them. */
    public VolumeSession explaining(VirtualToken token) {
        return new VolumeSession(this, token, true);
    }

    /** The access check in use. */
    public SecurityReferenceMonitor monitor() {
        return monitor;
    }

    /** The switches in use. */
    public VolumeSwitches switches() {
        return switches;
    }

    /** Adds a directory; the directories above it must be there. */
    public VirtualObject addDirectory(String path, SecurityDescriptor descriptor) {
        return add(path, true, descriptor);
    }

    /** Adds a file whose content is its own path. */
    public VirtualObject addFile(String path, SecurityDescriptor descriptor) {
        VirtualObject file = add(path, false, descriptor);
        file.content = path;
        return file;
    }

    /** Adds another name for a file. */
    public void addHardLink(String existing, String name) {
        VirtualObject file = object(existing);
        Location location = locate(name, false);
        if (file.isDirectory() || location.object() != null || location.parent() == null) {
            throw new IllegalArgumentException("no hard link possible from " + name + " to " + existing);
        }
        location.parent().add(location.name(), file.id());
    }

    /** Adds a junction: a directory that leads elsewhere. */
    public VirtualObject addJunction(String path, String target, SecurityDescriptor descriptor) {
        VirtualObject junction = add(path, true, descriptor);
        junction.reparseTarget = target;
        return junction;
    }

    private VirtualObject add(String path, boolean directory, SecurityDescriptor descriptor) {
        Location location = locate(path, false);
        if (location.object() != null || location.parent() == null) {
            throw new IllegalArgumentException(
                    "cannot add " + path + ": the name is taken, or its directory is missing");
        }
        return create(location, directory, descriptor);
    }

    VirtualObject create(Location location, boolean directory, SecurityDescriptor descriptor) {
        VirtualObject object = new VirtualObject(++lastId, directory, descriptor);
        objects.put(object.id(), object);
        location.requireParent().add(location.name(), object.id());
        return object;
    }

    /**
     * The object at {@code path}; reparse points are followed on the way, but not at its end.
     *
     * @throws IllegalArgumentException if there is none
     */
    public VirtualObject object(String path) {
        VirtualObject object = find(path);
        if (object == null) {
            throw new IllegalArgumentException("there is no " + path + " on the volume");
        }
        return object;
    }

    /** The object at {@code path}, or null. */
    public @Nullable VirtualObject find(String path) {
        return locate(path, false).object();
    }

    /** The object with this identity, or null if it was deleted. */
    public @Nullable VirtualObject byId(long id) {
        return objects.get(id);
    }

    /** Replaces a descriptor, without any check. */
    public void setDescriptor(long id, SecurityDescriptor descriptor) {
        object(id).descriptor = descriptor;
    }

    /** Opens the object without FILE_SHARE_DELETE until {@link #unfence}. */
    public void fence(long id) {
        fences.add(id);
    }

    /** Closes the handle. */
    public void unfence(long id) {
        fences.remove(id);
    }

    /**
     * Every path of every object but the root, in order; reparse points are not followed, so hard-linked files come
     * more than once.
     */
    public void walk(BiConsumer<String, VirtualObject> visitor) {
        walk("", root(), visitor);
    }

    /** {@link #walk} from a directory on; it comes first itself. */
    public void walkFrom(String path, BiConsumer<String, VirtualObject> visitor) {
        VirtualObject start = object(path);
        visitor.accept(path, start);
        walk(path, start, visitor);
    }

    private void walk(String path, VirtualObject directory, BiConsumer<String, VirtualObject> visitor) {
        if (directory.reparseTarget != null) {
            return;
        }
        for (VirtualObject.Entry entry : directory.entries.values()) {
            VirtualObject child = object(entry.id());
            visitor.accept(path + "/" + entry.name(), child);
            walk(path + "/" + entry.name(), child, visitor);
        }
    }

    /** All paths with the identities behind them. */
    public ImmutableSortedMap<String, Long> paths() {
        TreeMap<String, Long> paths = new TreeMap<>();
        walk((path, object) -> paths.put(path, object.id()));
        return ImmutableSortedMap.copyOfSorted(paths);
    }

    /** The number of names that a file has. */
    public int links(long id) {
        int[] count = {0};
        walk((path, object) -> count[0] += object.id() == id ? 1 : 0);
        return count[0];
    }

    /**
     * The path of what {@code path} leads to, links followed, in the spelling of the directories; what does not exist
     * is kept as it is.
     */
    public String finalPath(String path) {
        List<String> names = PATH.splitToList(path);
        for (int existing = names.size(); existing > 0; existing--) {
            Location location = locate(names.subList(0, existing), true, MOST_REPARSE_POINTS);
            if (location.object() != null && location.parent() != null) {
                StringBuilder result = new StringBuilder(directoryPath(location.parent()));
                result.append('/').append(location.requireEntry().name());
                names.subList(existing, names.size())
                        .forEach(name -> result.append('/').append(name));
                return result.toString();
            }
        }
        return path;
    }

    String directoryPath(VirtualObject directory) {
        if (directory == root()) {
            return "";
        }
        String[] found = {""};
        walk((path, object) -> found[0] = object == directory ? path : found[0]);
        return found[0];
    }

    VirtualObject root() {
        return object(ROOT);
    }

    VirtualObject object(long id) {
        VirtualObject object = objects.get(id);
        if (object == null) {
            throw new IllegalStateException("object " + id + " has a name but does not exist");
        }
        return object;
    }

    /** Removes a name, and the object with its last one. */
    void unlink(Location location) {
        location.requireParent().remove(location.requireEntry());
        long id = location.requireEntry().id();
        if (object(id).isDirectory() || links(id) == 0) {
            objects.remove(id);
        }
    }

    /** Whether a fence holds the object, or something below it, in place. */
    boolean isFenced(VirtualObject object) {
        return switch (switches.fences()) {
            case NOTHING -> false;
            case OBJECT -> fences.contains(object.id());
            case OBJECT_AND_ANCESTORS -> fences.contains(object.id()) || fencesBelow(object);
        };
    }

    private boolean fencesBelow(VirtualObject directory) {
        for (VirtualObject.Entry entry : directory.entries.values()) {
            if (fences.contains(entry.id()) || fencesBelow(object(entry.id()))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Where a path leads.
     *
     * @param parent the directory that holds, or would hold, the last name; null if it is missing
     * @param entry the name in it, or null
     * @param object the object, or null
     * @param name the last component, without stream
     * @param stream the stream named behind a colon, or null
     */
    record Location(
            @Nullable VirtualObject parent,
            VirtualObject.@Nullable Entry entry,
            @Nullable VirtualObject object,
            String name,
            @Nullable String stream) {
        VirtualObject requireParent() {
            return Objects.requireNonNull(parent);
        }

        VirtualObject.Entry requireEntry() {
            return Objects.requireNonNull(entry);
        }
    }

    private static final Location NOWHERE = new Location(null, null, null, "", null);

    /** Walks {@code path}. */
    Location locate(String path, boolean follow) {
        return locate(PATH.splitToList(path), follow, MOST_REPARSE_POINTS);
    }

    private Location locate(List<String> components, boolean follow, int budget) {
        if (components.isEmpty()) {
            return new Location(null, null, root(), "", null);
        }
        VirtualObject directory = root();
        for (int i = 0; i < components.size(); i++) {
            boolean last = i == components.size() - 1;
            List<String> parts = last ? Arrays.asList(components.get(i).split(":", 2)) : List.of(components.get(i));
            String name = parts.get(0);
            if (!directory.isDirectory() || VirtualObject.key(name).isEmpty()) {
                return NOWHERE;
            }
            VirtualObject.Entry entry = directory.entry(name);
            VirtualObject object = entry == null ? null : object(entry.id());
            if (object != null && object.reparseTarget != null && (!last || follow)) {
                if (budget == 0) {
                    return NOWHERE;
                }
                List<String> rest = new ArrayList<>(PATH.splitToList(object.reparseTarget));
                rest.addAll(components.subList(i + 1, components.size()));
                return locate(rest, follow, budget - 1);
            }
            if (last) {
                return new Location(directory, entry, object, name, parts.size() > 1 ? parts.get(1) : null);
            }
            if (object == null) {
                return NOWHERE;
            }
            directory = object;
        }
        throw new IllegalStateException("unreachable");
    }

    /** {@code /a/b} as an absolute path of this operating system, for policies: {@code C:\a\b} on Windows. */
    public static Path toPath(String path) {
        Path result = Path.of(File.separatorChar == '\\' ? "C:\\" : "/");
        for (String name : PATH.split(path)) {
            result = result.resolve(name);
        }
        return result;
    }

    /** The reverse of {@link #toPath}. */
    public static String fromPath(Path path) {
        StringBuilder text = new StringBuilder();
        path.forEach(name -> text.append('/').append(name));
        return text.toString();
    }
}
