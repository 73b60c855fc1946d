package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.NetworkProxy;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.ProxyConfiningBackend;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that names hosts: who opens and closes the proxy, and what the child and the caller are told. */
class ProxiedSandboxTest {
    private static final NetworkAccess HOSTS = NetworkAccess.allowHosts("a.example");
    private static final int PORT = 4711;

    private final UnconfinedTestBackend unconfined = new UnconfinedTestBackend();
    private final List<Integer> preparedPorts = new ArrayList<>();
    private final FakeProxies proxies = new FakeProxies();
    private SandboxPolicy policy = SandboxPolicy.readOnly();

    @BeforeEach
    void useTheWorkspace(@TempDir Path workspace) {
        policy = SandboxPolicy.workspaceWrite(workspace).toBuilder()
                .network(HOSTS)
                .build();
    }

    private static final class FakeProxies implements NetworkProxyProvider {
        final List<NetworkAccess> opened = new ArrayList<>();
        Consumer<NetworkDecision> decisions = decision -> {};
        int closed;

        @Override
        public NetworkProxy open(NetworkAccess access, Consumer<NetworkDecision> told) {
            opened.add(access);
            decisions = told;
            return new NetworkProxy() {
                @Override
                public int port() {
                    return PORT;
                }

                @Override
                public void close() {
                    closed++;
                }
            };
        }
    }

    private final class ProxyingBackend implements ProxyConfiningBackend {
        private boolean fails;

        @Override
        public String name() {
            return unconfined.name();
        }

        @Override
        public BackendProbe probe() {
            return unconfined.probe();
        }

        @Override
        public BackendPlan plan(SandboxPolicy asked) {
            return unconfined.plan(asked);
        }

        @Override
        public PreparedSandbox prepare(SandboxPolicy asked) {
            return unconfined.prepare(asked);
        }

        @Override
        public PreparedSandbox prepare(SandboxPolicy asked, int proxyPort) {
            if (fails) {
                throw new IllegalStateException("a test wants this");
            }
            preparedPorts.add(proxyPort);
            return unconfined.prepare(asked);
        }
    }

    @Test
    void theBackendLearnsThePortAndTheChildTheVariables() throws Exception {
        try (Sandbox sandbox = Sandbox.open(policy, new ProxyingBackend(), proxies)) {
            sandbox.run(TestSandboxes.anyProgram().toString(), "-version");
            assertThat(proxies.closed).isZero();
        }

        assertThat(proxies.opened).containsExactly(HOSTS);
        assertThat(preparedPorts).containsExactly(PORT);
        assertThat(unconfined.requests.get(0).environment())
                .containsEntry("HTTPS_PROXY", "http://127.0.0.1:4711")
                .hasEntrySatisfying(
                        "JAVA_TOOL_OPTIONS", options -> assertThat(options).contains("-Dhttps.proxyPort=4711"));
        assertThat(unconfined.closed).hasValue(1);
        assertThat(proxies.closed).isEqualTo(1);
    }

    @Test
    void withoutHostsThereIsNoProxy() throws Exception {
        SandboxPolicy closed = policy.toBuilder().network(NetworkAccess.NONE).build();

        try (Sandbox sandbox = Sandbox.open(closed, new ProxyingBackend(), proxies)) {
            sandbox.run(TestSandboxes.anyProgram().toString(), "-version");
            assertThat(sandbox.networkDecisions()).isEmpty();
        }

        assertThat(proxies.opened).isEmpty();
        assertThat(unconfined.requests.get(0).environment()).doesNotContainKey("HTTPS_PROXY");
    }

    @Test
    void aBackendThatKnowsNothingOfProxiesIsNotBelieved() throws Exception {
        assertThatExceptionOfType(UnenforceablePolicyException.class)
                .isThrownBy(() -> Sandbox.open(policy, unconfined, proxies))
                .satisfies(e -> assertThat(e.unmet())
                        .extracting(Enforcement::capability, Enforcement::level)
                        .containsExactly(
                                org.assertj.core.groups.Tuple.tuple(Capability.NETWORK, EnforcementLevel.NONE)))
                .withMessageContaining("cannot confine to a proxy");
        assertThat(proxies.opened).isEmpty();

        SandboxPolicy accepting =
                policy.toBuilder().bestEffort(Capability.NETWORK).build();
        try (Sandbox sandbox = Sandbox.open(accepting, unconfined, proxies)) {
            assertThat(sandbox.enforcement().level(Capability.NETWORK)).isEqualTo(EnforcementLevel.NONE);
        }
    }

