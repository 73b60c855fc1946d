package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;

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

    /** Offsets in {@code struct seccomp_data}. */
    private static final int NUMBER = 0;

    private static final int ARCHITECTURE = 4;
    private static final int ARGUMENTS = 16;

    /** Bit of the call numbers of the x32 ABI, asm/unistd.h. */
    private static final int X32 = 0x40000000;

    /** All {@code CLONE_NEW*} of linux/sched.h that clone(2) takes. */
    private static final int NEW_NAMESPACES =
            0x00020000 | 0x02000000 | 0x04000000 | 0x08000000 | 0x10000000 | 0x20000000 | 0x40000000;

    /** Makes a child the caller's sibling: it would be the JVM's child, and in nobody's tree. */
    private static final int CLONE_PARENT = 0x00008000;

    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int AF_NETLINK = 16;
    private static final int SOCK_TYPE_MASK = 0xF;
    private static final int SOCK_STREAM = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_SEQPACKET = 5;
    private static final int NETLINK_ROUTE = 0;
    private static final int ANY_PROTOCOL = 0;
    private static final int IPPROTO_TCP = 6;

    /** Of sendto, sendmsg and sendmmsg, linux/socket.h. */
    private static final int MSG_FASTOPEN = 0x20000000;

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

    private final Architecture architecture;
    private final List<BpfInstruction> program = new ArrayList<>();

    private SeccompFilter(Architecture architecture) {
        this.architecture = architecture;
    }

    /**
     * The filter for a confined process.
     *
     * @param network which sockets may be made
     */
    static ImmutableList<BpfInstruction> program(Architecture architecture, NetworkMode network) {
        SeccompFilter filter = new SeccompFilter(architecture);
        filter.refuseOtherAbis();
        REFUSED.forEach(filter::refuse);
        filter.refuseEscapesByClone();
        filter.refuseTerminalInjection();
        filter.refuseLimitsOfOthers();
        filter.refuseSocketPairsThatCanConnect();
        switch (network) {
            case NONE -> filter.refuseSockets();
            case PROXY -> filter.allowTcpClients();
            case ALLOWED -> filter.allowInternetSockets();
        }
        filter.add(BpfInstruction.answer(ALLOW));
        return ImmutableList.copyOf(filter.program);
    }

    private void refuseOtherAbis() {
        add(BpfInstruction.load(ARCHITECTURE));
        add(BpfInstruction.ifNotEqual(architecture.auditArch(), 1), BpfInstruction.answer(KILL));
        add(BpfInstruction.load(NUMBER));
        if (architecture == Architecture.X86_64) {
            add(BpfInstruction.ifAtLeast(X32, 1), BpfInstruction.answer(NOT_PERMITTED));
        }
    }

    private void refuse(Syscall call) {
        refuse(call, NOT_PERMITTED);
    }

    private void refuse(Syscall call, int action) {
        if (call.existsOn(architecture)) {
            add(BpfInstruction.ifEqual(call.number(architecture), 1), BpfInstruction.answer(action));
        }
    }

    /** The flags of clone3 are behind a pointer, which a filter cannot follow, so that all must use clone. */
    private void refuseEscapesByClone() {
        refuse(Syscall.CLONE3, NO_SUCH_CALL);
        when(
                Syscall.CLONE,
                loadArgument(0),
                BpfInstruction.ifAnyBit(NEW_NAMESPACES | CLONE_PARENT, 1),
                BpfInstruction.answer(NOT_PERMITTED));
    }

    private void refuseTerminalInjection() {
        for (int request : TERMINAL_INJECTION) {
            when(
                    Syscall.IOCTL,
                    loadArgument(1),
                    BpfInstruction.ifEqual(request, 1),
                    BpfInstruction.answer(NOT_PERMITTED));
        }
    }

    /** Process 0 is the caller; the limits of another process, such as the JVM, are not the child's to change. */
    private void refuseLimitsOfOthers() {
        when(Syscall.PRLIMIT64, loadArgument(0), BpfInstruction.ifNotEqual(0, 1), BpfInstruction.answer(NOT_PERMITTED));
    }

    /**
     * Connected pairs are what programs talk to their children with, and reach nobody else. A pair of datagram sockets
     * could still send to, or be connected to, any path: unix(7).
     */
    private void refuseSocketPairsThatCanConnect() {
        when(
                Syscall.SOCKETPAIR,
                loadArgument(1),
                BpfInstruction.and(SOCK_TYPE_MASK),
                BpfInstruction.ifNotEqual(SOCK_STREAM, 2),
                BpfInstruction.ifNotEqual(SOCK_SEQPACKET, 1),
                BpfInstruction.answer(ACCESS_DENIED));
    }

    /** Without the calls on sockets, a descriptor that was inherited connects nowhere either. */
    private void refuseSockets() {
        for (Syscall call : ImmutableSet.of(
                Syscall.SOCKET, Syscall.CONNECT, Syscall.BIND, Syscall.LISTEN, Syscall.ACCEPT, Syscall.ACCEPT4)) {
            refuse(call, ACCESS_DENIED);
        }
    }

    /**
     * TCP sockets of IPv4 and IPv6, of which Landlock decides what they may connect to. It knows the protocol TCP only:
     * not MPTCP, SCTP or SMC, and not UDP, by which names are resolved. A socket that listens without being bound gets a
     * port without Landlock being asked, and data sent with MSG_FASTOPEN connects without it (tcp(7), "TCP Fast Open";
     * the socket option TCP_FASTOPEN_CONNECT goes through connect(2), which Landlock mediates).
     */
    private void allowTcpClients() {
        for (Syscall call : ImmutableSet.of(Syscall.BIND, Syscall.LISTEN, Syscall.ACCEPT, Syscall.ACCEPT4)) {
            refuse(call, ACCESS_DENIED);
        }
        when(
                Syscall.SOCKET,
                loadArgument(0),
                BpfInstruction.ifNotEqual(AF_INET, 2),
                BpfInstruction.ifNotEqual(AF_INET6, 1),
                BpfInstruction.answer(ACCESS_DENIED),
                loadArgument(1),
                BpfInstruction.and(SOCK_TYPE_MASK),
                BpfInstruction.ifNotEqual(SOCK_STREAM, 1),
                BpfInstruction.answer(ACCESS_DENIED),
                loadArgument(2),
                BpfInstruction.ifNotEqual(ANY_PROTOCOL, 2),
                BpfInstruction.ifNotEqual(IPPROTO_TCP, 1),
                BpfInstruction.answer(ACCESS_DENIED));
        refuseFlag(Syscall.SENDTO, 3, MSG_FASTOPEN);
        refuseFlag(Syscall.SENDMSG, 2, MSG_FASTOPEN);
        refuseFlag(Syscall.SENDMMSG, 3, MSG_FASTOPEN);
    }

    private void refuseFlag(Syscall call, int argument, int flag) {
        when(call, loadArgument(argument), BpfInstruction.ifAnyBit(flag, 1), BpfInstruction.answer(ACCESS_DENIED));
    }

    /**
     * IPv4 and IPv6 streams and datagrams, and the netlink family that lists addresses and routes, which name
     * resolution asks. Not AF_UNIX: Landlock does not mediate connecting to a path, and daemons of the user and the
     * system (D-Bus, Docker) run commands for whoever connects, unconfined. Not raw sockets, nor any other family.
     */
    private void allowInternetSockets() {
        when(
                Syscall.SOCKET,
                loadArgument(0),
                BpfInstruction.ifNotEqual(AF_INET, 3),
                BpfInstruction.ifNotEqual(AF_INET6, 2),
                BpfInstruction.ifNotEqual(AF_NETLINK, 1),
                BpfInstruction.answer(ACCESS_DENIED),
                // An internet socket, stream or datagram: on. Netlink: only routes, judged by the protocol.
                BpfInstruction.ifEqual(AF_NETLINK, 3),
                loadArgument(2),
                BpfInstruction.ifNotEqual(NETLINK_ROUTE, 1),
                BpfInstruction.answer(ACCESS_DENIED));
        when(
                Syscall.SOCKET,
                loadArgument(0),
                BpfInstruction.ifNotEqual(AF_NETLINK, 5),
                loadArgument(1),
                BpfInstruction.and(SOCK_TYPE_MASK),
                BpfInstruction.ifNotEqual(SOCK_STREAM, 2),
                BpfInstruction.ifNotEqual(SOCK_DGRAM, 1),
                BpfInstruction.answer(ACCESS_DENIED));
    }

    /** Adds instructions that are executed for one call only, and restores the call's number behind them. */
    private void when(Syscall call, BpfInstruction... body) {
        add(BpfInstruction.ifEqual(call.number(architecture), body.length + 1));
        add(body);
        add(BpfInstruction.load(NUMBER));
    }

    /** The low half of an argument: all that is judged here is of type {@code int}, or a mask of low bits. */
    private static BpfInstruction loadArgument(int index) {
        return BpfInstruction.load(ARGUMENTS + 8 * index);
    }

    private void add(BpfInstruction... instructions) {
        program.addAll(List.of(instructions));
    }
}
