package io.cordon.sandbox.linux.syscall;

import io.cordon.sandbox.NativeStepException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor asks the kernel for, on behalf of calls that wait for its answer: seccomp_unotify(2). Paths and names
 * are bytes, as the kernel has them. For one thread; its memory is allocated beforehand and used again.
 */
public interface SupervisorCalls extends AutoCloseable {
    /**
     * poll(2) without a time limit.
     *
     * @return whether a call waits; if not, {@code stop} was closed at its other end, or nobody has the filter any more
     */
    boolean awaitNotification(OwnedFd listener, OwnedFd stop) throws NativeStepException;

    /** SECCOMP_IOCTL_NOTIF_RECV: the next call; empty if its caller was killed meanwhile. */
    Optional<Notification> receive(OwnedFd listener) throws NativeStepException;

    /** SECCOMP_IOCTL_NOTIF_ID_VALID: whether the caller still waits, so that its thread id is still its own. */
    boolean stillWaits(OwnedFd listener, long id);

    /** SECCOMP_IOCTL_NOTIF_SEND: lets the call return 0, or fail with this {@code errno}. */
    void answer(OwnedFd listener, long id, int error) throws NativeStepException;

    /** process_vm_readv(2): all of these bytes of another process, at most 64 KiB. */
    byte[] read(int thread, long address, int size) throws NativeStepException;

    /**
     * The bytes up to a NUL in another process, without it.
     *
     * @param limit the most bytes with the NUL
     * @param tooLong the {@code errno} if there is no NUL in these
     */
    byte[] readText(int thread, long address, int limit, int tooLong) throws NativeStepException;

    /** openat(2) with O_PATH; links at the end are followed only on demand. */
    OwnedFd openPath(@Nullable OwnedFd directory, byte[] path, boolean follow) throws NativeStepException;

    /** The same by openat2(2), failing with ELOOP where a link would be followed: any, or a magic one of proc(5) only. */
    OwnedFd openPath(@Nullable OwnedFd directory, byte[] path, boolean follow, boolean magicOnly)
            throws NativeStepException;

    /** readlinkat(2) of a link that was opened itself; empty for anything else. */
    Optional<byte[]> readLink(OwnedFd opened);

    /** Where an opened file is, as {@code /proc/self/fd} shows it. */
    byte[] location(OwnedFd opened) throws NativeStepException;

    /** Whether a directory is of proc(5), by fstatfs(2). */
    boolean isOfProc(OwnedFd directory) throws NativeStepException;

    /** chmod(2) of an opened file. */
    void changeMode(OwnedFd opened, int mode) throws NativeStepException;

    /** chown(2) of an opened file; -1 keeps what is there. */
    void changeOwner(OwnedFd opened, int user, int group) throws NativeStepException;

    /** utimensat(2) of an opened file, with two {@code struct timespec}, or null for now. */
    void changeTimes(OwnedFd opened, long @Nullable [] secondsAndNanos) throws NativeStepException;

    /** setxattr(2) of an opened file. */
    void setAttribute(OwnedFd opened, byte[] name, byte[] value, int flags) throws NativeStepException;

    /** removexattr(2) of an opened file. */
    void removeAttribute(OwnedFd opened, byte[] name) throws NativeStepException;

    /** Frees the memory. */
    @Override
    void close();
}
