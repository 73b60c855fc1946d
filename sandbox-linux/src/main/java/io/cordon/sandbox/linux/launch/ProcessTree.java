package io.cordon.sandbox.linux.launch;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The processes that a child started, and that these started: its descendants, the members of its session, and those
 * whose environment carries the child's mark, as a daemon's does that left the session.
 *
 * <p>A daemon that leaves the session, loses its ancestors and clears its environment is not found; that is the gap that
 * the report names. All methods must be called while the process id of the child is taken, so before it is reaped.
 */
final class ProcessTree {
    /** How long it is tried to end processes that start others meanwhile. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /** So many ids are looked at one by one rather than listed. */
    private static final int FEW = 64;

    /**
     * In this time no machine gives out all the ids that there are, at least 32,768: that would be three million processes
     * in a second. So the ids are still in order.
     */
    private static final long IN_ORDER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    /** The roots of all trees, which are in no other tree; so many need not be looked at again for each of them. */
    private static final Set<Integer> ROOTS = ConcurrentHashMap.newKeySet();

    private final int root;
    private final byte[] mark;
    private final long started;
    private final boolean namespace;

    /**
     * The tree of a child.
     *
     * @param root its process id, which is the id of its session too
     * @param mark a variable that only its environment, and what inherits from it, holds: {@code NAME=value}
     * @param started a moment before it was started, {@link System#nanoTime}
     * @param namespace whether the child is bubblewrap, which waits for the program and takes its namespace with it
     */
    ProcessTree(int root, String mark, long started, boolean namespace) {
        this.namespace = namespace;
        this.root = root;
        ROOTS.add(root);
        this.started = started;
        this.mark = mark.getBytes(StandardCharsets.UTF_8);
    }

    /** Asks every process of the tree to end. */
    void terminate() {
        members().stream()
                .filter(member -> !namespace || member.process() != root)
                .forEach(member -> handle(member).ifPresent(ProcessHandle::destroy));
    }

    /** Ends every process of the tree, again and again while there are new ones. */
    void kill() {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (List<Stat> alive = members(); !alive.isEmpty(); alive = members()) {
            alive.forEach(member -> handle(member).ifPresent(ProcessHandle::destroyForcibly));
            if (System.nanoTime() - deadline > 0) {
                return; // stuck in the kernel: the signal stays pending
            }
            LockSupport.parkNanos(ROUND_NANOS);
        }
    }

    /** To be called before the root is reaped: then its process id can become another process's. */
    void forget() {
        ROOTS.remove(root);
    }

    /** Whether nothing of the tree is alive, the root included; cheap where nothing was started since the root. */
    boolean isEmpty() {
        OptionalInt newest = newestId();
        boolean inOrder = System.nanoTime() - started < IN_ORDER_NANOS;
        boolean nothingSince = inOrder && newest.isPresent() && newest.getAsInt() == root;
        return nothingSince ? isDead() : members().isEmpty();
    }

    private boolean isDead() {
        return Stat.read(Path.of("/proc", String.valueOf(root)))
                .map(Stat::isDead)
                .orElse(true);
    }

    /** The JDK compares start times before it sends a signal, so that a process id used again is not hit. */
    private static Optional<ProcessHandle> handle(Stat member) {
        return ProcessHandle.of(member.process());
    }

    private List<Stat> members() {
        List<Stat> all = candidates();
        long rootStart = all.stream()
                .filter(stat -> stat.process() == root)
                .mapToLong(Stat::start)
                .findFirst()
                .orElse(0);
        Set<Integer> found = new HashSet<>(Set.of(root));
        List<Stat> members = new ArrayList<>();
        for (Stat stat : all) {
            // What started before the child is not of its tree, and its environment need not be read.
            if (stat.process() == root || stat.session() == root || (stat.start() >= rootStart && isMarked(stat))) {
                found.add(stat.process());
                members.add(stat);
            }
        }
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Stat stat : all) {
                if (found.contains(stat.parent()) && found.add(stat.process())) {
                    members.add(stat);
                    grown = true;
                }
            }
        }
        members.removeIf(Stat::isDead);
        return members;
    }

    private boolean isMarked(Stat stat) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", String.valueOf(stat.process()), "environ"));
            return com.google.common.primitives.Bytes.indexOf(environment, mark) >= 0;
        } catch (IOException e) {
            return false; // gone, or of another user, and then not ours
        }
    }

    /** Every process that can be of the tree, and perhaps others. */
    private List<Stat> candidates() {
        OptionalInt newest = newestId();
        // Asked for after the id was read.
        boolean inOrder = System.nanoTime() - started < IN_ORDER_NANOS;
        if (!inOrder || newest.isEmpty() || newest.getAsInt() < root || newest.getAsInt() - root > FEW) {
            return all();
        }
        List<Stat> created = new ArrayList<>();
        for (int id = root; id <= newest.getAsInt(); id++) {
            Stat.read(Path.of("/proc", String.valueOf(id))).ifPresent(created::add);
        }
        return created;
    }

    /**
     * The id that was given to a process or thread last. Ids are given in order, so that what the root started has one
     * between the root's and this, until all are used up. proc(5), {@code /proc/loadavg}.
     */
    private static OptionalInt newestId() {
        try {
            String line = Files.readString(Path.of("/proc/loadavg"), StandardCharsets.US_ASCII)
                    .strip();
            return OptionalInt.of(Integer.parseInt(line.substring(line.lastIndexOf(' ') + 1)));
        } catch (IOException | NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    private boolean isOfAnotherTree(Path process) {
        int id = Integer.parseInt(process.getFileName().toString());
        return id != root && ROOTS.contains(id);
    }

    private List<Stat> all() {
        List<Stat> all = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (!isOfAnotherTree(process)) {
                    Stat.read(process).ifPresent(all::add);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            throw new IllegalStateException("/proc cannot be listed, so that a process tree cannot be ended", e);
        }
        return all;
    }

    /**
     * What {@code /proc/PID/stat} says, proc(5).
     *
     * @param process the process id
     * @param state the state, one letter
     * @param parent the parent's process id
     * @param session the session's id
     * @param start the start time in clock ticks since boot
     */
    private record Stat(int process, char state, int parent, int session, long start) {
        private static final int STATE = 0;
        private static final int PARENT = 1;
        private static final int SESSION = 3;
        private static final int START = 19;

        static Optional<Stat> read(Path directory) {
            try {
                String line = Files.readString(directory.resolve("stat"), StandardCharsets.ISO_8859_1);
                // The second field is the program's name in parentheses, and may have anything in it.
                List<String> fields = Splitter.on(' ').splitToList(line.substring(line.lastIndexOf(')') + 2));
                return Optional.of(new Stat(
                        Integer.parseInt(directory.getFileName().toString()),
                        fields.get(STATE).charAt(0),
                        Integer.parseInt(fields.get(PARENT)),
                        Integer.parseInt(fields.get(SESSION)),
                        Long.parseLong(fields.get(START))));
            } catch (IOException e) {
                return Optional.empty(); // it ended while we read
            }
        }

        /** A zombie, or what is about to be one: it runs nothing any more. */
        boolean isDead() {
            return state == 'Z' || state == 'X';
        }
    }
}
