package io.cordon.sandbox.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/** What a child can use up, and for how long. That something ends is tested, never how fast. */
class ProxyBoundsTest {
    private static NetworkAccess to(EchoServer server) {
        return NetworkAccess.allowHosts("api.test:" + server.port()).withPrivateAddresses();
    }

    @Test
    @SuppressWarnings("try") // closed early, on purpose
    void connectionsOverTheLimitAreClosed() throws Exception {
        ProxyLimits two = new ProxyLimits(
                2, 1, 1024, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
        try (EchoServer server = new EchoServer();
                ProxyScene scene = new ProxyScene(to(server), two);
                Socket one = scene.tunnel("api.test", server.port());
                Socket other = scene.tunnel("api.test", server.port())) {
            try (Socket third = scene.connect()) {
                assertThat(third.getInputStream().read()).isEqualTo(-1);
            }
            other.close();
            // The place is free again when the proxy has seen that.
            String answer = "";
            while (!answer.startsWith("HTTP/1.1 403")) {
                answer = orEmpty(() -> scene.talk("CONNECT evil.test:443 HTTP/1.1\r\n\r\n"));
            }
            assertThat(one.isConnected()).isTrue();
        }
    }

    private static String orEmpty(java.util.concurrent.Callable<String> talk) throws Exception {
        try {
            return talk.call();
        } catch (IOException e) {
            return "";
        }
    }

    @Test
    void aRequestThatDoesNotEndIsClosed() throws Exception {
        try (EchoServer server = new EchoServer();
                ProxyScene scene = new ProxyScene(to(server), ProxyScene.SHORT_TIMES)) {
            for (String beginning : List.of("", "C", "CONNECT api.test:1 HTTP/1.1\r\nX: ", "\u0005", "\u0005\u0001")) {
                assertThat(scene.talk(beginning)).as(beginning).isEmpty();
            }
            assertThat(server.connections).hasValue(0);
        }
    }

    @Test
    void aTunnelInWhichNothingHappensIsClosed() throws Exception {
        try (EchoServer server = new EchoServer();
                ProxyScene scene = new ProxyScene(to(server), ProxyScene.SHORT_TIMES);
                Socket tunnel = scene.tunnel("api.test", server.port())) {
            assertThat(tunnel.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void aResolverThatHangsHoldsNobodyForLong() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        HostResolver hanging = host -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        };
        ProxyLimits one =
                new ProxyLimits(9, 1, 1024, ProxyScene.SHORT, ProxyScene.SHORT, ProxyScene.SHORT, ProxyScene.SHORT);
        try (ProxyScene scene = new ProxyScene(NetworkAccess.allowHosts("slow.test"), one, hanging)) {
            assertThat(scene.talk("CONNECT slow.test:443 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 502");
            // The only thread for look-ups still hangs.
            assertThat(scene.talk("CONNECT slow.test:443 HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 503");
            assertThat(scene.reasons()).containsExactly(Reason.NAME_UNRESOLVED, Reason.OVERLOADED);
        } finally {
            end.countDown();
        }
    }

    @Test
    void headersAreAsLongAsTheLimit() throws Exception {
        try (EchoServer server = new EchoServer();
                ProxyScene scene = new ProxyScene(to(server))) {
            String target = "CONNECT api.test:" + server.port();
            assertThat(scene.talk(target + " HTTP/1.1\r\nX: " + "y".repeat(20_000) + "\r\n\r\n"))
                    .startsWith("HTTP/1.1 400");
            assertThat(scene.talk("GET http://api.test/" + "y".repeat(20_000) + " HTTP/1.1\r\n\r\n"))
                    .startsWith("HTTP/1.1 400");
            assertThat(scene.reasons()).containsExactly(Reason.MALFORMED, Reason.MALFORMED);
            assertThat(server.connections).hasValue(0);
        }
    }

    /** A host that sends without end is read no faster than the child reads. */
    @Test
    void nothingIsHeldForAChildThatDoesNotRead() throws Exception {
        AtomicLong sent = new AtomicLong();
        CountDownLatch stuck = new CountDownLatch(1);
        EchoServer.Conversation flood = socket -> {
            byte[] block = new byte[64 * 1024];
            // More than all buffers of the system between the three; what goes on without a reader is held by the
            // proxy.
            while (sent.get() < 256L << 20) {
                socket.getOutputStream().write(block);
                sent.addAndGet(block.length);
            }
            stuck.countDown();
        };
        try (EchoServer server = new EchoServer(flood);
                ProxyScene scene = new ProxyScene(to(server));
                Socket tunnel = scene.tunnel("api.test", server.port())) {
            assertThat(tunnel.isConnected()).isTrue();
            assertThat(stuck.await(2, java.util.concurrent.TimeUnit.SECONDS)).isFalse();
            assertThat(sent.get()).isLessThan(64L << 20);
        }
    }

    @Test
    void closingEndsEveryConnectionAndThePort() throws Exception {
        ProxyScene scene;
        Socket tunnel;
        try (EchoServer server = new EchoServer()) {
            scene = new ProxyScene(to(server));
            tunnel = scene.tunnel("api.test", server.port());
            scene.close();
            scene.close();
        }
        try (tunnel) {
            assertThat(orMinusOne(tunnel)).isEqualTo(-1);
        }
        Assertions.assertThatExceptionOfType(ConnectException.class).isThrownBy(scene::connect);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("cordon-proxy");
    }

    /** A connection that is reset has ended, too. */
    private static int orMinusOne(Socket socket) {
        try {
            return socket.getInputStream().read();
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void limitsArePositive() {
        Duration second = Duration.ofSeconds(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new ProxyLimits(0, 1, 1, second, second, second, second));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProxyLimits(1, 1, 1, second, second, second, Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ProxyLimits(1, 1, 1, Duration.ofDays(30), second, second, second));
    }
}
