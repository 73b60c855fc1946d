package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.NetworkDecision;
import io.cordon.sandbox.NetworkDecision.Protocol;
import io.cordon.sandbox.NetworkDecision.Reason;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.proxy.LoopbackProxyProvider;
import io.cordon.sandbox.proxy.ProxyLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real clients in a sandbox, by the proxy to servers of this machine: nothing tells them of it but the variables of the
 * sandbox. The names are known to the proxy only.
 */
@Timeout(120)
class LinuxProxyTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    static Path directory;

    private static HttpServer http;
    private static HttpsServer https;
    private static Path store = Path.of("");
    private static Sandbox sandbox;

    @BeforeAll
    static void open() throws Exception {
        LinuxHost.requireTcpRules();
        LinuxHost.requireProgram("curl");
        LinuxHost.requireProgram("git");
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        Scene scene = new Scene(directory);
        makeRepository();
        store = makeStore();

        http = HttpServer.create(new InetSocketAddress(loopback, 0), 50);
        http.createContext("/", LinuxProxyTest::serve);
        http.start();
        https = HttpsServer.create(new InetSocketAddress(loopback, 0), 50);
        https.setHttpsConfigurator(new HttpsConfigurator(tls()));
        https.createContext("/", LinuxProxyTest::serve);
        https.start();

        SandboxPolicy policy = scene.policy().toBuilder()
                .network(NetworkAccess.allowHosts(
                                "api.test:" + http.getAddress().getPort(),
                                "api.test:" + https.getAddress().getPort(),
                                "metadata.test:80")
                        .withPrivateAddresses())
                .acceptPartial(Capability.NETWORK)
                .build();
        LoopbackProxyProvider proxies = new LoopbackProxyProvider(
                host -> switch (host) {
                    case "api.test" -> List.of(loopback);
                    case "metadata.test" ->
                        List.of(InetAddress.getByAddress(new byte[] {(byte) 169, (byte) 254, 1, 1}));
                    default -> throw new UnknownHostException(host);
                },
                ProxyLimits.DEFAULT);
        sandbox = Sandbox.open(policy, new LinuxSandboxBackend(), proxies);
    }

    @AfterAll
    static void close() throws Exception {
        if (sandbox != null) {
            sandbox.close();
        }
        if (http != null) {
            http.stop(0);
        }
        if (https != null) {
            https.stop(0);
        }
    }

    private static void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file = directory.resolve("served" + exchange.getRequestURI().getPath());
            byte[] body = Files.isRegularFile(file) ? Files.readAllBytes(file) : new byte[0];
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** One that any server of files can serve: the "dumb" protocol of gitprotocol-http(5). */
    private static void makeRepository() throws Exception {
        Path served = Files.createDirectories(directory.resolve("served"));
        Files.writeString(served.resolve("hello"), "hello");
        unconfined("git init -q work && cd work && echo text > file && git add file && git -c user.name=t -c "
                + "user.email=t@example.com commit -q -m first && cd .. && git clone -q --bare work "
                + "served/repository.git && git -C served/repository.git update-server-info");
    }

    private static Path makeStore() throws Exception {
        Path made = directory.resolve("store.p12");
        unconfined(
                "'" + Path.of(System.getProperty("java.home"), "bin", "keytool") + "' -genkeypair -keyalg EC -alias t "
                        + "-dname CN=api.test -ext SAN=dns:api.test -storepass changeit -keystore store.p12 -storetype PKCS12");
        return made;
    }

    private static void unconfined(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as(script).isZero();
    }

    private static SSLContext tls() throws Exception {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static String httpUrl(String rest) {
        return "http://api.test:" + http.getAddress().getPort() + rest;
    }

    private static String httpsUrl(String rest) {
        return "https://api.test:" + https.getAddress().getPort() + rest;
    }

    private static NetworkDecision lastDecision() {
        List<NetworkDecision> decisions = sandbox.networkDecisions();
        return decisions.get(decisions.size() - 1);
    }

    private static void succeeds(String expected, String... command) throws Exception {
        SandboxResult result = sandbox.run(command);
        assertThat(result.exitCode()).as(Scene.described(result)).isZero();
        assertThat(result.stdout().text(StandardCharsets.UTF_8)).isEqualTo(expected);
    }

    @Test
    void curlReadsByHttp() throws Exception {
        succeeds("hello", "curl", "-sSf", httpUrl("/hello"));
        assertThat(lastDecision().protocol()).isEqualTo(Protocol.HTTP);
        assertThat(lastDecision().allowed()).isTrue();
    }

    @Test
    void curlReadsByTls() throws Exception {
        succeeds("hello", "curl", "-sSfk", httpsUrl("/hello"));
        assertThat(lastDecision().protocol()).isEqualTo(Protocol.HTTP_CONNECT);
    }

    @Test
    void curlReadsBySocks() throws Exception {
        succeeds("hello", "sh", "-c", "curl -sSfk --proxy \"socks5h://${HTTP_PROXY#http://}\" " + httpsUrl("/hello"));
        assertThat(lastDecision().protocol()).isEqualTo(Protocol.SOCKS5);
    }

    @Test
    void curlIsToldWhyAHostIsRefused() throws Exception {
        SandboxResult result = sandbox.run("curl", "-sS", "http://evil.test/");

        assertThat(result.stdout().text()).contains("Cordon: HOST_NOT_ALLOWED");
        assertThat(lastDecision().reason()).isEqualTo(Reason.HOST_NOT_ALLOWED);
        assertThat(sandbox.run("curl", "-sS", "https://evil.test/").exitCode()).isNotZero();
        assertThat(sandbox.run("curl", "-sS", "http://metadata.test/").stdout().text())
                .contains("Cordon: PRIVATE_ADDRESS");
    }

    @Test
    void withoutTheProxyNothingIsReached() throws Exception {
        String url = "http://127.0.0.1:" + http.getAddress().getPort() + "/hello";
        unconfined("curl -sSf --noproxy '*' " + url + " > /dev/null");

        SandboxResult past = sandbox.run("curl", "-sSf", "--noproxy", "*", url);
        assertThat(past.exitCode()).as(Scene.described(past)).isEqualTo(7); // curl(1): failed to connect

        assertThat(sandbox.run("curl", "-sS", url).stdout().text()).contains("Cordon: ADDRESS_LITERAL");
    }

    @Test
    void gitClones() throws Exception {
        SandboxResult result = sandbox.run("git", "clone", "-q", httpUrl("/repository.git"), "by-http");
        assertThat(result.exitCode()).as(Scene.described(result)).isZero();
        result = sandbox.run("git", "-c", "http.sslVerify=false", "clone", "-q", httpsUrl("/repository.git"), "by-tls");
        assertThat(result.exitCode()).as(Scene.described(result)).isZero();

        assertThat(directory.resolve("workspace/by-http/file")).hasContent("text");
        assertThat(directory.resolve("workspace/by-tls/file")).hasContent("text");
        assertThat(sandbox.run("git", "clone", "-q", "http://evil.test/x.git").exitCode())
                .isNotZero();
    }

    @Test
    void bothClientsOfTheJdkRead() throws Exception {
        succeeds(
                "client hello\nconnection hello\nclient hello\nconnection hello\n",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djavax.net.ssl.trustStore=" + store,
                "-Djavax.net.ssl.trustStorePassword=changeit",
                "-cp",
                System.getProperty("java.class.path"),
                HttpClientsMain.class.getName(),
                httpUrl("/hello"),
                httpsUrl("/hello"));
    }
}
