package io.cordon.sandbox.linux.syscall;

import static io.cordon.sandbox.SandboxErrorCode.LAUNCH_FAILED;
import static io.cordon.sandbox.SandboxErrorCode.PREPARE_FAILED;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.linux.plan.Architecture;
import io.cordon.sandbox.linux.plan.Syscall;
import java.nio.file.Path;

/** {@link SystemCalls} of glibc. */
public final class GlibcCalls implements SystemCalls {
    /** The numbers are the same on every architecture, like those of all calls since Linux 5.1. */
    private static final int LANDLOCK_CREATE_RULESET = 444;

    private static final int LANDLOCK_ADD_RULE = 445;
    private static final int LANDLOCK_RESTRICT_SELF = 446;
    private static final int OPENAT2 = 437;
    private static final long LANDLOCK_CREATE_RULESET_VERSION = 1;
    private static final long LANDLOCK_RULE_PATH_BENEATH = 1;
    private static final long LANDLOCK_RULE_NET_PORT = 2;
    private static final long LANDLOCK_ACCESS_NET_CONNECT_TCP = 2;

    /** prctl.h */
    private static final int PR_GET_SECCOMP = 21;

    private static final int PR_SET_SECCOMP = 22;
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    private static final int SECCOMP_MODE_FILTER = 2;

    /** linux/seccomp.h */
    static final int SECCOMP_SET_MODE_FILTER = 1;

    private static final int SECCOMP_GET_ACTION_AVAIL = 2;
    private static final int SECCOMP_GET_NOTIF_SIZES = 3;
    private static final int SECCOMP_RET_USER_NOTIF = 0x7FC00000;
    static final long SECCOMP_FILTER_FLAG_NEW_LISTENER = 1 << 3;
    private static final long SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV = 1 << 5;
    private static final int OWNER_ONLY = 0600;

    /** fcntl.h; x86_64 and aarch64 agree on these. */
    private static final int O_WRONLY = 1;

    private static final int O_CREAT = 0100;
    private static final int O_CLOEXEC = 02000000;
    private static final int O_PATH = 010000000;
    private static final int F_DUPFD_CLOEXEC = 1030;
    private static final int AT_FDCWD = -100;
    /** linux/openat2.h */
    private static final int RESOLVE_NO_SYMLINKS = 4;

    private static final int AF_INET = 2;
    private static final int SOCK_STREAM_CLOEXEC = 1 | O_CLOEXEC;
    private static final int SOCK_DGRAM_CLOEXEC = 2 | O_CLOEXEC;

    private static final int FIRST_FREE_DESCRIPTOR = 3;
    private final CapabilityDrop capabilityDrop;

    private final Architecture architecture;
    private final int seccomp;

    /** For the architecture of this machine, on which the numbers of some calls depend. */
    public GlibcCalls(Architecture architecture) {
        this.architecture = architecture;
        capabilityDrop = new CapabilityDrop(Syscall.CAPGET.number(architecture), Syscall.CAPSET.number(architecture));
        seccomp = Syscall.SECCOMP.number(architecture);
    }

    @Override
    public int landlockAbi() {
        return (int) Math.max(0, LibC.syscall(LANDLOCK_CREATE_RULESET, null, 0, LANDLOCK_CREATE_RULESET_VERSION));
    }

    @Override
    public boolean takesFilters() {
        return LibC.prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0;
    }

    @Override
    public boolean notifies() {
        try (Memory action = NativeText.cleared(Integer.BYTES);
                Memory sizes = NativeText.cleared(3L * Short.BYTES)) {
            action.setInt(0, SECCOMP_RET_USER_NOTIF);
            return LibC.syscall(seccomp, (long) SECCOMP_GET_ACTION_AVAIL, 0L, action) == 0
                    && LibC.syscall(seccomp, (long) SECCOMP_GET_NOTIF_SIZES, 0L, sizes) == 0
                    && sizes.getShort(0) == Notification.SIZE
                    && sizes.getShort(Short.BYTES) == Notification.ANSWER_SIZE
                    && sizes.getShort(2L * Short.BYTES) == Notification.DATA_SIZE
                    && ListenerProbe.succeeds(seccomp);
        }
    }

    @Override
    public boolean spawnsWithClosedDescriptors() {
        try {
            NativeLibrary.getInstance("c").getFunction("posix_spawn_file_actions_addclosefrom_np");
            return true;
        } catch (UnsatisfiedLinkError e) {
            return false;
        }
    }

