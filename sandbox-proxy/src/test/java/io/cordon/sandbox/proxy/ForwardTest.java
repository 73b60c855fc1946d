package io.cordon.sandbox.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision.Protocol;
import io.cordon.sandbox.NetworkDecision.Reason;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain HTTP, which the proxy hands on request by request. */
class ForwardTest {
    private final List<String> received = new CopyOnWriteArrayList<>();
    private String response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private int bodyLength;
    private EchoServer server;
    private ProxyScene scene;

    @BeforeEach
    void open() throws Exception {
        server = new EchoServer(this::answer);
        scene = new ProxyScene(
                NetworkAccess.allowHosts("api.test:" + server.port()).withPrivateAddresses());
    }

    private void answer(Socket socket) throws IOException {
        String headers = ProxyScene.headers(socket.getInputStream());
        byte[] body = socket.getInputStream().readNBytes(bodyLength);
        received.add(headers + new String(body, StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
        // Also a server that would go on is asked once only.
        received.add("more: " + new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
    }

    @AfterEach
    void close() throws Exception {
        scene.close();
        server.close();
    }

    private String url(String rest) {
        return "http://api.test:" + server.port() + rest;
    }

    @Test
    void aRequestArrivesInTheFormForTheHost() throws Exception {
        String answer = scene.talk("GET " + url("/a|b?c={d}")
                + " HTTP/1.1\r\nHost: evil.test\r\nProxy-Connection: keep-alive\r\nProxy-Authorization: Basic eA==\r\n"
                + "Connection: X-Hop\r\nX-Hop: 1\r\nX-End: 2\r\nUpgrade: h2c\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\nok");
        assertThat(received.get(0))
                .startsWith("GET /a|b?c={d} HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nhost: api.test:" + server.port() + "\r\n")
                .containsIgnoringCase("\r\nx-end: 2\r\n")
                .containsIgnoringCase("\r\nconnection: close\r\n")
                .containsIgnoringCase("\r\nvia: 1.1 cordon\r\n")
                .doesNotContainIgnoringCase("evil.test")
                .doesNotContainIgnoringCase("proxy-")
                .doesNotContainIgnoringCase("x-hop")
                .doesNotContainIgnoringCase("upgrade");
        assertThat(scene.decisions).singleElement().satisfies(decision -> {
            assertThat(decision.reason()).isEqualTo(Reason.ALLOWED);
            assertThat(decision.protocol()).isEqualTo(Protocol.HTTP);
        });
    }

    @Test
    void bodiesArriveBothWays() throws Exception {
        bodyLength = 70_000;
        response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

        String answer =
                scene.talk("POST " + url("/") + " HTTP/1.1\r\nContent-Length: 70000\r\n\r\n" + "x".repeat(bodyLength));

        assertThat(received.get(0)).endsWith("\r\n\r\n" + "x".repeat(bodyLength));
        assertThat(answer).endsWith("\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    }

    @Test
    void aBodyUpToTheEndOfTheConnectionArrives() throws Exception {
        server.close();
        server = new EchoServer(socket -> {
            ProxyScene.headers(socket.getInputStream());
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\nall".getBytes(StandardCharsets.ISO_8859_1));
        });
        try (ProxyScene other = new ProxyScene(
                NetworkAccess.allowHosts("api.test:" + server.port()).withPrivateAddresses())) {
            assertThat(other.talk("GET " + url("/") + " HTTP/1.1\r\n\r\n")).endsWith("all");
        }
    }

    @Test
    void announcementsComeBeforeTheResponse() throws Exception {
        response = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + response;

        assertThat(scene.talk("GET " + url("/") + " HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 103 Early Hints\r\n")
                .contains("HTTP/1.1 200 OK")
                .endsWith("ok");
    }

    @Test
    void theResponseToHeadHasNoBody() throws Exception {
        response = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

        assertThat(scene.talk("HEAD " + url("") + " HTTP/1.1\r\n\r\n"))
                .containsIgnoringCase("content-length: 2")
                .endsWith("\r\n\r\n");
        assertThat(received.get(0)).startsWith("HEAD / HTTP/1.1");
    }

    /** It is dropped, for it was not judged; the first one's answer still arrives. */
    @Test
    void aSecondRequestOnTheSameConnectionReachesNobody() throws Exception {
        String first = "GET " + url("/first") + " HTTP/1.1\r\n\r\n";

        assertThat(scene.talk(first + "GET http://evil.test/second HTTP/1.1\r\nX: y\r\n\r\n"))
                .endsWith("ok");

        assertThat(String.join("", received)).contains("/first").doesNotContain("/second");
        assertThat(scene.decisions).hasSize(1);
    }

    /** Also when it comes while the first one is being handed on. */
    @Test
    void aLaterRequestOnTheSameConnectionReachesNobodyEither() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        EchoServer.Conversation patient = socket -> {
            String headers = ProxyScene.headers(socket.getInputStream());
            begun.countDown();
            socket.setSoTimeout(500);
            StringBuilder rest = new StringBuilder();
            try {
                for (int next = socket.getInputStream().read();
                        next >= 0;
                        next = socket.getInputStream().read()) {
                    rest.append((char) next);
                }
            } catch (SocketTimeoutException e) {
                received.add(headers + rest);
            }
            socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
        };
        try (EchoServer slow = new EchoServer(patient);
                ProxyScene other = new ProxyScene(
                        NetworkAccess.allowHosts("api.test:" + slow.port()).withPrivateAddresses());
                Socket socket = other.connect()) {
            String first = "POST http://api.test:" + slow.port() + "/first HTTP/1.1\r\nContent-Length: 1\r\n\r\n";
            socket.getOutputStream().write(first.getBytes(StandardCharsets.ISO_8859_1));
            begun.await();

            assertThat(ProxyScene.talk(
                            socket,
                            "xGET http://api.test/second HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)))
                    .endsWith("ok");
        }
        assertThat(received).singleElement().asString().endsWith("\r\n\r\nx");
    }

    /** What hosts read in different ways is refused. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nContent-Length: 6\r\n\r\nGET /x",
                "Content-Length: +5\r\n\r\nGET /x",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
                "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
                "X: y\rZ: z\r\n\r\n",
                "X\u0000: y\r\n\r\n"
            })
    void anAmbiguousRequestIsRefused(String rest) throws Exception {
        assertThat(scene.talk("POST " + url("/first") + " HTTP/1.1\r\n" + rest)).startsWith("HTTP/1.1 400");
        assertThat(server.connections).hasValue(0);
    }

    /** The host must not take what is broken for what is complete. */
    @Test
    void aBrokenBodyIsNotCompleted() throws Exception {
        scene.talk("POST " + url("/first") + " HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nGET /x\r\n\r\n");

        assertThat(String.join("", received)).doesNotContain("0\r\n\r\n").doesNotContain("GET /x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1",
                "GET https://api.test/ HTTP/1.1",
                "GET ftp://api.test/ HTTP/1.1",
                "GET http:///x HTTP/1.1",
                "GET http://user:password@api.test/ HTTP/1.1",
                "GET http://user@api.test/ HTTP/1.1",
                "GET http://api.test:99999/ HTTP/1.1",
                "GET http://api.test:x/ HTTP/1.1",
                "CONNECT api.test HTTP/1.1",
                "CONNECT / HTTP/1.1",
                "PRI * HTTP/2.0",
                "GET"
            })
    void whatIsNoRequestToAProxyIsRefused(String line) throws Exception {
        assertThat(scene.talk(line + "\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(scene.reasons()).containsExactly(Reason.MALFORMED);
        assertThat(server.connections).hasValue(0);
    }

    @Test
    void aRefusedUploadStillLearnsWhy() throws Exception {
        String answer = scene.talk(
                "POST http://evil.test/ HTTP/1.1\r\nContent-Length: 3000000\r\n\r\n" + "x".repeat(3_000_000));

        assertThat(answer).startsWith("HTTP/1.1 403").contains("HOST_NOT_ALLOWED");
    }

    @Test
    void aResponseThatIsNoneIsNotHandedOn() throws Exception {
        response = "SSH-2.0-OpenSSH\r\n\r\n";

        assertThat(scene.talk("GET " + url("/") + " HTTP/1.1\r\n\r\n")).isEmpty();
    }
}
