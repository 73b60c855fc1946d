package io.cordon.sandbox.linux.syscall;

import static io.cordon.sandbox.SandboxErrorCode.LAUNCH_FAILED;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.cordon.sandbox.NativeStepException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link SupervisorCalls} of glibc. */
final class GlibcSupervisorCalls implements SupervisorCalls {
    /** linux/seccomp.h: {@code _IOWR('!', 0, struct seccomp_notif)} and so on; the same on both architectures. */
    private static final long NOTIF_RECV = 0xC0502100L;

    private static final long NOTIF_SEND = 0xC0182101L;
    private static final long NOTIF_ID_VALID = 0x40082102L;
    /** Offset in {@code struct seccomp_notif_resp}. */
    private static final int ANSWER_ERROR = 16;

    private static final int OPENAT2 = 437;
    private static final int RESOLVE_NO_MAGICLINKS = 2;
    private static final int RESOLVE_NO_SYMLINKS = 4;
    private static final int O_PATH = 010000000;
    private static final int O_CLOEXEC = 02000000;
    /** asm/fcntl.h, on which the architectures do not agree. */
    private static final int O_NOFOLLOW = isArm() ? 0100000 : 0400000;

    private static final int AT_FDCWD = -100;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final short POLLIN = 1;
    private static final int POLL_SIZE = 8;
    private static final int POLL_EVENTS = 4;
    private static final int POLL_RESULT = 6;

    /** struct iovec: pointer, length. */
    private static final int VECTOR_SIZE = 16;

    private static final int PAGE = 4096;
    /** XATTR_SIZE_MAX of linux/limits.h, which is larger than every path. */
    private static final int DATA_SIZE = 1 << 16;

    private static final int STATFS_SIZE = 256;
    private static final long PROC_SUPER_MAGIC = 0x9FA0;

    private final Memory notification = NativeText.cleared(Notification.SIZE);
    private final Memory answer = NativeText.cleared(Notification.ANSWER_SIZE);
    private final Memory polled = NativeText.cleared(2L * POLL_SIZE);
    private final Memory local = NativeText.cleared(VECTOR_SIZE);
    private final Memory remote = NativeText.cleared(VECTOR_SIZE);
    private final Memory data = NativeText.cleared(DATA_SIZE);
    private final Memory text = NativeText.cleared(PAGE + 1L);
    private final Memory name = NativeText.cleared(PAGE + 1L);
    private final Memory how = NativeText.cleared(3L * Long.BYTES);
    private final Memory times = NativeText.cleared(4L * Long.BYTES);

    private static boolean isArm() {
        return System.getProperty("os.arch").equals("aarch64");
    }

    @Override
    public boolean awaitNotification(OwnedFd listener, OwnedFd stop) throws NativeStepException {
        polled.setInt(0, listener.number());
        polled.setShort(POLL_EVENTS, POLLIN);
        polled.setInt(POLL_SIZE, stop.number());
        polled.setShort(POLL_SIZE + POLL_EVENTS, POLLIN);
        while (LibC.poll(polled, 2, -1) < 0) {
            if (Native.getLastError() != Errno.EINTR) {
                throw failure("poll");
            }
        }
        return polled.getShort(POLL_SIZE + POLL_RESULT) == 0 && (polled.getShort(POLL_RESULT) & POLLIN) != 0;
    }

    @Override
    public Optional<Notification> receive(OwnedFd listener) throws NativeStepException {
        notification.clear(); // the kernel takes a clear structure only
        if (LibC.ioctl(listener.number(), NOTIF_RECV, notification) == 0) {
            return Optional.of(Notification.read(notification));
        }
        int error = Native.getLastError();
        if (error == Errno.ENOENT || error == Errno.EINTR) {
            return Optional.empty();
        }
        throw failure("ioctl(SECCOMP_IOCTL_NOTIF_RECV)");
    }

    @Override
    public boolean stillWaits(OwnedFd listener, long id) {
        answer.setLong(0, id);
        return LibC.ioctl(listener.number(), NOTIF_ID_VALID, answer) == 0;
    }

    @Override
    public void answer(OwnedFd listener, long id, int error) throws NativeStepException {
        answer.clear();
        answer.setLong(0, id);
        answer.setInt(ANSWER_ERROR, -error);
        if (LibC.ioctl(listener.number(), NOTIF_SEND, answer) < 0 && Native.getLastError() != Errno.ENOENT) {
            throw failure("ioctl(SECCOMP_IOCTL_NOTIF_SEND)"); // it is no failure that the caller was killed
        }
    }

    @Override
    public byte[] read(int thread, long address, int size) throws NativeStepException {
        if (size > 0 && readSome(thread, address, size) < size) {
            throw error("process_vm_readv", Errno.EFAULT);
        }
        return data.getByteArray(0, size);
    }

