package io.cordon.sandbox.windows.facts;

import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.win32.FileFacts;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts the names of files that have several. A file whose names are not all in writable places has one outside: the
 * rest of the volume need not be searched for it.
 */
final class LinkedFiles {
    private final Map<FileId, Integer> writableNames = new HashMap<>();
    private final Set<FileId> planned = new HashSet<>();
    private final Set<FileId> denied = new HashSet<>();

    static boolean hasSeveralNames(FileFacts facts) {
        return !facts.isDirectory() && facts.links() > 1;
    }

    /** A name in a writable place. */
    void writable(FileId file) {
        writableNames.merge(file, 1, Integer::sum);
        planned.add(file);
    }

    /** A name in a place that the plan takes care of. */
    void planned(FileId file) {
        planned.add(file);
    }

    /** Whether a file with this many names has one outside of what is writable. */
    boolean escapes(FileId file, int links) {
        return writableNames.getOrDefault(file, 0) < links;
    }

    /** A name in a place that is denied for reading. */
    void denied(FileId file) {
        denied.add(file);
    }

    /** Whether one of its names is denied for reading. */
    boolean isDenied(FileId file) {
        return denied.contains(file);
    }

    boolean isPlanned(FileId file) {
        return planned.contains(file);
    }
}
