package io.cordon.sandbox.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision;
import io.cordon.sandbox.NetworkDecision.Protocol;
import io.cordon.sandbox.NetworkDecision.Reason;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CONNECT and SOCKS5. */
class TunnelTest {
    private EchoServer server;
    private ProxyScene scene;

    @BeforeEach
    void open() throws Exception {
        server = new EchoServer();
        int port = server.port();
        scene = new ProxyScene(NetworkAccess.allowHosts(
                        "api.test:" + port,
                        "*.api.test:" + port,
                        "metadata.test:" + port,
                        "mixed.test:" + port,
                        "nothing.test:" + port,
                        "unknown.test:" + port)
                .withPrivateAddresses());
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
        server.close();
    }

    @Test
    void anAllowedHostIsReached() throws Exception {
        try (Socket socket = scene.tunnel("API.test.", server.port())) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello");
        }
        assertThat(scene.decisions).singleElement().satisfies(decision -> {
            assertThat(decision.allowed()).isTrue();
            assertThat(decision.protocol()).isEqualTo(Protocol.HTTP_CONNECT);
            assertThat(decision.host()).isEqualTo("API.test.");
            assertThat(decision.port()).isEqualTo(server.port());
            assertThat(decision.address()).contains(ProxyScene.address(127, 0, 0, 1));
        });
    }

    /** The JDK's own client sends names where the address is not resolved yet. */
    @Test
    void anAllowedHostIsReachedBySocks() throws Exception {
        Proxy socks = new Proxy(Proxy.Type.SOCKS, new InetSocketAddress("127.0.0.1", scene.proxy.port()));
        try (Socket socket = new Socket(socks)) {
            socket.connect(InetSocketAddress.createUnresolved("sub.api.test", server.port()));
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo("hello");
        }
        assertThat(scene.decisions)
                .singleElement()
                .satisfies(decision -> assertThat(decision.protocol()).isEqualTo(Protocol.SOCKS5));
    }

    /** Four megabytes each way at once: neither side waits for the other one to be done. */
    @Test
    void manyBytesArriveAsTheyAre() throws Exception {
        byte[] sent = new byte[4 << 20];
        new Random(42).nextBytes(sent);
        try (Socket socket = scene.tunnel("api.test", server.port())) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    socket.getOutputStream().write(sent);
                    socket.shutdownOutput();
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
            writing.join();
        }
    }

    @Test
    void whatIsSentWithTheRequestArrivesToo() throws Exception {
        try (Socket socket = scene.connect()) {
            String target = "api.test:" + server.port();
            socket.getOutputStream()
                    .write(("CONNECT " + target + " HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(socket.getInputStream().readAllBytes())
                    .asString()
                    .isEqualTo("HTTP/1.1 200 Connection established\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "evil.test, 0, HOST_NOT_ALLOWED, 403",
        "evilapi.test, 0, HOST_NOT_ALLOWED, 403",
        "api.test.evil.test, 0, HOST_NOT_ALLOWED, 403",
        "api.test, 1, PORT_NOT_ALLOWED, 403",
        "127.0.0.1, 0, ADDRESS_LITERAL, 403",
        "[::1], 0, ADDRESS_LITERAL, 403",
        "2130706433, 0, ADDRESS_LITERAL, 403",
        "metadata.test, 0, PRIVATE_ADDRESS, 403",
        "unknown.test, 0, NAME_UNRESOLVED, 502",
        "nothing.test, 0, NAME_UNRESOLVED, 502",
        "a_b.test, 0, NAME_INVALID, 403"
    })
    void otherHostsAreRefusedWithTheReason(String host, int portOffset, Reason reason, int status) throws Exception {
        String target = host + ":" + (server.port() + portOffset);

        String answer = scene.talk("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");

        assertThat(answer)
                .startsWith("HTTP/1.1 " + status)
                .contains("Cordon: " + reason)
                .containsIgnoringCase("\r\nproxy-status: cordon; error=");
        assertThat(scene.reasons()).containsExactly(reason);
        assertThat(server.connections).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({"evil.test, 2", "127.0.0.1, 2", "metadata.test, 2", "unknown.test, 4"})
    void otherHostsAreRefusedBySocks(String host, int status) throws Exception {
        try (Socket socket = scene.connect()) {
            byte[] answer = ProxyScene.talk(socket, socksRequest(1, host, server.port()))
                    .getBytes(StandardCharsets.ISO_8859_1);

            assertThat(answer).startsWith(5, 0, 5, status);
        }
        assertThat(scene.decisions).extracting(NetworkDecision::allowed).containsExactly(false);
        assertThat(server.connections).hasValue(0);
    }

    @Test
    void addressesAreRefusedBySocksAlsoInItsOwnForm() throws Exception {
        byte[] v4 = {5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, 0, 80};
        byte[] v6 = {5, 1, 0, 5, 1, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 80};
        for (byte[] request : new byte[][] {v4, v6}) {
            try (Socket socket = scene.connect()) {
                assertThat(ProxyScene.talk(socket, request).getBytes(StandardCharsets.ISO_8859_1))
                        .startsWith(5, 0, 5, 2);
            }
        }
        assertThat(scene.reasons()).containsExactly(Reason.ADDRESS_LITERAL, Reason.ADDRESS_LITERAL);
    }

    @Test
    void otherCommandsAndMethodsOfSocksAreRefused() throws Exception {
        try (Socket socket = scene.connect()) { // BIND
            assertThat(ProxyScene.talk(socket, socksRequest(2, "api.test", server.port()))
                            .getBytes(StandardCharsets.ISO_8859_1))
                    .startsWith(5, 0, 5, 7);
        }
        try (Socket socket = scene.connect()) { // a password only
            assertThat(ProxyScene.talk(socket, new byte[] {5, 1, 2}).getBytes(StandardCharsets.ISO_8859_1))
                    .startsWith(5, 0xFF);
        }
        assertThat(scene.reasons()).containsExactly(Reason.MALFORMED, Reason.MALFORMED);
        assertThat(server.connections).hasValue(0);
    }

    static byte[] socksRequest(int command, String host, int port) {
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[3 + 5 + name.length + 2];
        request[0] = 5;
        request[1] = 1;
        request[3] = 5;
        request[4] = (byte) command;
        request[6] = 3;
        request[7] = (byte) name.length;
        System.arraycopy(name, 0, request, 8, name.length);
        request[request.length - 2] = (byte) (port >> 8);
        request[request.length - 1] = (byte) port;
        return request;
    }

    /** Of a name with a forbidden and an allowed address, only the allowed one is used. */
    @Test
    void onlyPermittedAddressesOfANameAreUsed() throws Exception {
        try (Socket socket = scene.tunnel("mixed.test", server.port())) {
            assertThat(socket.isConnected()).isTrue();
            assertThat(scene.decisions.get(0).address()).contains(ProxyScene.address(127, 0, 0, 1));
        }
    }

    @Test
    void privateAddressesAreRefusedUnlessTheyAreAllowed() throws Exception {
        try (ProxyScene strict = new ProxyScene(NetworkAccess.allowHosts("api.test:" + server.port()))) {
            String answer = strict.talk("CONNECT api.test:" + server.port() + " HTTP/1.1\r\n\r\n");

            assertThat(answer).startsWith("HTTP/1.1 403").contains("error=destination_ip_prohibited");
            assertThat(strict.reasons()).containsExactly(Reason.PRIVATE_ADDRESS);
        }
        assertThat(server.connections).hasValue(0);
    }

    /** A resolver that answers differently each time is asked once, and what it said is what is connected to. */
    @Test
    void aNameIsResolvedOnceForEachConnection() throws Exception {
        java.util.concurrent.atomic.AtomicInteger asked = new java.util.concurrent.atomic.AtomicInteger();
        HostResolver rebinding = host -> asked.getAndIncrement() == 0
                ? java.util.List.of(ProxyScene.address(169, 254, 169, 254))
                : java.util.List.of(ProxyScene.address(127, 0, 0, 1));
        NetworkAccess access =
                NetworkAccess.allowHosts("api.test:" + server.port()).withPrivateAddresses();
        try (ProxyScene rebound = new ProxyScene(access, ProxyLimits.DEFAULT, rebinding)) {
            rebound.talk("CONNECT api.test:" + server.port() + " HTTP/1.1\r\n\r\n");

            assertThat(rebound.reasons()).containsExactly(Reason.PRIVATE_ADDRESS);
            assertThat(asked).hasValue(1);
        }
        assertThat(server.connections).hasValue(0);
    }

    @Test
    void aHostThatCannotBeConnectedToIsSaidToBeAllowed() throws Exception {
        server.close();

        assertThat(scene.talk("CONNECT api.test:" + server.port() + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 502")
                .contains("the host is allowed, and cannot be connected to");
        assertThat(scene.reasons()).containsExactly(Reason.ALLOWED);
    }
}
