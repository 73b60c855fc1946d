package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a tree that a hostile process may have written. Every object is opened as itself, never through a link,
 * and has to be where it is looked for; links are visited and not followed. What vanishes meanwhile is left out.
 */
public final class FileTree {
    private static final String EXTENDED = "\\\\?\\";
    private static final String NETWORK = "\\\\";
    private static final String EXTENDED_NETWORK = "\\\\?\\UNC\\";
    private static final int FILE_LIST_DIRECTORY = 0x1;
    public static final int FILE_READ_ATTRIBUTES = 0x80;
    private static final int FILE_WRITE_ATTRIBUTES = 0x100;
    public static final int DELETE = 0x00010000;
    public static final int READ_CONTROL = 0x00020000;
    public static final int WRITE_OWNER = 0x00080000;
    static final int FILE_ADD_SUBDIRECTORY = 0x4;
    static final int FILE_SHARE_ALL = 0x7;
    static final int FILE_SHARE_READ_WRITE = 0x3;
    /** "The object manager encountered a reparse point while retrieving an object." */
    static final int ERROR_REPARSE_POINT_ENCOUNTERED = 4395;

    static final int OPEN_EXISTING = 3;
    private static final int FILE_FLAG_OPEN_REPARSE_POINT = 0x00200000;
    private static final int FILE_FLAG_BACKUP_SEMANTICS = 0x02000000;
    /** Directories too, and links instead of what they lead to. */
    static final int AS_ITSELF = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;

    /**
     * A file, directory or link of the tree.
     *
     * @param path where it is, beginning with {@code \\?\}
     * @param handle open with {@code access}; a visitor may take it over with {@link OwnedHandle#release}
     * @param facts what it is
     * @param access the access that was asked for
     */
    public record Entry(String path, OwnedHandle handle, FileFacts facts, int access) implements AutoCloseable {
        /** Which object it is. */
        public FileId id() {
            return new FileId(Integer.toUnsignedLong(facts.volumeSerial()), facts.fileIndex());
        }

        /** Whether it is a directory that is there itself. */
        public boolean isRealDirectory() {
            return facts.isDirectory() && !facts.isReparsePoint();
        }

        @Override
        public void close() {
            handle.close();
        }
    }

    /**
     * Is told of a tree from the top down.
     *
     * @param <X> by what it ends the walk
     */
    public interface Visitor<X extends Exception> {
        /** Before what is in it; the answer is whether to go on into it. */
        boolean enter(Entry entry) throws WindowsFailure, X;

        /** After what is in it. */
        default void leave(Entry entry) throws WindowsFailure, X {}

        /** An object could not be opened or visited. */
        void failed(String path, WindowsFailure failure) throws WindowsFailure, X;
    }

    /** A directory that is being walked. */
    private record Level(Entry directory, Iterator<String> names) {}

    private final FileCalls files;

    /** Trees as these calls show them. */
    public FileTree(FileCalls files) {
        this.files = files;
    }

    /** The name under which the system looks for exactly this path, dots and blanks at the end of names included. */
    public static String extended(Path path) {
        return extended(path.toString());
    }

    /** As {@link #extended(Path)}, of a path that {@code java.nio} perhaps does not take. */
    static String extended(String plain) {
        if (plain.startsWith(EXTENDED)) {
            return plain;
        }
        return plain.startsWith(NETWORK) ? EXTENDED_NETWORK + plain.substring(NETWORK.length()) : EXTENDED + plain;
    }

    /** The root of the volume that a path names, {@code C:\\} or, where a model stands in for Windows, {@code /}. */
    static String volume(String plain) {
        int drive = plain.indexOf(":\\");
        return drive < 0 ? "/" : plain.substring(0, drive + 2);
    }

    /** The path that an {@link #extended} one stands for. */
    public static String plain(String extended) {
        if (extended.startsWith(EXTENDED_NETWORK)) {
            return NETWORK + extended.substring(EXTENDED_NETWORK.length());
        }
        return extended.startsWith(EXTENDED) ? extended.substring(EXTENDED.length()) : extended;
    }

    /** As {@link #plain}. */
    public static Path path(String extended) {
        return Path.of(plain(extended));
    }

    /**
     * The extended path of what is in a directory. On Windows no such path has a slash in it, which is neither a
     * separator there nor allowed in a name; the paths of a model on another system have nothing else.
     */
    public static String join(String directory, String name) {
        String separator = directory.indexOf('/') >= 0 ? "/" : "\\";
        return directory.endsWith(separator) ? directory + name : directory + separator + name;
    }

    /** The extended path of the directory that something is in; empty for the root of a volume. */
    public static String parent(String path) {
        int cut = Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
        if (cut < EXTENDED.length()) {
            return "";
        }
        boolean beneathRoot = cut == EXTENDED.length() || path.charAt(cut - 1) == ':';
        String parent = path.substring(0, beneathRoot ? cut + 1 : cut);
        return parent.equals(path) ? "" : parent;
    }

