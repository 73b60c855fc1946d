package io.cordon.sandbox.linux.syscall;

import io.cordon.sandbox.NativeStepException;
import java.nio.file.Path;

/**
 * The checked layer over the C library: a call succeeds or throws with its name and {@code errno}. An interface, so that
 * tests let any one of the calls fail.
 *
 * <p>The methods of the second half change or use the calling <em>thread</em>. They allocate no native memory; see
 * {@link LibC}.
 */
public interface SystemCalls {
    /** The version of the kernel's Landlock interface, 0 when there is none (landlock_create_ruleset(2)). */
    int landlockAbi();

    /** Whether the kernel takes seccomp filters. */
    boolean takesFilters();

    /** Whether a seccomp filter can have calls answered by a supervisor, in the structures that this class knows. */
    boolean notifies();

    /** Whether the C library has what {@link #prepare} needs: glibc since 2.34. */
    boolean spawnsWithClosedDescriptors();

    /** Whether the kernel has descriptors of processes, which {@link #exitQueue} needs: Linux since 5.3. */
    boolean waitsByDescriptor();

    /** landlock_create_ruleset(2). */
    OwnedFd createRuleset(long handledFs, long handledNet, long scoped) throws NativeStepException;

    /** landlock_add_rule(2): grants rights on a file, or beneath a directory. */
    void allow(OwnedFd ruleset, Path path, long rights) throws NativeStepException;

    /** landlock_add_rule(2): grants connecting to a TCP port, of whatever host. */
    void allowConnecting(OwnedFd ruleset, int port) throws NativeStepException;

    /** open(2), closed on exec, with these flags and mode. */
    OwnedFd open(Path path, int flags, int mode) throws NativeStepException;

    /** openat2(2) with RESOLVE_NO_SYMLINKS, closed on exec: fails if any component of the path is a link. */
    OwnedFd openWithoutLinks(Path path, int flags, int mode) throws NativeStepException;

    /** pipe2(2), closed on exec. */
    Pipe pipe() throws NativeStepException;

    /** The calls of a supervisor, with memory of its own. */
    SupervisorCalls supervisor() throws NativeStepException;

    /** Describes a process to be started. */
    PreparedSpawn prepare(SpawnRequest request) throws NativeStepException;

    /** A queue of children that are waited for together. */
    ExitQueue exitQueue() throws NativeStepException;

    /**
     * waitpid(2): reaps a child that has exited.
     *
     * @return its exit code, or 128 and the number of the signal that ended it
     */
    int reap(int process) throws NativeStepException;

    /** prctl(2) PR_SET_NO_NEW_PRIVS for this thread. */
    void setNoNewPrivileges() throws NativeStepException;

    /**
     * Drops the capabilities of this thread, but for those by which root works with the files of others.
     *
     * @param mapsRoot whether to keep the one without which root cannot be root of a user namespace
     */
    void dropCapabilities(boolean mapsRoot) throws NativeStepException;

    /** landlock_restrict_self(2) for this thread. */
    void restrictSelf(OwnedFd ruleset) throws NativeStepException;

    /** prctl(2) PR_SET_SECCOMP for this thread. */
    void loadFilter(NativeFilter filter) throws NativeStepException;

    /**
     * seccomp(2) with SECCOMP_FILTER_FLAG_NEW_LISTENER for this thread.
     *
     * @return the descriptor that a supervisor is asked by
     */
    OwnedFd loadNotifyingFilter(NativeFilter filter) throws NativeStepException;

    /**
     * posix_spawn(3) from this thread, whose confinement the child inherits.
     *
     * @return the process id
     */
    int spawn(PreparedSpawn prepared) throws NativeStepException;

    /** Tries to open an existing file for writing; 0, or the {@code errno} of the failure. */
    int tryOpenForWriting(NativePath path);

    /** Tries to take all rights on an existing file from everybody but its owner; 0, or the {@code errno} of the failure. */
    int tryChangingMode(NativePath path);

    /** Tries to make a TCP socket; 0, or the {@code errno} of the failure. */
    int tryTcpSocket();

    /** Tries to make a UDP socket; 0, or the {@code errno} of the failure. */
    int tryUdpSocket();

    /** Tries to connect a TCP socket; 0, or the {@code errno} of the failure. */
    int tryConnecting(NativeAddress address);
}
