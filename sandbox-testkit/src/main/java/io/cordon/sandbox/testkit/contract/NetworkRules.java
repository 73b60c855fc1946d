package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.Sets;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.UnenforceablePolicyException;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** N01 to N11: a closed network, and an open one. */
abstract class NetworkRules extends Rules {
    private static final int MILLISECONDS = 5_000;
    private static final List<String> KINDS = List.of("tcp4", "tcp-mapped", "udp4", "dns4", "tcp6", "udp6");

    @Test
    void required_N01_noTcpOverIpv4() throws Exception {
        closed("N01", "tcp4");
    }

    @Test
    void required_N02_noTcpOverIpv6() throws Exception {
        closed("N02", "tcp6");
    }

    @Test
    void required_N03_noTcpOverIpv4ByAnIpv6Socket() throws Exception {
        closed("N03", "tcp-mapped");
    }

    @Test
    void required_N04_noUdpOverIpv4() throws Exception {
        closed("N04", "udp4");
    }

    @Test
    void required_N05_noUdpOverIpv6() throws Exception {
        closed("N05", "udp6");
    }

    @Test
    void required_N06_noQueryForAName() throws Exception {
        closed("N06", "dns4");
    }

    @Test
    void required_N07_noTcpOfAGrandchild() throws Exception {
        closed("N07", "tcp4", "grandchild");
    }

    @Test
    void required_N08_nobodyOutsideReachesAChildThatListens() throws Exception {
        unlessDeclared("N08", Capability.NETWORK, NetworkAccess.NONE);
        guest(scene().unconfinedProcess("listen4")).isOk("the control: who comes to one that listens unconfined");
        try (Sandbox sandbox = scene().open(NetworkAccess.NONE)) {
            guest(sandbox.process(scene().command("listen4"))
                            .redirectErrorStream(true)
                            .start())
                    .isDenied("who comes to a child that listens");
        }
    }

    @Test
    void optional_N09_noListening() throws Exception {
        unlessDeclared("N09");
        for (String kind : List.of("listen4", "listen6")) {
            scene().unconfined(kind).isOk("the control: " + kind);
            try (Sandbox sandbox = scene().open(NetworkAccess.NONE)) {
                scene().confined(sandbox, kind).isDenied(kind);
            }
        }
    }

    @Test
    void required_N10_anOpenNetworkIsThatOfTheUser() throws Exception {
        unlessDeclared("N10");
        try (Sandbox sandbox = scene().open(NetworkAccess.ALLOWED)) {
            for (String kind : KINDS) {
                try (LoopbackListener listener = listener(kind)) {
                    scene().confined(sandbox, kind, Integer.toString(listener.port()))
                            .isOk(kind + " with an open network");
                }
            }
        }
    }

    @Test
    void required_N11_aGapThatIsNotAcceptedOpensNoSandbox() throws Exception {
        unlessDeclared("N11");
        Enforcement accepted;
        try (Sandbox sandbox = scene().open(NetworkAccess.NONE)) {
            accepted = sandbox.enforcement().get(Capability.NETWORK);
        }
        assertThat(accepted.mechanism()).as("how the network is closed").isNotBlank();
        if (accepted.level() == EnforcementLevel.FULL) {
            return;
        }
        assertThat(accepted.reason()).as("the gap").isNotBlank();
        SandboxPolicy strict = scene().policy(
                        NetworkAccess.NONE,
                        Sets.difference(contract().declared().partial(), Set.of(Capability.NETWORK)))
                .build();
        UnenforceablePolicyException refused = catchThrowableOfType(
                UnenforceablePolicyException.class, () -> scene().open(strict).close());
        assertThat(refused).as("opening although the gap is not accepted").isNotNull();
        assertThat(refused.unmet()).extracting(Enforcement::capability).containsExactly(Capability.NETWORK);
    }

    /** An attempt that succeeds unconfined, and is denied where the network is closed. */
    private void closed(String rule, String kind, String... before) throws Exception {
        unlessDeclared(rule, Capability.NETWORK, NetworkAccess.NONE);
        try (Sandbox sandbox = scene().open(NetworkAccess.NONE)) {
            denied(sandbox, kind, before);
        }
    }

    /** Whether somebody from outside reaches a process that listens. Ends it. */
    private static Attempt guest(Process process) throws Exception {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String said = output.readLine();
            while (said != null && !said.startsWith(NetworkProbe.LISTENING)) {
                said = output.readLine(); // what the JVM says of its options
            }
            if (said == null) {
                return Attempt.of(process.waitFor(), "it does not listen");
            }
            int port = Integer.parseInt(said.substring(NetworkProbe.LISTENING.length()));
            try (Socket socket = new Socket()) {
                socket.setSoTimeout(MILLISECONDS);
                socket.connect(new InetSocketAddress(NetworkProbe.loopback("tcp4"), port), MILLISECONDS);
                int greeting = socket.getInputStream().read();
                return Attempt.of(greeting == NetworkProbe.GREETING ? Probe.OK : Probe.DENIED, "read " + greeting);
            } catch (IOException e) {
                return Attempt.of(Probe.DENIED, e.toString());
            }
        } finally {
            process.getOutputStream().close();
            process.waitFor();
        }
    }
}