    @Override
    public boolean waitsByDescriptor() {
        // No process has this id; a kernel without the call says so instead.
        return LibC.syscall(EpollExitQueue.PIDFD_OPEN, -1L, 0L, 0L, 0L) >= 0 || Native.getLastError() != Errno.ENOSYS;
    }

    @Override
    public OwnedFd createRuleset(long handledFs, long handledNet, long scoped) throws NativeStepException {
        // struct landlock_ruleset_attr; an older kernel takes the longer structure if the fields it lacks are zero.
        try (Memory attributes = NativeText.cleared(3L * Long.BYTES)) {
            attributes.setLong(0, handledFs);
            attributes.setLong(Long.BYTES, handledNet);
            attributes.setLong(2L * Long.BYTES, scoped);
            return new OwnedFd((int) check(
                    PREPARE_FAILED,
                    "landlock_create_ruleset",
                    LibC.syscall(LANDLOCK_CREATE_RULESET, attributes, attributes.size(), 0)));
        }
    }

    @Override
    public void allow(OwnedFd ruleset, Path path, long rights) throws NativeStepException {
        // struct landlock_path_beneath_attr, which is packed
        try (OwnedFd target = open(path, O_PATH, 0);
                Memory attributes = NativeText.cleared(Long.BYTES + Integer.BYTES)) {
            attributes.setLong(0, rights);
            attributes.setInt(Long.BYTES, target.number());
            check(
                    PREPARE_FAILED,
                    "landlock_add_rule(" + path + ")",
                    LibC.syscall(LANDLOCK_ADD_RULE, ruleset.number(), LANDLOCK_RULE_PATH_BENEATH, attributes, 0));
        }
    }

    @Override
    public void allowConnecting(OwnedFd ruleset, int port) throws NativeStepException {
        // struct landlock_net_port_attr; the port is in the order of the host
        try (Memory attributes = NativeText.cleared(2L * Long.BYTES)) {
            attributes.setLong(0, LANDLOCK_ACCESS_NET_CONNECT_TCP);
            attributes.setLong(Long.BYTES, port);
            check(
                    PREPARE_FAILED,
                    "landlock_add_rule(port " + port + ")",
                    LibC.syscall(LANDLOCK_ADD_RULE, ruleset.number(), LANDLOCK_RULE_NET_PORT, attributes, 0));
        }
    }

    @Override
    public OwnedFd open(Path path, int flags, int mode) throws NativeStepException {
        try (Memory text = NativeText.terminated(path.toString())) {
            int descriptor = LibC.open(text, flags | O_CLOEXEC, mode);
            check(PREPARE_FAILED, "open(" + path + ")", descriptor);
            return aboveStandard(descriptor);
        }
    }

    @Override
    public OwnedFd openWithoutLinks(Path path, int flags, int mode) throws NativeStepException {
        // struct open_how: flags, mode, resolve. The mode must be zero where no file is created.
        try (Memory text = NativeText.terminated(path.toString());
                Memory how = NativeText.cleared(3L * Long.BYTES)) {
            how.setLong(0, flags | O_CLOEXEC);
            how.setLong(Long.BYTES, (flags & O_CREAT) == 0 ? 0 : mode);
            how.setLong(2L * Long.BYTES, RESOLVE_NO_SYMLINKS);
            long descriptor = LibC.syscall(OPENAT2, AT_FDCWD, text, how, how.size());
            check(PREPARE_FAILED, "openat2(" + path + ")", descriptor);
            return aboveStandard((int) descriptor);
        }
    }

    @Override
    public Pipe pipe() throws NativeStepException {
        try (Memory ends = NativeText.cleared(2L * Integer.BYTES)) {
            check(LAUNCH_FAILED, "pipe2", LibC.pipe2(ends, O_CLOEXEC));
            OwnedFd readEnd = new OwnedFd(ends.getInt(0));
            OwnedFd writeEnd = new OwnedFd(ends.getInt(Integer.BYTES));
            try {
                return new Pipe(aboveStandard(readEnd), aboveStandard(writeEnd));
            } catch (NativeStepException e) {
                readEnd.close();
                writeEnd.close();
                throw e;
            }
        }
    }

    private static OwnedFd aboveStandard(int descriptor) throws NativeStepException {
        return aboveStandard(new OwnedFd(descriptor));
    }

    /** In a JVM whose standard streams are closed, the first descriptors would be in the way of the child's own. */
    private static OwnedFd aboveStandard(OwnedFd fd) throws NativeStepException {
        if (fd.number() >= FIRST_FREE_DESCRIPTOR) {
            return fd;
        }
        try (fd) {
            int above = LibC.fcntl(fd.number(), F_DUPFD_CLOEXEC, FIRST_FREE_DESCRIPTOR);
            return new OwnedFd((int) check(LAUNCH_FAILED, "fcntl(F_DUPFD_CLOEXEC)", above));
        }
    }

