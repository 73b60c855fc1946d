package io.cordon.sandbox.linux.mediate;

import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.linux.syscall.Errno;
import io.cordon.sandbox.linux.syscall.OwnedFd;
import io.cordon.sandbox.linux.syscall.SupervisorCalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * Opens the file that a caller means, beginning at the caller's own root, working directory or descriptor. What is opened
 * stays that file, whatever the caller does to the path meanwhile.
 *
 * <p>The kernel walks a path without links. One with links is walked here, name by name, because some links of proc(5)
 * tell every reader something else: {@code /proc/self} is the caller for the caller, and would be the JVM for the JVM.
 */
final class TargetWalk {
    /** As many as the kernel follows, path_resolution(7). */
    private static final int MOST_LINKS = 40;

    /** A bound for the work that one call can cause: 40 links of short names each. */
    private static final int MOST_NAMES = 20_000;

    private static final int PATH_MAX = 4096;
    private static final byte[] NOTHING = {};
    private static final byte[] THIS = {'.'};

    private final SupervisorCalls calls;
    private final int thread;
    private final Deque<byte[]> names = new ArrayDeque<>();
    private int links;
    private int steps;

    private TargetWalk(SupervisorCalls calls, int thread) {
        this.calls = calls;
        this.thread = thread;
    }

    /**
     * Opens a file, as a path.
     *
     * @throws AnsweredException with the error that the call fails with
     * @throws NativeStepException with the same
     */
    static OwnedFd open(SupervisorCalls calls, int thread, TargetReference target)
            throws AnsweredException, NativeStepException {
        byte[] path = NOTHING;
        if (target.path() != 0) {
            path = calls.readText(thread, target.path(), PATH_MAX, Errno.ENAMETOOLONG);
        } else if (!target.emptyAllowed()) {
            throw new AnsweredException(Errno.EFAULT);
        }
        if (path.length == 0 && !target.emptyAllowed()) {
            throw new AnsweredException(Errno.ENOENT);
        }
        OwnedFd start = start(calls, thread, target, path);
        if (path.length == 0) {
            return start;
        }
        try (start) {
            return new TargetWalk(calls, thread).open(start, path, target.follow());
        }
    }

    private static OwnedFd start(SupervisorCalls calls, int thread, TargetReference target, byte[] path)
            throws AnsweredException, NativeStepException {
        if (path.length > 0 && path[0] == '/') {
            return calls.openPath(null, proc(thread, "root"), true);
        }
        if (target.directory() == TargetReference.AT_FDCWD) {
            return calls.openPath(null, proc(thread, "cwd"), true);
        }
        if (target.directory() < 0) {
            throw new AnsweredException(Errno.EBADF);
        }
        try {
            return calls.openPath(null, proc(thread, "fd/" + target.directory()), true);
        } catch (NativeStepException e) {
            if (e.systemCode() == Errno.ENOENT) {
                throw new AnsweredException(Errno.EBADF);
            }
            throw e;
        }
    }

    private static byte[] proc(int thread, String name) {
        return ("/proc/" + thread + "/" + name).getBytes(StandardCharsets.US_ASCII);
    }

    private OwnedFd open(OwnedFd start, byte[] path, boolean follow) throws AnsweredException, NativeStepException {
        byte[] relative = withoutLeadingSlashes(path);
        try {
            return calls.openPath(start, relative, follow, false);
        } catch (NativeStepException e) {
            if (e.systemCode() != Errno.ELOOP) {
                throw e;
            }
        }
        push(relative);
        return walk(start, follow);
    }

    private static byte[] withoutLeadingSlashes(byte[] path) {
        int from = 0;
        while (from < path.length && path[from] == '/') {
            from++;
        }
        return from == path.length ? THIS : Arrays.copyOfRange(path, from, path.length);
    }

    private OwnedFd walk(OwnedFd start, boolean follow) throws AnsweredException, NativeStepException {
        OwnedFd here = calls.openPath(start, THIS, false);
        try {
            while (!names.isEmpty()) {
                if (++steps > MOST_NAMES) {
                    throw new AnsweredException(Errno.ELOOP);
                }
                OwnedFd next = step(here, names.pop(), follow);
                here.close();
                here = next;
            }
            return here;
        } catch (AnsweredException | NativeStepException | RuntimeException e) {
            here.close();
            throw e;
        }
    }

    private OwnedFd step(OwnedFd here, byte[] name, boolean follow) throws AnsweredException, NativeStepException {
        OwnedFd next = calls.openPath(here, name, false);
        try {
            Optional<byte[]> link = calls.readLink(next);
            if (link.isEmpty() || (names.isEmpty() && !follow)) {
                return next;
            }
            next.close();
            if (++links > MOST_LINKS) {
                throw new AnsweredException(Errno.ELOOP);
            }
            return follow(here, name, link.get());
        } catch (AnsweredException | NativeStepException | RuntimeException e) {
            next.close();
            throw e;
        }
    }

    /** Goes to where a link leads, or puts its names before those that are left to walk. */
    private OwnedFd follow(OwnedFd here, byte[] name, byte[] text) throws AnsweredException, NativeStepException {
        byte[] target = text;
        if (calls.isOfProc(here)) {
            if (isMagic(here, name)) {
                return calls.openPath(here, name, true); // jumps to the very file, where its name may lead elsewhere
            }
            target = ofCaller(text);
        }
        push(target);
        return target.length > 0 && target[0] == '/'
                ? calls.openPath(null, proc(thread, "root"), true)
                : calls.openPath(here, THIS, false);
    }

    /** Whether a link is one of those of proc(5) that do not go by their text, such as {@code fd/3}. */
    private boolean isMagic(OwnedFd here, byte[] name) throws NativeStepException {
        try {
            calls.openPath(here, name, true, true).close();
            return false;
        } catch (NativeStepException e) {
            return e.systemCode() == Errno.ELOOP;
        }
    }

    /** The text of {@code /proc/self} and {@code /proc/thread-self} as the caller would read it. */
    private byte[] ofCaller(byte[] text) throws AnsweredException {
        String ours = String.valueOf(ProcessHandle.current().pid());
        String read = new String(text, StandardCharsets.ISO_8859_1);
        if (read.equals(ours)) {
            return String.valueOf(processOf(thread)).getBytes(StandardCharsets.US_ASCII);
        }
        if (read.startsWith(ours + "/task/")) {
            return (processOf(thread) + "/task/" + thread).getBytes(StandardCharsets.US_ASCII);
        }
        return text;
    }

    private static int processOf(int thread) throws AnsweredException {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", String.valueOf(thread), "status"))) {
                if (line.startsWith("Tgid:")) {
                    return Integer.parseInt(line.substring("Tgid:".length()).strip());
                }
            }
        } catch (IOException e) {
            // the caller is gone
        }
        throw new AnsweredException(Errno.ENOENT);
    }

    /** Puts the names of a path before the others. A slash at the end demands a directory, as the name of itself does. */
    private void push(byte[] path) {
        Deque<byte[]> parts = new ArrayDeque<>();
        int from = 0;
        for (int i = 0; i <= path.length; i++) {
            if (i == path.length || path[i] == '/') {
                if (i > from) {
                    parts.push(Arrays.copyOfRange(path, from, i));
                }
                from = i + 1;
            }
        }
        if (path.length > 0 && path[path.length - 1] == '/') {
            parts.push(THIS);
        }
        parts.forEach(names::push);
    }
}
