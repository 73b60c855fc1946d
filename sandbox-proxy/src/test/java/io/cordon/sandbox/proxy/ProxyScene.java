package io.cordon.sandbox.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision;
import io.cordon.sandbox.spi.NetworkProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy, names that lead where a test wants, and what was decided. */
final class ProxyScene implements AutoCloseable {
    /** Of the tests of what happens when time is up. */
    static final Duration SHORT = Duration.ofMillis(300);

    static final ProxyLimits SHORT_TIMES = new ProxyLimits(256, 16, 16 * 1024, SHORT, SHORT, SHORT, SHORT);

    private static final ImmutableMap<String, List<InetAddress>> NAMES = ImmutableMap.of(
            "api.test", List.of(address(127, 0, 0, 1)),
            "sub.api.test", List.of(address(127, 0, 0, 1)),
            "metadata.test", List.of(address(169, 254, 169, 254)),
            "mixed.test", List.of(address(169, 254, 169, 254), address(127, 0, 0, 1)),
            "nothing.test", List.of());

    final List<NetworkDecision> decisions = new CopyOnWriteArrayList<>();
    final NetworkProxy proxy;

    ProxyScene(NetworkAccess access) throws IOException {
        this(access, ProxyLimits.DEFAULT);
    }

    ProxyScene(NetworkAccess access, ProxyLimits limits) throws IOException {
        this(access, limits, ProxyScene::resolve);
    }

    ProxyScene(NetworkAccess access, ProxyLimits limits, HostResolver resolver) throws IOException {
        proxy = new LoopbackProxyProvider(resolver, limits).open(access, decisions::add);
    }

    private static List<InetAddress> resolve(String host) throws UnknownHostException {
        List<InetAddress> found = NAMES.get(host);
        if (found == null) {
            throw new UnknownHostException(host);
        }
        return found;
    }

    static InetAddress address(int a, int b, int c, int d) {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d});
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    Socket connect() throws IOException {
        Socket socket = new Socket(address(127, 0, 0, 1), proxy.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** Sends text, and reads until the proxy closes. */
    String talk(String request) throws IOException {
        try (Socket socket = connect()) {
            return talk(socket, request.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    static String talk(Socket socket, byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Opens a tunnel, and leaves the socket behind the proxy's answer. */
    Socket tunnel(String host, int port) throws IOException {
        Socket socket = connect();
        String target = host + ":" + port;
        socket.getOutputStream()
                .write(("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1));
        assertThat(headers(socket.getInputStream())).startsWith("HTTP/1.1 200 Connection established");
        return socket;
    }

    /** Up to the empty line. */
    static String headers(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    List<NetworkDecision.Reason> reasons() {
        return decisions.stream().map(NetworkDecision::reason).toList();
    }

    @Override
    public void close() {
        proxy.close();
    }
}