    @Override
    public SupervisorCalls supervisor() {
        return new GlibcSupervisorCalls();
    }

    @Override
    public PreparedSpawn prepare(SpawnRequest request) throws NativeStepException {
        return new PreparedSpawn(request);
    }

    @Override
    public ExitQueue exitQueue() throws NativeStepException {
        return new EpollExitQueue(architecture);
    }

    @Override
    public int reap(int process) throws NativeStepException {
        try (Memory status = NativeText.cleared(Integer.BYTES)) {
            while (LibC.waitpid(process, status, 0) < 0) {
                if (Native.getLastError() != Errno.EINTR) {
                    throw failure(LAUNCH_FAILED, "waitpid(" + process + ")", Native.getLastError());
                }
            }
            int word = status.getInt(0);
            int signal = word & 0x7F;
            return signal == 0 ? (word >> 8) & 0xFF : 128 + signal;
        }
    }

    @Override
    public void setNoNewPrivileges() throws NativeStepException {
        check(PREPARE_FAILED, "prctl(PR_SET_NO_NEW_PRIVS)", LibC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    }

    @Override
    public void dropCapabilities(boolean mapsRoot) throws NativeStepException {
        capabilityDrop.apply(mapsRoot);
    }

    @Override
    public void restrictSelf(OwnedFd ruleset) throws NativeStepException {
        check(
                PREPARE_FAILED,
                "landlock_restrict_self",
                LibC.syscall(LANDLOCK_RESTRICT_SELF, (long) ruleset.number(), 0L, 0L, 0L));
    }

    @Override
    public void loadFilter(NativeFilter filter) throws NativeStepException {
        check(PREPARE_FAILED, "prctl(PR_SET_SECCOMP)", LibC.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter.program));
    }

    @Override
    public OwnedFd loadNotifyingFilter(NativeFilter filter) throws NativeStepException {
        // The first flag spares children that get many signals, such as programs in Go, repeated calls; since Linux
        // 5.19.
        long listener = LibC.syscall(
                seccomp,
                (long) SECCOMP_SET_MODE_FILTER,
                SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV | SECCOMP_FILTER_FLAG_NEW_LISTENER,
                filter.program);
        if (listener < 0 && Native.getLastError() == Errno.EINVAL) {
            listener = LibC.syscall(
                    seccomp, (long) SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, filter.program);
        }
        return new OwnedFd((int) check(PREPARE_FAILED, "seccomp(SECCOMP_SET_MODE_FILTER)", listener));
    }

    @Override
    public int spawn(PreparedSpawn prepared) throws NativeStepException {
        int error = LibC.posix_spawn(
                prepared.pid,
                prepared.path,
                prepared.fileActions,
                prepared.attributes,
                prepared.arguments,
                prepared.environment);
        if (error != 0) {
            throw failure(LAUNCH_FAILED, "posix_spawn", error);
        }
        return prepared.pid.getInt(0);
    }

    @Override
    public int tryOpenForWriting(NativePath path) {
        return tryAndClose(LibC.open(path.memory, O_WRONLY | O_CLOEXEC, 0));
    }

    @Override
    public int tryChangingMode(NativePath path) {
        return LibC.chmod(path.memory, OWNER_ONLY) < 0 ? Native.getLastError() : 0;
    }

    @Override
    public int tryTcpSocket() {
        return tryAndClose(LibC.socket(AF_INET, SOCK_STREAM_CLOEXEC, 0));
    }

    @Override
    public int tryUdpSocket() {
        return tryAndClose(LibC.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0));
    }

    @Override
    public int tryConnecting(NativeAddress address) {
        int socket = LibC.socket(AF_INET, SOCK_STREAM_CLOEXEC, 0);
        if (socket < 0) {
            return Native.getLastError();
        }
        int error = LibC.connect(socket, address.memory, (int) address.memory.size()) < 0 ? Native.getLastError() : 0;
        LibC.close(socket);
        return error;
    }

    private static int tryAndClose(int descriptor) {
        if (descriptor < 0) {
            return Native.getLastError();
        }
        LibC.close(descriptor);
        return 0;
    }

    static long check(SandboxErrorCode code, String step, long result) throws NativeStepException {
        if (result < 0) {
            throw failure(code, step, Native.getLastError());
        }
        return result;
    }

    private static NativeStepException failure(SandboxErrorCode code, String step, int error) {
        return new NativeStepException(code, step, error, LibC.strerror(error));
    }
}