    @Override
    public byte[] readText(int thread, long address, int limit, int tooLong) throws NativeStepException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        long at = address;
        while (read.size() < limit) {
            // The end of the text's last page may be the end of what is mapped.
            int size = (int) Math.min(limit - read.size(), PAGE - (at & (PAGE - 1)));
            byte[] bytes = read(thread, at, size);
            for (int i = 0; i < size; i++) {
                if (bytes[i] == 0) {
                    read.write(bytes, 0, i);
                    return read.toByteArray();
                }
            }
            read.write(bytes, 0, size);
            at += size;
        }
        throw error("reading a text of another process", tooLong);
    }

    private long readSome(int thread, long address, int size) throws NativeStepException {
        local.setPointer(0, data);
        local.setLong(Long.BYTES, size);
        remote.setLong(0, address);
        remote.setLong(Long.BYTES, size);
        return check("process_vm_readv(" + thread + ")", LibC.process_vm_readv(thread, local, 1, remote, 1, 0));
    }

    @Override
    public OwnedFd openPath(@Nullable OwnedFd directory, byte[] path, boolean follow) throws NativeStepException {
        return new OwnedFd((int) check("openat", LibC.openat(number(directory), path(path), flags(follow))));
    }

    @Override
    public OwnedFd openPath(@Nullable OwnedFd directory, byte[] path, boolean follow, boolean magicOnly)
            throws NativeStepException {
        how.setLong(0, flags(follow));
        how.setLong(2L * Long.BYTES, RESOLVE_NO_MAGICLINKS | (magicOnly ? 0 : RESOLVE_NO_SYMLINKS));
        return new OwnedFd(
                (int) check("openat2", LibC.syscall(OPENAT2, number(directory), path(path), how, how.size())));
    }

    private static int number(@Nullable OwnedFd directory) {
        return directory == null ? AT_FDCWD : directory.number();
    }

    private static int flags(boolean follow) {
        return O_PATH | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW);
    }

    @Override
    public Optional<byte[]> readLink(OwnedFd opened) {
        text.setByte(0, (byte) 0);
        long length = LibC.readlinkat(opened.number(), text, data, PAGE);
        return length < 0 ? Optional.empty() : Optional.of(data.getByteArray(0, (int) length));
    }

    @Override
    public byte[] location(OwnedFd opened) throws NativeStepException {
        long length = check("readlinkat(" + proc(opened) + ")", LibC.readlinkat(AT_FDCWD, text, data, PAGE));
        return data.getByteArray(0, (int) length);
    }

    @Override
    public boolean isOfProc(OwnedFd directory) throws NativeStepException {
        check("fstatfs", LibC.fstatfs(directory.number(), data.share(0, STATFS_SIZE)));
        return data.getLong(0) == PROC_SUPER_MAGIC;
    }

    @Override
    public void changeMode(OwnedFd opened, int mode) throws NativeStepException {
        check("chmod(" + proc(opened) + ")", LibC.chmod(text, mode));
    }

    @Override
    public void changeOwner(OwnedFd opened, int user, int group) throws NativeStepException {
        text.setByte(0, (byte) 0);
        check("fchownat", LibC.fchownat(opened.number(), text, user, group, AT_EMPTY_PATH));
    }

    @Override
    public void changeTimes(OwnedFd opened, long @Nullable [] secondsAndNanos) throws NativeStepException {
        if (secondsAndNanos != null) {
            times.write(0, secondsAndNanos, 0, secondsAndNanos.length);
        }
        text.setByte(0, (byte) 0);
        check(
                "utimensat",
                LibC.utimensat(opened.number(), text, secondsAndNanos == null ? null : times, AT_EMPTY_PATH));
    }

    @Override
    public void setAttribute(OwnedFd opened, byte[] attribute, byte[] value, int flags) throws NativeStepException {
        terminate(name, attribute);
        data.write(0, value, 0, value.length);
        check("setxattr(" + proc(opened) + ")", LibC.setxattr(text, name, data, value.length, flags));
    }

    @Override
    public void removeAttribute(OwnedFd opened, byte[] attribute) throws NativeStepException {
        terminate(name, attribute);
        check("removexattr(" + proc(opened) + ")", LibC.removexattr(text, name));
    }

    /** Puts the name by which the kernel finds an opened file into {@code text}: a link that jumps to the file itself. */
    private String proc(OwnedFd opened) {
        String link = "/proc/self/fd/" + opened.number();
        path(link.getBytes(StandardCharsets.US_ASCII));
        return link;
    }

    private Memory path(byte[] path) {
        return terminate(text, path);
    }

    private static Memory terminate(Memory memory, byte[] bytes) {
        memory.write(0, bytes, 0, bytes.length);
        memory.setByte(bytes.length, (byte) 0);
        return memory;
    }

    private static long check(String step, long result) throws NativeStepException {
        return GlibcCalls.check(LAUNCH_FAILED, step, result);
    }

    private static NativeStepException failure(String step) {
        return error(step, Native.getLastError());
    }

    private static NativeStepException error(String step, int error) {
        return new NativeStepException(LAUNCH_FAILED, step, error, LibC.strerror(error));
    }

    @Override
    public void close() {
        List.of(notification, answer, polled, local, remote, data, text, name, how, times)
                .forEach(Memory::close);
    }
}
