package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The functions of the C library that the backend calls, with their C names; see the manual pages of the same names.
 * A C {@code long} is a Java {@code long}: both architectures are LP64.
 *
 * <p>Functions that the launcher thread calls take pointers and numbers only: a string would make JNA allocate memory,
 * and its cleaner thread, if started then, would be confined too.
 */
interface LibC extends Library {
    LibC INSTANCE = Native.load("c", LibC.class);

    /** syscall(2); fixed parameters suffice because the calling conventions of both architectures agree on them. */
    long syscall(long number, long first, long second, long third, long fourth);

    /** syscall(2) with structures. */
    long syscall(long number, Pointer first, Pointer second);

    /** syscall(2) for landlock_create_ruleset: structure, its size, flags. */
    long syscall(long number, @Nullable Pointer first, long second, long third);

    /** syscall(2) for landlock_add_rule: descriptor, type, structure, flags. */
    long syscall(long number, long first, long second, Pointer third, long fourth);

    /** syscall(2) for openat2: descriptor, path, structure, its size. */
    long syscall(long number, long first, Pointer second, Pointer third, long fourth);

    /** syscall(2) for seccomp: operation, flags, structure. */
    long syscall(long number, long first, long second, Pointer third);

    int prctl(int option, long second, long third, long fourth, long fifth);

    int prctl(int option, long second, Pointer third);

    int open(Pointer path, int flags, int mode);

    int close(int descriptor);

    int openat(int directory, Pointer path, int flags);

    long readlinkat(int directory, Pointer path, Pointer buffer, long size);

    int fstatfs(int descriptor, Pointer result);

    int poll(Pointer descriptors, long count, int timeout);

    int ioctl(int descriptor, long request, Pointer argument);

    long process_vm_readv(int process, Pointer local, long localCount, Pointer remote, long remoteCount, long flags);

    int chmod(Pointer path, int mode);

    int fchownat(int directory, Pointer path, int user, int group, int flags);

    int utimensat(int directory, Pointer path, @Nullable Pointer times, int flags);

    int setxattr(Pointer path, Pointer name, Pointer value, long size, int flags);

    int removexattr(Pointer path, Pointer name);

    int fcntl(int descriptor, int command, int argument);

    int pipe2(Pointer descriptors, int flags);

    int socket(int domain, int type, int protocol);

    int connect(int descriptor, Pointer address, int size);

    int epoll_create1(int flags);

    int epoll_ctl(int epoll, int operation, int descriptor, Pointer event);

    int epoll_wait(int epoll, Pointer events, int count, int timeout);

    int eventfd(int initial, int flags);

    long write(int descriptor, Pointer bytes, long size);

    int waitpid(int process, Pointer status, int options);

    int posix_spawn(
            Pointer process,
            Pointer path,
            Pointer fileActions,
            Pointer attributes,
            Pointer arguments,
            Pointer environment);

    int posix_spawnattr_init(Pointer attributes);

    int posix_spawnattr_destroy(Pointer attributes);

    int posix_spawnattr_setflags(Pointer attributes, short flags);

    int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

    int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

    int posix_spawn_file_actions_init(Pointer actions);

    int posix_spawn_file_actions_destroy(Pointer actions);

    int posix_spawn_file_actions_adddup2(Pointer actions, int descriptor, int newDescriptor);

    int posix_spawn_file_actions_addchdir_np(Pointer actions, Pointer path);

    int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

    int sigfillset(Pointer signals);

    int sigemptyset(Pointer signals);

    String strerror(int error);
}