    /**
     * Opens an object of a tree.
     *
     * @throws WindowsFailure if it cannot be opened, or if it is not where it was looked for, because a link was put in
     *     its way
     */
    public Entry open(String path, int access) throws WindowsFailure {
        return open(path, access, FILE_SHARE_ALL);
    }

    /**
     * Opens an object as {@link #open} does, and keeps it where it is until it is closed.
     *
     * @param access has to have a right to data, or else Windows lets others rename it
     */
    Entry hold(String path, int access) throws WindowsFailure {
        return open(path, access, FILE_SHARE_READ_WRITE);
    }

    private Entry open(String path, int access, int share) throws WindowsFailure {
        try (ResourceScope scope = new ResourceScope()) {
            OwnedHandle handle =
                    scope.own(files.open(path, access | FILE_READ_ATTRIBUTES, share, OPEN_EXISTING, AS_ITSELF));
            String real = files.finalPath(handle);
            if (!real.equalsIgnoreCase(path)) {
                throw new WindowsFailure(
                        "GetFinalPathNameByHandleW",
                        ERROR_REPARSE_POINT_ENCOUNTERED,
                        "this is really " + real + ", a link is in the way");
            }
            Entry entry = new Entry(path, handle, files.facts(handle), access);
            scope.release();
            return entry;
        }
    }

    /**
     * Visits an object, and what is in it. Not recursive: how deep a tree is, its author decides.
     *
     * @param accesses the access to open each object with; where that is denied, the next one
     */
    public <X extends Exception> void walk(String top, Visitor<X> visitor, int... accesses) throws WindowsFailure, X {
        Deque<Level> levels = new ArrayDeque<>();
        try {
            enter(top, accesses, visitor, levels);
            while (!levels.isEmpty()) {
                Level level = levels.peek();
                if (level.names.hasNext()) {
                    enter(join(level.directory.path, level.names.next()), accesses, visitor, levels);
                } else {
                    levels.pop();
                    leave(level.directory, visitor);
                }
            }
        } finally {
            levels.forEach(level -> level.directory.close());
        }
    }

    private <X extends Exception> void enter(String path, int[] accesses, Visitor<X> visitor, Deque<Level> levels)
            throws WindowsFailure, X {
        Entry entry;
        try {
            entry = openWithAny(path, accesses);
        } catch (WindowsFailure e) {
            if (e.code() != WindowsFailure.ERROR_FILE_NOT_FOUND && e.code() != WindowsFailure.ERROR_PATH_NOT_FOUND) {
                visitor.failed(path, e);
            }
            return;
        }
        try (ResourceScope scope = new ResourceScope()) {
            scope.own(entry);
            boolean descend = visitor.enter(entry);
            if (descend && entry.isRealDirectory()) {
                levels.push(new Level(entry, names(path).iterator()));
                scope.release();
                return;
            }
            visitor.leave(entry);
        } catch (WindowsFailure e) {
            visitor.failed(path, e);
        }
    }

    private Entry openWithAny(String path, int[] accesses) throws WindowsFailure {
        for (int i = 0; ; i++) {
            try {
                return open(path, accesses[i]);
            } catch (WindowsFailure e) {
                if (e.code() != WindowsFailure.ERROR_ACCESS_DENIED || i == accesses.length - 1) {
                    throw e;
                }
            }
        }
    }

    private static <X extends Exception> void leave(Entry entry, Visitor<X> visitor) throws WindowsFailure, X {
        try (entry) {
            visitor.leave(entry);
        } catch (WindowsFailure e) {
            visitor.failed(entry.path, e);
        }
    }

    private Iterable<String> names(String directory) throws WindowsFailure {
        try (Entry listed = open(directory, FILE_LIST_DIRECTORY)) {
            return files.list(listed.handle);
        }
    }

    /**
     * Deletes a tree, links as links.
     *
     * @throws WindowsFailure if something is left; the first of the failures
     */
    public void delete(Path top) throws WindowsFailure {
        FirstFailure first = new FirstFailure();
        Visitor<RuntimeException> deletion = new Visitor<>() {
            @Override
            public boolean enter(Entry entry) {
                return true;
            }

            @Override
            public void leave(Entry entry) throws WindowsFailure {
                if (entry.facts().isReadOnly()) {
                    makeWritable(entry.path());
                }
                files.delete(entry.handle());
            }

            @Override
            public void failed(String path, WindowsFailure failure) {
                first.add(failure.at(path));
            }
        };
        walk(extended(top), deletion, DELETE);
        first.throwIfAny();
    }

    private void makeWritable(String path) throws WindowsFailure {
        try (Entry entry = open(path, FILE_WRITE_ATTRIBUTES)) {
            files.makeWritable(entry.handle());
        }
    }

    /** The first of several failures, with the others suppressed in it. */
    public static final class FirstFailure {
        private @Nullable WindowsFailure first;

        /** Adds one. */
        public void add(WindowsFailure failure) {
            if (first == null) {
                first = failure;
            } else if (first.getSuppressed().length < 10) {
                first.addSuppressed(failure);
            }
        }

        /** Throws it, if there is one. */
        public void throwIfAny() throws WindowsFailure {
            if (first != null) {
                throw first;
            }
        }
    }
}
