package io.cordon.sandbox.linux;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.cordon.sandbox.linux.plan.Architecture;
import io.cordon.sandbox.linux.plan.Syscall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * A program that runs confined and unconfined: it makes system calls that must be denied, and prints for each its name
 * and the {@code errno}, 0 for success. The calls are chosen to change nothing where they succeed.
 */
public final class SyscallProbe {
    private static final Architecture ARCHITECTURE =
            Architecture.of(System.getProperty("os.arch")).orElseThrow();
    private static final C C_LIBRARY = Native.load("c", C.class);

    private SyscallProbe() {}

    interface C extends Library {
        int socket(int domain, int type, int protocol);

        int socketpair(int domain, int type, int protocol, Memory descriptors);

        int ioctl(int descriptor, long request, Memory argument);

        long syscall(long number, long first, long second, long third, long fourth, long fifth);
    }

    /** Prints the answers; the arguments are a TCP port of this machine and the path of a listening socket. */
    public static void main(String[] arguments) {
        int[] domains = {1, 2, 10, 16, 17, 31, 38, 40};
        for (int domain : domains) {
            for (int type : new int[] {1, 2, 3, 5}) {
                answer("socket-" + domain + "-" + type, C_LIBRARY.socket(domain, type, 0));
            }
        }
        Memory two = new Memory(8);
        answer("socketpair-stream", C_LIBRARY.socketpair(1, 1, 0, two));
        answer("socketpair-datagram", C_LIBRARY.socketpair(1, 2, 0, two));
        answer("ioctl-TIOCSTI", C_LIBRARY.ioctl(0, 0x5412, new Memory(1)));

        call(Syscall.UNSHARE, 0x10000000, 0, 0, 0, 0);
        call(Syscall.SETNS, -1, 0, 0, 0, 0);
        call(Syscall.MOUNT, 0, 0, 0, 0, 0);
        call(Syscall.PTRACE, 0x4206, -1, 0, 0, 0);
        call(Syscall.PROCESS_VM_READV, -1, 0, 0, 0, 0);
        call(Syscall.PIDFD_GETFD, -1, 0, 0, 0, 0);
        call(Syscall.IO_URING_SETUP, 0, 0, 0, 0, 0);
        call(Syscall.BPF, -1, 0, 0, 0, 0);
        call(Syscall.KEYCTL, 0, -3, 0, 0, 0);
        call(Syscall.USERFAULTFD, -1, 0, 0, 0, 0);
        call(Syscall.PERF_EVENT_OPEN, 0, -1, -1, -1, 0);
        call(Syscall.OPEN_BY_HANDLE_AT, -1, 0, 0, 0, 0);
        call(Syscall.SHMGET, 0, 4096, 01000 | 0600, 0, 0);
        call(Syscall.CLONE3, 0, 0, 0, 0, 0);
        call(Syscall.CLONE, 0x10000000 | 0x200, 0, 0, 0, 0); // NEWUSER with FS, which no kernel takes together
        call(Syscall.PRLIMIT64, parent(), 7, 0, 0, 0);
        if (ARCHITECTURE == Architecture.X86_64) {
            answer("x32-getpid", C_LIBRARY.syscall(0x40000000 | 39, 0, 0, 0, 0, 0));
        }

        connect("tcp4", new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])));
        connect("tcp6", new InetSocketAddress("::1", Integer.parseInt(arguments[0])));
        unix(arguments[1]);
        resolve();
    }

    private static long parent() {
        return ProcessHandle.current().parent().orElseThrow().pid();
    }

    private static void call(Syscall call, long... arguments) {
        answer(
                call.name(),
                C_LIBRARY.syscall(
                        call.number(ARCHITECTURE),
                        arguments[0],
                        arguments[1],
                        arguments[2],
                        arguments[3],
                        arguments[4]));
    }

    private static void answer(String name, long result) {
        System.out.println(name + " " + (result < 0 ? Native.getLastError() : 0));
    }

    private static void connect(String name, InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(address, 2000);
            System.out.println(name + " 0");
        } catch (java.io.IOException e) {
            System.out.println(name + " " + e);
        }
    }

    private static void unix(String path) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            System.out.println("unix " + (channel.isConnected() ? 0 : 1));
        } catch (java.io.IOException e) {
            System.out.println("unix " + e);
        }
    }

    private static void resolve() {
        try {
            System.out.println(
                    "localhost " + (InetAddress.getByName("localhost").isLoopbackAddress() ? 0 : 1));
        } catch (java.io.IOException e) {
            System.out.println("localhost " + e);
        }
    }
}
