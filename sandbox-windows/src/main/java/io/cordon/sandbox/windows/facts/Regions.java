package io.cordon.sandbox.windows.facts;

import io.cordon.sandbox.windows.edit.FileTree;
import java.util.LinkedHashSet;
import java.util.Set;

/** What the policy makes writable and what it protects, by extended final paths, in the order of the policy. */
final class Regions {
    private final Set<String> roots = new LinkedHashSet<>();
    private final Set<String> carveOuts = new LinkedHashSet<>();
    private final Set<String> denied = new LinkedHashSet<>();
    private final Set<String> readable = new LinkedHashSet<>();
    private final String temp;

    Regions(String temp) {
        this.temp = temp;
    }

    Set<String> roots() {
        return roots;
    }

    Set<String> carveOuts() {
        return carveOuts;
    }

    Set<String> denied() {
        return denied;
    }

    /** What an AppContainer is to read besides; empty if the child is in none. */
    Set<String> readable() {
        return readable;
    }

    String temp() {
        return temp;
    }

    /** Every place of which the planner wants to know the tree. */
    Set<String> tops() {
        Set<String> tops = new LinkedHashSet<>(roots);
        tops.addAll(carveOuts);
        tops.addAll(denied);
        tops.addAll(readable);
        tops.add(temp);
        return tops;
    }

    /** Whether the child is to write here and below, apart from what is protected. */
    boolean isOpenedAt(String path) {
        return roots.contains(path) || temp.equals(path);
    }

    /** Whether what is writable ends here. */
    boolean isProtectedAt(String path) {
        return carveOuts.contains(path) || denied.contains(path);
    }

    /** Whether the child is to read here and below and not to write, apart from what is protected. */
    boolean isReadAt(String path) {
        return readable.contains(path) && !isOpenedAt(path) && !isProtectedAt(path);
    }

    boolean isInRoot(String path) {
        return isIn(path, roots);
    }

    boolean isDenied(String path) {
        return isIn(path, denied);
    }

    /** Whether a top lies in a protected place, or is one. */
    boolean isProtected(String path) {
        return isIn(path, carveOuts) || isIn(path, denied);
    }

    /** The root that a path is, or lies in; empty if there is none. */
    String rootOf(String path) {
        String up = path;
        while (!up.isEmpty() && !roots.contains(up)) {
            up = FileTree.parent(up);
        }
        return up;
    }

    /** Whether a path is one of the places, or lies in one. */
    static boolean isIn(String path, Set<String> places) {
        if (places.isEmpty()) {
            return false;
        }
        for (String up = path; !up.isEmpty(); up = FileTree.parent(up)) {
            if (places.contains(up)) {
                return true;
            }
        }
        return false;
    }
}
