package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;

/**
 * The system calls that a confined process is refused, as a seccomp filter program.
 *
 * <p>A list of refusals, not of permissions: Landlock decides about files, and the filter closes what Landlock does not
 * mediate. A refused call fails with an error that the program can report, except in the ABI of another architecture,
 * whose numbers mean other calls: that ends the process.
 */
public final class SeccompFilter {
    /** {@code SECCOMP_RET_ALLOW} of linux/seccomp.h. */
    static final int ALLOW = 0x7FFF0000;
    /** {@code SECCOMP_RET_KILL_PROCESS}. */
    static final int KILL = 0x80000000;
    /** {@code SECCOMP_RET_ERRNO | EPERM}. */
    static final int NOT_PERMITTED = 0x00050000 | 1;
    /** {@code SECCOMP_RET_ERRNO | EACCES}: what socket(2) says of a protocol that may not be used. */
    static final int ACCESS_DENIED = 0x00050000 | 13;
    /** {@code SECCOMP_RET_ERRNO | ENOSYS}: lets the C library fall back to an older call. */
    static final int NO_SUCH_CALL = 0x00050000 | 38;

    /** {@code SECCOMP_RET_USER_NOTIF}: the supervisor answers, user notification of seccomp(2). */
    static final int ASK_SUPERVISOR = 0x7FC00000;

    /** All {@code CLONE_NEW*} of linux/sched.h that clone(2) takes. */
    private static final int NEW_NAMESPACES =
            0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

    /** Makes a child the caller's sibling: it would be the JVM's child, and in nobody's tree. */
    private static final int CLONE_PARENT = 0x00008000;

    /** Put characters into the input queue of a terminal, as if the user typed them. */
    private static final ImmutableSet<Integer> TERMINAL_INJECTION =
            ImmutableSet.of(0x5412 /* TIOCSTI */, 0x541C /* TIOCLINUX */);

    /** Refused whatever their arguments; see {@link Syscall} for why. */
    private static final ImmutableSet<Syscall> REFUSED = ImmutableSet.of(
            Syscall.UNSHARE,
            Syscall.SETNS,
            Syscall.MOUNT,
            Syscall.UMOUNT2,
            Syscall.PIVOT_ROOT,
            Syscall.CHROOT,
            Syscall.OPEN_TREE,
            Syscall.MOVE_MOUNT,
            Syscall.FSOPEN,
            Syscall.FSCONFIG,
            Syscall.FSMOUNT,
            Syscall.FSPICK,
            Syscall.MOUNT_SETATTR,
            Syscall.OPEN_TREE_ATTR,
            Syscall.IO_URING_SETUP,
            Syscall.IO_URING_ENTER,
            Syscall.IO_URING_REGISTER,
            Syscall.PTRACE,
            Syscall.PROCESS_VM_READV,
            Syscall.PROCESS_VM_WRITEV,
            Syscall.PROCESS_MADVISE,
            Syscall.PIDFD_GETFD,
            Syscall.KCMP,
            Syscall.MIGRATE_PAGES,
            Syscall.MOVE_PAGES,
            Syscall.SHMGET,
            Syscall.SHMAT,
            Syscall.SHMCTL,
            Syscall.SEMGET,
            Syscall.SEMCTL,
            Syscall.MSGGET,
            Syscall.MSGCTL,
            Syscall.MQ_OPEN,
            Syscall.MQ_UNLINK,
            Syscall.BPF,
            Syscall.PERF_EVENT_OPEN,
            Syscall.USERFAULTFD,
            Syscall.KEYCTL,
            Syscall.ADD_KEY,
            Syscall.REQUEST_KEY,
            Syscall.INIT_MODULE,
            Syscall.FINIT_MODULE,
            Syscall.DELETE_MODULE,
            Syscall.KEXEC_LOAD,
            Syscall.KEXEC_FILE_LOAD,
            Syscall.OPEN_BY_HANDLE_AT,
            Syscall.FANOTIFY_INIT,
            Syscall.IOPL,
            Syscall.IOPERM,
            Syscall.REBOOT,
            Syscall.SWAPON,
            Syscall.SWAPOFF,
            Syscall.ACCT,
            Syscall.QUOTACTL,
            Syscall.QUOTACTL_FD,
            Syscall.SETTIMEOFDAY,
            Syscall.CLOCK_SETTIME,
            Syscall.SETHOSTNAME,
            Syscall.SETDOMAINNAME,
            Syscall.SYSLOG,
            Syscall.VHANGUP);

    private SeccompFilter() {}

    /**
     * The filter for a confined process.
     *
     * @param network which sockets may be made
     * @param mediated whether a supervisor is asked about changes to metadata
     */
    static ImmutableList<BpfInstruction> program(Architecture architecture, NetworkMode network, boolean mediated) {
        FilterProgram program = new FilterProgram(architecture);
        REFUSED.forEach(call -> program.refuse(call, NOT_PERMITTED));
        refuseEscapesByClone(program);
        refuseTerminalInjection(program);
        refuseLimitsOfOthers(program);
        SocketRules.addTo(program, network);
        MetadataRules.addTo(program, mediated);
        return program.allowingTheRest();
    }

    /** The flags of clone3 are behind a pointer, which a filter cannot follow, so that all must use clone. */
    private static void refuseEscapesByClone(FilterProgram program) {
        program.refuse(Syscall.CLONE3, NO_SUCH_CALL);
        program.when(
                Syscall.CLONE,
                FilterProgram.loadArgument(0),
                BpfInstruction.ifAnyBit(NEW_NAMESPACES | CLONE_PARENT, 1),
                BpfInstruction.answer(NOT_PERMITTED));
    }

    private static void refuseTerminalInjection(FilterProgram program) {
        for (int request : TERMINAL_INJECTION) {
            program.when(
                    Syscall.IOCTL,
                    FilterProgram.loadArgument(1),
                    BpfInstruction.ifEqual(request, 1),
                    BpfInstruction.answer(NOT_PERMITTED));
        }
    }

    /** Process 0 is the caller; the limits of another process, such as the JVM, are not the child's to change. */
    private static void refuseLimitsOfOthers(FilterProgram program) {
        program.when(
                Syscall.PRLIMIT64,
                FilterProgram.loadArgument(0),
                BpfInstruction.ifNotEqual(0, 1),
                BpfInstruction.answer(NOT_PERMITTED));
    }
}
