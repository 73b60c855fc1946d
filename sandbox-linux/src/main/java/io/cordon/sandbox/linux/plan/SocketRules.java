package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableSet;

/** Which sockets a confined process makes and uses. */
final class SocketRules {
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

    private final FilterProgram program;

    private SocketRules(FilterProgram program) {
        this.program = program;
    }

    static void addTo(FilterProgram program, NetworkMode network) {
        SocketRules rules = new SocketRules(program);
        rules.refuseSocketPairsThatCanConnect();
        switch (network) {
            case NONE -> rules.refuseSockets();
            case PROXY -> rules.allowTcpClients();
            case ALLOWED -> rules.allowInternetSockets();
        }
    }

    /**
     * Connected pairs are what programs talk to their children with, and reach nobody else. A pair of datagram sockets
     * could still send to, or be connected to, any path: unix(7).
     */
    private void refuseSocketPairsThatCanConnect() {
        program.when(
                Syscall.SOCKETPAIR,
                FilterProgram.loadArgument(1),
                BpfInstruction.and(SOCK_TYPE_MASK),
                BpfInstruction.ifNotEqual(SOCK_STREAM, 2),
                BpfInstruction.ifNotEqual(SOCK_SEQPACKET, 1),
                BpfInstruction.answer(SeccompFilter.ACCESS_DENIED));
    }

    /** Without the calls on sockets, a descriptor that was inherited connects nowhere either. */
    private void refuseSockets() {
        for (Syscall call : ImmutableSet.of(
                Syscall.SOCKET, Syscall.CONNECT, Syscall.BIND, Syscall.LISTEN, Syscall.ACCEPT, Syscall.ACCEPT4)) {
            program.refuse(call, SeccompFilter.ACCESS_DENIED);
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
            program.refuse(call, SeccompFilter.ACCESS_DENIED);
        }
        program.when(
                Syscall.SOCKET,
                FilterProgram.loadArgument(0),
                BpfInstruction.ifNotEqual(AF_INET, 2),
                BpfInstruction.ifNotEqual(AF_INET6, 1),
                BpfInstruction.answer(SeccompFilter.ACCESS_DENIED),
                FilterProgram.loadArgument(1),
                BpfInstruction.and(SOCK_TYPE_MASK),
                BpfInstruction.ifNotEqual(SOCK_STREAM, 1),
                BpfInstruction.answer(SeccompFilter.ACCESS_DENIED),
                FilterProgram.loadArgument(2),
                BpfInstruction.ifNotEqual(ANY_PROTOCOL, 2),
                BpfInstruction.ifNotEqual(IPPROTO_TCP, 1),
                BpfInstruction.answer(SeccompFilter.ACCESS_DENIED));
        refuseFlag(Syscall.SENDTO, 3, MSG_FASTOPEN);
        refuseFlag(Syscall.SENDMSG, 2, MSG_FASTOPEN);
        refuseFlag(Syscall.SENDMMSG, 3, MSG_FASTOPEN);
    }

    private void refuseFlag(Syscall call, int argument, int flag) {
        program.when(
                call,
                FilterProgram.loadArgument(argument),
                BpfInstruction.ifAnyBit(flag, 1),
                BpfInstruction.answer(SeccompFilter.ACCESS_DENIED));
    }

    /**
     * IPv4 and IPv6 streams and datagrams, and the netlink family that lists addresses and routes, which name
     * resolution asks. Not AF_UNIX: Landlock does not mediate connecting to a path, and daemons of the user and the
     * system (D-Bus, Docker) run commands for whoever connects, unconfined. Not raw sockets, nor any other family.
     */
    private void allowInternetSockets() {
        program.when(
                Syscall.SOCKET,
                FilterProgram.loadArgument(0),
                BpfInstruction.ifNotEqual(AF_INET, 3),
                BpfInstruction.ifNotEqual(AF_INET6, 2),
                BpfInstruction.ifNotEqual(AF_NETLINK, 1),
                BpfInstruction.answer(SeccompFilter.ACCESS_DENIED),
                // An internet socket, stream or datagram: on. Netlink: only routes, judged by the protocol.
                BpfInstruction.ifEqual(AF_NETLINK, 3),
                FilterProgram.loadArgument(2),
                BpfInstruction.ifNotEqual(NETLINK_ROUTE, 1),
                BpfInstruction.answer(SeccompFilter.ACCESS_DENIED));
        program.when(
                Syscall.SOCKET,
                FilterProgram.loadArgument(0),
                BpfInstruction.ifNotEqual(AF_NETLINK, 5),
                FilterProgram.loadArgument(1),
                BpfInstruction.and(SOCK_TYPE_MASK),
                BpfInstruction.ifNotEqual(SOCK_STREAM, 2),
                BpfInstruction.ifNotEqual(SOCK_DGRAM, 1),
                BpfInstruction.answer(SeccompFilter.ACCESS_DENIED));
    }
}