    @Test
    void aProxyWhoseSandboxDoesNotComeAboutIsClosed() {
        ProxyingBackend failing = new ProxyingBackend();
        failing.fails = true;

        assertThatIllegalStateException().isThrownBy(() -> Sandbox.open(policy, failing, proxies));
        assertThat(proxies.closed).isEqualTo(1);

        unconfined.sees(Enforcement.none(Capability.NETWORK, "no filter", "install one"));
        assertThatExceptionOfType(UnenforceablePolicyException.class)
                .isThrownBy(() -> Sandbox.open(policy, new ProxyingBackend(), proxies));
        assertThat(proxies.closed).isEqualTo(2);
        assertThat(unconfined.closed).hasValue(1);
    }

    @Test
    void aProxyIsClosedAlsoWhenItsSandboxFailsTo() throws Exception {
        unconfined.failsToClose();
        Sandbox sandbox = Sandbox.open(policy, new ProxyingBackend(), proxies);

        assertThatExceptionOfType(SandboxException.class).isThrownBy(sandbox::close);
        assertThat(proxies.closed).isEqualTo(1);
    }

    @Test
    void withoutAProxyOnTheClassPathTheErrorSaysWhatToAdd() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> Sandbox.open(policy, new ProxyingBackend()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROXY_UNAVAILABLE))
                .withMessageContaining("add io.cordon:sandbox-proxy");
    }

    @Test
    void decisionsAreKeptAndRecorded(@TempDir Path directory) throws Exception {
        NetworkDecision decision = new NetworkDecision(
                Instant.now(),
                NetworkDecision.Protocol.HTTP_CONNECT,
                "evil.example",
                443,
                NetworkDecision.Reason.HOST_NOT_ALLOWED,
                Optional.empty());
        Path file = directory.resolve("recording.jfr");

        try (Recording recording = new Recording();
                Sandbox sandbox = Sandbox.open(policy, new ProxyingBackend(), proxies)) {
            recording.start();
            proxies.decisions.accept(decision);
            recording.stop();
            recording.dump(file);
            assertThat(sandbox.networkDecisions()).containsExactly(decision);
        }

        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals("io.cordon.sandbox.NetworkDecision"))
                .toList();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.getString("host")).isEqualTo("evil.example");
            assertThat(event.getString("protocol")).isEqualTo("HTTP_CONNECT");
            assertThat(event.getInt("port")).isEqualTo(443);
            assertThat(event.getBoolean("allowed")).isFalse();
            assertThat(event.getString("reason")).isEqualTo("HOST_NOT_ALLOWED");
        });
    }

    @Test
    void theVariablesReplaceOthersAndOptionsOfJavaAreKept() {
        ImmutableMap<String, String> own = ImmutableMap.of(
                "HTTP_PROXY", "http://corporate:8080", "no_proxy", "*", "JAVA_TOOL_OPTIONS", "-Xmx1g", "PATH", "/bin");

        assertThat(ProxyVariables.added(own, PORT, false))
                .containsEntry("HTTP_PROXY", "http://127.0.0.1:4711")
                .containsEntry("http_proxy", "http://127.0.0.1:4711")
                .containsEntry("all_proxy", "http://127.0.0.1:4711")
                .containsEntry("NO_PROXY", "")
                .containsEntry("no_proxy", "")
                .containsEntry("PATH", "/bin")
                .hasEntrySatisfying(
                        "JAVA_TOOL_OPTIONS",
                        options -> assertThat(options)
                                .startsWith("-Xmx1g -Dhttp.proxyHost=127.0.0.1 ")
                                .endsWith("-Dhttp.nonProxyHosts="));
        assertThat(ProxyVariables.added(ImmutableMap.of("JAVA_TOOL_OPTIONS", " "), PORT, false)
                        .get("JAVA_TOOL_OPTIONS"))
                .startsWith("-D");
    }

    @Test
    void whereCaseDoesNotMatterEachVariableIsThereOnce() {
        ImmutableMap<String, String> added = ProxyVariables.added(ImmutableMap.of("Http_Proxy", "x"), PORT, true);

        assertThat(added.keySet()).filteredOn("http_proxy"::equalsIgnoreCase).hasSize(1);
        assertThat(added).containsValue("http://127.0.0.1:4711").doesNotContainValue("x");
    }
}
