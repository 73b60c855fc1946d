package io.cordon.sandbox.linux;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;

/**
 * A program that runs confined and unconfined: it tries what a child that knows the proxy's port could try past it, and
 * prints for each try its name and the {@code errno}, 0 for success. Arguments: the proxy's port, and that of another
 * server.
 */
public final class NetworkProbe {
    private static final C C_LIBRARY = Native.load("c", C.class);
    private static final int MSG_FASTOPEN = 0x20000000;
    private static final int STREAM = 1;
    private static final int DATAGRAM = 2;

    private NetworkProbe() {}

    interface C extends Library {
        int socket(int domain, int type, int protocol);

        int connect(int descriptor, Pointer address, int size);

        int bind(int descriptor, Pointer address, int size);

        int listen(int descriptor, int backlog);

        long sendto(int descriptor, Pointer data, long size, int flags, Pointer address, int addressSize);

        long sendmsg(int descriptor, Pointer message, int flags);

        int sendmmsg(int descriptor, Pointer messages, int count, int flags);

        int setsockopt(int descriptor, int level, int option, Pointer value, int size);
    }

    public static void main(String[] arguments) throws Exception {
        int proxy = Integer.parseInt(arguments[0]);
        int other = Integer.parseInt(arguments[1]);
        print("socket-tcp4", C_LIBRARY.socket(2, STREAM, 0));
        print("socket-tcp6", C_LIBRARY.socket(10, STREAM, 6));
        print("socket-udp4", C_LIBRARY.socket(2, DATAGRAM, 0));
        print("socket-udp6", C_LIBRARY.socket(10, DATAGRAM, 0));
        print("socket-icmp", C_LIBRARY.socket(2, DATAGRAM, 1));
        print("socket-raw", C_LIBRARY.socket(2, 3, 1));
        print("socket-mptcp", C_LIBRARY.socket(2, STREAM, 262));
        print("socket-sctp", C_LIBRARY.socket(2, STREAM, 132));
        print("socket-smc", C_LIBRARY.socket(43, STREAM, 0));
        print("socket-netlink", C_LIBRARY.socket(16, 3, 0));
        print("socket-unix", C_LIBRARY.socket(1, STREAM, 0));
        print("socket-vsock", C_LIBRARY.socket(40, STREAM, 0));

        connect("proxy", "127.0.0.1", proxy);
        connect("other-port-4", "127.0.0.1", other);
        connect("other-port-6", "::1", other);
        connect("other-port-mapped", "::ffff:127.0.0.1", other);
        connect("proxys-port-of-another-host", "127.0.0.2", proxy);

        fastOpen(other);
        int bound = C_LIBRARY.socket(2, STREAM, 0);
        print("bind", C_LIBRARY.bind(bound, address("127.0.0.1", 0), 16));
        print("listen", C_LIBRARY.listen(C_LIBRARY.socket(2, STREAM, 0), 1));
        udp(other);
    }

    private static void connect(String name, String host, int port) throws Exception {
        Memory address = address(host, port);
        int socket = C_LIBRARY.socket(address.size() == 16 ? 2 : 10, STREAM, 0);
        print(name, C_LIBRARY.connect(socket, address, (int) address.size()));
    }

    /** Data in the first packet: four ways of asking for that. */
    private static void fastOpen(int port) throws Exception {
        Memory address = address("127.0.0.1", port);
        Memory data = new Memory(1);
        int first = C_LIBRARY.socket(2, STREAM, 0);
        print("fast-open-sendto", C_LIBRARY.sendto(first, data, 1, MSG_FASTOPEN, address, 16));

        Memory vector = new Memory(16);
        vector.setPointer(0, data);
        vector.setLong(8, 1);
        Memory messages = new Memory(64); // struct mmsghdr: struct msghdr, and a length
        messages.clear();
        messages.setPointer(0, address);
        messages.setInt(8, 16);
        messages.setPointer(16, vector);
        messages.setLong(24, 1);
        print("fast-open-sendmsg", C_LIBRARY.sendmsg(C_LIBRARY.socket(2, STREAM, 0), messages, MSG_FASTOPEN));
        print("fast-open-sendmmsg", C_LIBRARY.sendmmsg(C_LIBRARY.socket(2, STREAM, 0), messages, 1, MSG_FASTOPEN));

        int last = C_LIBRARY.socket(2, STREAM, 0);
        Memory one = new Memory(4);
        one.setInt(0, 1);
        int set = C_LIBRARY.setsockopt(last, 6, 30 /* TCP_FASTOPEN_CONNECT */, one, 4);
        print("fast-open-connect", set < 0 ? set : C_LIBRARY.connect(last, address, 16));
    }

    private static void udp(int port) throws Exception {
        int socket = C_LIBRARY.socket(2, DATAGRAM, 0);
        print(
                "udp-send",
                socket < 0 ? -1 : C_LIBRARY.sendto(socket, new Memory(1), 1, 0, address("127.0.0.1", port), 16));
    }

    private static void print(String name, long result) {
        System.out.println(name + " " + (result < 0 ? Native.getLastError() : 0));
    }

    /** {@code struct sockaddr_in} or {@code sockaddr_in6}. */
    private static Memory address(String host, int port) throws Exception {
        byte[] bytes = host.startsWith("::ffff:")
                ? mapped(host.substring(7))
                : InetAddress.getByName(host).getAddress();
        boolean six = bytes.length == 16;
        Memory memory = new Memory(six ? 28 : 16);
        memory.clear();
        memory.setShort(0, (short) (six ? 10 : 2));
        memory.setByte(2, (byte) (port >> 8));
        memory.setByte(3, (byte) port);
        memory.write(six ? 8 : 4, bytes, 0, bytes.length);
        return memory;
    }

    private static byte[] mapped(String host) throws Exception {
        byte[] bytes = Inet6Address.getByName("::1").getAddress();
        bytes[10] = (byte) 0xFF;
        bytes[11] = (byte) 0xFF;
        System.arraycopy(InetAddress.getByName(host).getAddress(), 0, bytes, 12, 4);
        return bytes;
    }

    /** For tests: the answers by name. */
    static java.util.Map<String, String> parsed(byte[] output) {
        java.util.Map<String, String> answers = new java.util.LinkedHashMap<>();
        new String(output, StandardCharsets.UTF_8)
                .lines()
                .forEach(line ->
                        answers.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
        return answers;
    }
}
