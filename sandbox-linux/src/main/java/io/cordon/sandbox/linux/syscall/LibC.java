package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the C library that the backend calls, with their C names; see the manual pages of the same names.
 * Mapped directly, because a call through an interface costs several times as much.
 * A C {@code long} is a Java {@code long}: both architectures are LP64.
 *
 * <p>Functions that the launcher thread calls take pointers and numbers only: a string would make JNA allocate memory,
 * and its cleaner thread, if started then, would be confined too.
 */
final class LibC {
    static {
        Native.register(LibC.class, "c");
    }

    private LibC() {}

    /** syscall(2); fixed parameters suffice because the calling conventions of both architectures agree on them. */
    static native long syscall(long number, long first, long second, long third, long fourth);

    /** syscall(2) with structures. */
    static native long syscall(long number, Pointer first, Pointer second);

    /** syscall(2) for landlock_create_ruleset: structure, its size, flags. */
    static native long syscall(long number, @Nullable Pointer first, long second, long third);

    /** syscall(2) for landlock_add_rule: descriptor, type, structure, flags. */
    static native long syscall(long number, long first, long second, Pointer third, long fourth);

    /** syscall(2) for openat2: descriptor, path, structure, its size. */
    static native long syscall(long number, long first, Pointer second, Pointer third, long fourth);

    /** syscall(2) for seccomp: operation, flags, structure. */
    static native long syscall(long number, long first, long second, Pointer third);

    static native int prctl(int option, long second, long third, long fourth, long fifth);

    static native int prctl(int option, long second, Pointer third);

    static native int open(Pointer path, int flags, int mode);

    static native int close(int descriptor);

    static native int openat(int directory, Pointer path, int flags);

    static native long readlinkat(int directory, Pointer path, Pointer buffer, long size);

    static native int fstatfs(int descriptor, Pointer result);

    static native int poll(Pointer descriptors, long count, int timeout);

    static native int ioctl(int descriptor, long request, Pointer argument);

    static native long process_vm_readv(
            int process, Pointer local, long localCount, Pointer remote, long remoteCount, long flags);

    static native int chmod(Pointer path, int mode);

    static native int fchownat(int directory, Pointer path, int user, int group, int flags);

    static native int utimensat(int directory, Pointer path, @Nullable Pointer times, int flags);

    static native int setxattr(Pointer path, Pointer name, Pointer value, long size, int flags);

    static native int removexattr(Pointer path, Pointer name);

    static native int fcntl(int descriptor, int command, int argument);

    static native int pipe2(Pointer descriptors, int flags);

    static native int socket(int domain, int type, int protocol);

    static native int connect(int descriptor, Pointer address, int size);

    static native int epoll_create1(int flags);

    static native int epoll_ctl(int epoll, int operation, int descriptor, Pointer event);

    static native int epoll_wait(int epoll, Pointer events, int count, int timeout);

    static native int eventfd(int initial, int flags);

    static native long write(int descriptor, Pointer bytes, long size);

    static native int waitpid(int process, Pointer status, int options);

    static native int posix_spawn(
            Pointer process,
            Pointer path,
            Pointer fileActions,
            Pointer attributes,
            Pointer arguments,
            Pointer environment);

    static native int posix_spawnattr_init(Pointer attributes);

    static native int posix_spawnattr_destroy(Pointer attributes);

    static native int posix_spawnattr_setflags(Pointer attributes, short flags);

    static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    static native int posix_spawn_file_actions_init(Pointer actions);

    static native int posix_spawn_file_actions_destroy(Pointer actions);

    static native int posix_spawn_file_actions_adddup2(Pointer actions, int descriptor, int newDescriptor);

    static native int posix_spawn_file_actions_addchdir_np(Pointer actions, Pointer path);

    static native int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

    static native int sigfillset(Pointer signals);

    static native int sigemptyset(Pointer signals);

    static native String strerror(int error);
}
