package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.linux.syscall.Errno;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** System calls that the filter refuses, made by the same program confined and unconfined. */
class LinuxSyscallTest {
    private static final ImmutableList<String> REFUSED = ImmutableList.of(
            "UNSHARE",
            "SETNS",
            "MOUNT",
            "PTRACE",
            "PROCESS_VM_READV",
            "PIDFD_GETFD",
            "IO_URING_SETUP",
            "BPF",
            "KEYCTL",
            "USERFAULTFD",
            "PERF_EVENT_OPEN",
            "OPEN_BY_HANDLE_AT",
            "SHMGET",
            "CLONE",
            "PRLIMIT64",
            "ioctl-TIOCSTI");

    private static final int ENOSYS = 38;

    private static Map<String, String> unconfined;
    private static Map<String, String> withoutNetwork;
    private static Map<String, String> withNetwork;

    @BeforeAll
    static void probe(@TempDir Path directory) throws Exception {
        LinuxHost.require();
        Scene scene = new Scene(directory);
        Path socket = scene.outside().resolve("socket");
        try (ServerSocket tcp = new ServerSocket(0, 50, InetAddress.getByName("::"));
                ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            unix.bind(UnixDomainSocketAddress.of(socket));
            List<String> command = List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Djava.io.tmpdir="
                            + Files.createDirectory(scene.workspace().resolve("tmp")),
                    "-Djna.tmpdir=" + scene.workspace().resolve("tmp"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    SyscallProbe.class.getName(),
                    String.valueOf(tcp.getLocalPort()),
                    socket.toString());
            Process control = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            unconfined = parsed(new String(control.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            withoutNetwork = run(scene.policy(), command);
            withNetwork = run(
                    scene.policy().toBuilder().network(NetworkAccess.ALLOWED).build(), command);
        }
    }

    private static Map<String, String> run(SandboxPolicy policy, List<String> command) throws Exception {
        try (Sandbox sandbox = Sandbox.open(policy, new LinuxSandboxBackend())) {
            SandboxResult result = sandbox.run(command);
            assertThat(result.exitCode()).as(Scene.described(result)).isZero();
            return parsed(result.stdout().text());
        }
    }

    private static Map<String, String> parsed(String output) {
        ImmutableMap.Builder<String, String> answers = ImmutableMap.builder();
        for (String line : Splitter.on('\n').omitEmptyStrings().split(output)) {
            answers.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1));
        }
        return answers.buildOrThrow();
    }

    @Test
    void noSocketOfAnyFamilyIsMadeWithoutNetwork() {
        String[] working = {"socket-1-1", "socket-2-1", "socket-2-2", "socket-10-1", "socket-10-2", "socket-16-3"};
        assertThat(unconfined).extractingByKeys(working).containsOnly("0");

        withoutNetwork.forEach((name, error) -> {
            if (name.startsWith("socket-")) {
                assertThat(error).as(name).isEqualTo(String.valueOf(Errno.EACCES));
            }
        });
        assertThat(withoutNetwork).hasSameSizeAs(unconfined);
    }

    @Test
    void nothingIsReachedWithoutNetwork() {
        String[] ways = {"tcp4", "tcp6", "unix"};
        assertThat(unconfined).extractingByKeys(ways).containsOnly("0");

        assertThat(withoutNetwork)
                .extractingByKeys(ways)
                .allSatisfy(error -> assertThat(error).contains("Permission denied"));
    }

    @Test
    void internetSocketsWorkWhereTheNetworkIsAllowed() {
        assertThat(withNetwork)
                .containsEntry("tcp4", "0")
                .containsEntry("tcp6", "0")
                .containsEntry("localhost", "0")
                .containsEntry("socket-2-2", "0")
                .containsEntry("socket-16-3", "0");
    }

    @Test
    void otherSocketsAreRefusedEvenWhereTheNetworkIsAllowed() {
        assertThat(withNetwork).containsEntry("socket-2-3", "13").containsEntry("socket-17-3", "13");
    }

    @Test
    void daemonsOfTheHostAreClosedEvenWhereTheNetworkIsAllowed() {
        assertThat(withNetwork.get("unix")).contains("Permission denied");
        assertThat(withNetwork).containsEntry("socket-1-1", "13").containsEntry("socket-1-2", "13");
    }

    @Test
    void onlyPairsThatReachNobodyElseAreMade() {
        assertThat(unconfined).containsEntry("socketpair-stream", "0").containsEntry("socketpair-datagram", "0");

        assertThat(withoutNetwork).containsEntry("socketpair-stream", "0").containsEntry("socketpair-datagram", "13");
        assertThat(withNetwork).containsEntry("socketpair-stream", "0").containsEntry("socketpair-datagram", "13");
    }

    @Test
    void callsThatLeadOutOfTheConfinementAreRefused() {
        assertThat(REFUSED).allSatisfy(name -> {
            assertThat(unconfined.get(name)).as("unconfined, " + name).isNotEqualTo(String.valueOf(Errno.EPERM));
            assertThat(withoutNetwork.get(name)).as(name).isEqualTo(String.valueOf(Errno.EPERM));
            assertThat(withNetwork.get(name)).as(name).isEqualTo(String.valueOf(Errno.EPERM));
        });
    }

    @Test
    void theCallWhoseFlagsCannotBeSeenDoesNotExist() {
        assertThat(unconfined.get("CLONE3")).isNotEqualTo(String.valueOf(ENOSYS));

        assertThat(withoutNetwork).containsEntry("CLONE3", String.valueOf(ENOSYS));
    }
}
