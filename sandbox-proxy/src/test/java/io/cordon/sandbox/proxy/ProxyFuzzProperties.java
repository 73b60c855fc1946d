package io.cordon.sandbox.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any bytes: the connection ends, nothing is connected to that is not allowed, and the proxy goes on. */
@SuppressWarnings("NullAway.Init") // before the container
class ProxyFuzzProperties {
    private static EchoServer server;
    private static ProxyScene scene;

    @BeforeContainer
    static void open() throws Exception {
        server = new EchoServer();
        // Every name that is not there, and a server that would answer: what reaches it came past the rules.
        scene = new ProxyScene(NetworkAccess.allowHosts("allowed.test:1"));
    }

    @AfterContainer
    static void close() throws Exception {
        scene.close();
        server.close();
    }

    @Property(tries = 500)
    void anyBytesEndInAClosedConnection(@ForAll("bytes") byte[] bytes) throws Exception {
        try (Socket socket = scene.connect()) {
            send(socket, bytes);
        }
        assertThat(server.connections).hasValue(0);
        assertThat(scene.decisions).noneMatch(NetworkDecision::allowed);
        scene.decisions.clear();

        // The proxy still answers.
        assertThat(scene.talk("CONNECT evil.test:1 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 403");
        scene.decisions.clear();
    }

    /** Returns when the proxy has closed; that it reset the connection is an end, too. */
    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection stays open", e);
        } catch (IOException e) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        Arbitrary<byte[]> any = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        String target = "127.0.0.1:" + server.port();
        Arbitrary<byte[]> http = Arbitraries.of(
                        "CONNECT ",
                        "GET ",
                        "POST ",
                        "http://",
                        "HTTP/1.1",
                        target,
                        "localhost:" + server.port(),
                        " ",
                        "\r\n",
                        "\r\n\r\n",
                        "Host: ",
                        "Content-Length: 5",
                        "Transfer-Encoding: chunked",
                        "0",
                        ":",
                        "/",
                        "@",
                        "allowed.test",
                        "[::ffff:127.0.0.1]:" + server.port(),
                        "\u0000",
                        "\t")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts).getBytes(StandardCharsets.ISO_8859_1));
        Arbitrary<byte[]> socks = any.map(rest -> {
            byte[] request = new byte[rest.length + 4];
            byte[] greeting = {5, 1, 0, 5};
            System.arraycopy(greeting, 0, request, 0, greeting.length);
            System.arraycopy(rest, 0, request, greeting.length, rest.length);
            return request;
        });
        return Arbitraries.oneOf(any, http, socks);
    }
}
