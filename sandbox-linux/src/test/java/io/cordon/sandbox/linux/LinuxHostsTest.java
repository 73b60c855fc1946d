package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.linux.syscall.Errno;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a child under {@code allowHosts} is denied by the kernel, whatever it knows; the same program tries it unconfined. */
class LinuxHostsTest {
    private static final String DENIED = String.valueOf(Errno.EACCES);

    private static SandboxPolicy policy = SandboxPolicy.readOnly();
    private static Map<String, String> unconfined = Map.of();
    private static Map<String, String> confined = Map.of();
    private static String explained = "";

    @BeforeAll
    static void probe(@TempDir Path directory) throws Exception {
        LinuxHost.requireTcpRules();
        Scene scene = new Scene(directory);
        policy = scene.policy().toBuilder()
                .network(NetworkAccess.allowHosts("api.test"))
                .acceptPartial(Capability.NETWORK)
                .build();
        Path temp = Files.createDirectory(scene.workspace().resolve("tmp"));
        try (Sandbox sandbox = Sandbox.open(policy, new LinuxSandboxBackend());
                ServerSocket other = new ServerSocket(0, 50, InetAddress.getByName("::"))) {
            explained = sandbox.enforcement().toString();
            String proxy =
                    sandbox.run("sh", "-c", "echo $HTTP_PROXY").stdout().text().strip();
            int port = Integer.parseInt(proxy.substring(proxy.lastIndexOf(':') + 1));
            try (ServerSocket elsewhere = new ServerSocket(port, 50, InetAddress.getByName("127.0.0.2"))) {
                assertThat(elsewhere.isBound()).isTrue();
                List<String> command = List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temp,
                        "-Djna.tmpdir=" + temp,
                        "-cp",
                        System.getProperty("java.class.path"),
                        NetworkProbe.class.getName(),
                        String.valueOf(port),
                        String.valueOf(other.getLocalPort()));
                Process control = new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
                unconfined = NetworkProbe.parsed(control.getInputStream().readAllBytes());
                SandboxResult result = sandbox.run(command);
                assertThat(result.exitCode()).as(Scene.described(result)).isZero();
                confined =
                        NetworkProbe.parsed(result.stdout().text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
    }

    private static void denied(String... names) {
        assertThat(unconfined).extractingByKeys(names).containsOnly("0");
        assertThat(confined).extractingByKeys(names).containsOnly(DENIED);
    }

    @Test
    void theProxyIsReached() {
        assertThat(confined)
                .containsEntry("socket-tcp4", "0")
                .containsEntry("socket-tcp6", "0")
                .containsEntry("proxy", "0");
    }

    @Test
    void noOtherPortIs() {
        denied("other-port-4", "other-port-6", "other-port-mapped");
    }

    @Test
    void thereIsNoUdpSoThatNoNameIsResolvedPastTheProxy() {
        denied("socket-udp4", "socket-udp6", "udp-send");
    }

    @Test
    void otherProtocolsAndFamiliesAreDenied() {
        List<String> names = new ArrayList<>(confined.keySet());
        names.removeIf(name -> !name.startsWith("socket-") || name.startsWith("socket-tcp"));

        assertThat(names).hasSizeGreaterThan(8);
        assertThat(confined).extractingByKeys(names.toArray(String[]::new)).containsOnly(DENIED);
        denied("socket-netlink", "socket-unix");
    }

    @Test
    void dataInTheFirstPacketIsDenied() {
        denied("fast-open-sendto", "fast-open-sendmsg", "fast-open-sendmmsg", "fast-open-connect");
    }

    @Test
    void nothingIsBoundOrListens() {
        denied("bind", "listen");
    }

    /** The gap that the report names: Landlock's rule is for a port. */
    @Test
    void theProxysPortOfAnotherHostIsReached() {
        assertThat(confined).containsEntry("proxys-port-of-another-host", "0");
        assertThat(explained).contains("NETWORK               PARTIAL").contains("of every host");
    }

    @Test
    void whoDoesNotAcceptTheGapGetsNoSandbox(@TempDir Path directory) throws Exception {
        SandboxPolicy strict = new Scene(directory)
                .policy().toBuilder()
                        .network(NetworkAccess.allowHosts("api.test"))
                        .build();

        assertThatExceptionOfType(UnenforceablePolicyException.class)
                .isThrownBy(() -> Sandbox.open(strict, new LinuxSandboxBackend()))
                .satisfies(e -> assertThat(e.unmet())
                        .singleElement()
                        .satisfies(entry -> assertThat(entry.level()).isEqualTo(EnforcementLevel.PARTIAL)))
                .withMessageContaining("acceptPartial(Capability.NETWORK)");
    }

    @Test
    void whatWasTriedIsPartOfTheReport() {
        assertThat(explained).contains("a UDP socket, and TCP to another port, was tried and denied");
    }
}
