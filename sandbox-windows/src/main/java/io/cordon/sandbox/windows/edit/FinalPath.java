package io.cordon.sandbox.windows.edit;

/** Final paths as strings: the host's own idea of a path plays no part, so that this is the same on any system. */
final class FinalPath {
    /** The most UTF-16 units; Windows itself allows 32,767 (learn.microsoft.com, "Maximum Path Length Limitation"). */
    static final int MAX_LENGTH = 0xFFFF;

    private FinalPath() {}

    /** Refuses a path with the prefix {@code \\?\}: the same place would then have two names. */
    static void requirePlain(String path) {
        if (path.startsWith("\\\\?\\")) {
            throw new IllegalArgumentException("a final path is recorded without its prefix: " + path);
        }
        if (path.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a path has at most " + MAX_LENGTH + " characters: " + path.length());
        }
    }

    /**
     * Whether one path is the other, or above it, whatever the case. In a case-sensitive directory this finds too much,
     * which is the safe side: two sandboxes then know of each other without need.
     */
    static boolean overlap(String one, String other) {
        String first = canonical(one);
        String second = canonical(other);
        return first.length() <= second.length() ? holds(first, second) : holds(second, first);
    }

    /** Whether {@code path} is {@code place} or lies in it, whatever the case. */
    static boolean contains(String place, String path) {
        String above = canonical(place);
        String beneath = canonical(path);
        return above.length() <= beneath.length() && holds(above, beneath);
    }

    private static boolean holds(String above, String beneath) {
        int length = above.length();
        return beneath.regionMatches(true, 0, above, 0, length)
                && (beneath.length() == length || beneath.charAt(length) == '\\');
    }

    private static String canonical(String path) {
        String canonical = path.replace('/', '\\');
        int end = canonical.length();
        while (end > 0 && canonical.charAt(end - 1) == '\\') {
            end--;
        }
        return canonical.substring(0, end);
    }
}
