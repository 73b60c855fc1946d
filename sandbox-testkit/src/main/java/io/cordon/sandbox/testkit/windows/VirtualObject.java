package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.security.SecurityDescriptor;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file or directory of a {@link VirtualVolume}. It has one descriptor, however many names it has. */
public final class VirtualObject {
    /**
     * A name in a directory.
     *
     * @param name as it was given
     * @param shortName the 8.3 alias, if the name needs one
     * @param id the object
     */
    record Entry(String name, @Nullable String shortName, long id) {}

    private final long id;
    private final boolean directory;
    final TreeMap<String, Entry> entries;
    final TreeMap<String, String> streams;
    SecurityDescriptor descriptor;
    String content = "";
    int attributes;

    @Nullable
    String reparseTarget;

    VirtualObject(long id, boolean directory, SecurityDescriptor descriptor) {
        this.id = id;
        this.directory = directory;
        this.descriptor = descriptor;
        this.entries = new TreeMap<>();
        this.streams = new TreeMap<>();
    }

    VirtualObject(VirtualObject other) {
        this.id = other.id;
        this.directory = other.directory;
        this.descriptor = other.descriptor;
        this.content = other.content;
        this.attributes = other.attributes;
        this.reparseTarget = other.reparseTarget;
        this.entries = new TreeMap<>(other.entries);
        this.streams = new TreeMap<>(other.streams);
    }

    /** The file identity, stable under renames. */
    public long id() {
        return id;
    }

    /** Whether it is a directory; a junction is one. */
    public boolean isDirectory() {
        return directory;
    }

    /** Where a junction or symbolic link leads, or null. */
    public @Nullable String reparseTarget() {
        return reparseTarget;
    }

    /** The descriptor. */
    public SecurityDescriptor descriptor() {
        return descriptor;
    }

    /** The data of the unnamed stream. */
    public String content() {
        return content;
    }

    /** Names are compared without regard to case, and Win32 drops dots and blanks at the end. */
    static String key(String name) {
        int end = name.length();
        while (end > 0 && (name.charAt(end - 1) == '.' || name.charAt(end - 1) == ' ')) {
            end--;
        }
        return name.substring(0, end).toLowerCase(Locale.ROOT);
    }

    @Nullable
    Entry entry(String name) {
        String key = key(name);
        Entry entry = entries.get(key);
        if (entry == null && key.indexOf('~') >= 0) {
            for (Entry candidate : entries.values()) {
                if (key.equals(candidate.shortName())) {
                    return candidate;
                }
            }
        }
        return entry;
    }

    void add(String name, long child) {
        entries.put(key(name), new Entry(name, shortName(name), child));
    }

    void remove(Entry entry) {
        entries.remove(key(entry.name()));
    }

    /** First six letters, a tilde and the first free number, for names that are not 8.3 themselves. */
    private @Nullable String shortName(String name) {
        String key = key(name);
        int dot = key.lastIndexOf('.');
        String base = dot > 0 ? key.substring(0, dot) : key;
        String extension = dot > 0 ? key.substring(dot + 1) : "";
        if (base.length() <= 8 && extension.length() <= 3 && base.indexOf('.') < 0 && key.indexOf(' ') < 0) {
            return null;
        }
        String letters = base.replace(".", "").replace(" ", "");
        for (int n = 1; ; n++) {
            String candidate = letters.substring(0, Math.min(6, letters.length())) + "~" + n
                    + (extension.isEmpty() ? "" : "." + extension.substring(0, Math.min(3, extension.length())));
            boolean free = entries.values().stream().noneMatch(entry -> candidate.equals(entry.shortName()));
            if (free && !entries.containsKey(candidate)) {
                return candidate;
            }
        }
    }

    /** The state that an attack could have changed, without the names in it. */
    String fingerprint() {
        StringBuilder text = new StringBuilder();
        text.append(content).append('|').append(attributes).append('|').append(reparseTarget);
        for (Map.Entry<String, String> stream : streams.entrySet()) {
            text.append('|').append(stream.getKey()).append('=').append(stream.getValue());
        }
        return text.toString();
    }
}
