package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkAccessTest {
    @Test
    void accessesAreValues() {
        NetworkAccess access = NetworkAccess.allowHosts("b.example", "*.a.example:1");

        assertThat(access)
                .isEqualTo(NetworkAccess.allowHosts("*.A.example:1", "b.example.", "b.example"))
                .hasSameHashCodeAs(NetworkAccess.allowHosts("*.a.example:1", "b.example"))
                .hasToString("hosts *.a.example:1 b.example:80,443")
                .isNotEqualTo(access.withPrivateAddresses())
                .isNotEqualTo(NetworkAccess.allowHosts("b.example"))
                .isNotEqualTo(NetworkAccess.NONE)
                .isNotEqualTo("hosts");
        assertThat(access.withPrivateAddresses())
                .hasToString("hosts *.a.example:1 b.example:80,443, private addresses too");
        assertThat(NetworkAccess.NONE).hasToString("none").isNotEqualTo(NetworkAccess.ALLOWED);
        assertThat(access.privateAddresses()).isFalse();
    }

    @Test
    void withoutHostsThereIsNothingToAllow() {
        assertThatExceptionOfType(InvalidPolicyException.class)
                .isThrownBy(NetworkAccess::allowHosts)
                .withMessageContaining("NetworkAccess.NONE");
        assertThatIllegalStateException().isThrownBy(NetworkAccess.NONE::withPrivateAddresses);
        assertThatIllegalStateException().isThrownBy(NetworkAccess.ALLOWED::withPrivateAddresses);
    }

    @Test
    void hostsRequestTheCapability() {
        SandboxPolicy policy = SandboxPolicy.readOnly().toBuilder()
                .network(NetworkAccess.allowHosts("a.example"))
                .build();

        assertThat(policy.requested()).contains(Capability.NETWORK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "a b", "a\u0000.example", "b\u00fccher.example", "a..example", "a.example..", "a_b"})
    void whatIsNoNameIsNotAllowed(String host) {
        assertThat(NetworkAccess.allowHosts("a.example").judge(host, 443))
                .isEqualTo(NetworkDecision.Reason.NAME_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::1", "[::1]", "0:0:0:0:0:0:0:1", "127.0.0.1", "a.example:80", "fe80::1%1", "1.2.3.4"})
    void addressesAreNotAllowed(String host) {
        assertThat(NetworkAccess.allowHosts("a.example").withPrivateAddresses().judge(host, 443))
                .isEqualTo(NetworkDecision.Reason.ADDRESS_LITERAL);
    }

    @Test
    void aDecisionCanBePrintedWhateverTheChildAskedFor() throws Exception {
        NetworkDecision refused = decision("e\u001b[31m\nvil\u00fc" + "x".repeat(300), Optional.empty());

        assertThat(refused.host()).hasSize(255).startsWith("e?[31m?vil?xxx");
        assertThat(refused.allowed()).isFalse();
        assertThat(decision("a.example", Optional.empty()))
                .hasToString("refused a.example:443 (SOCKS5): HOST_NOT_ALLOWED");
        assertThat(new NetworkDecision(
                        Instant.EPOCH,
                        NetworkDecision.Protocol.HTTP,
                        "a.example",
                        80,
                        NetworkDecision.Reason.ALLOWED,
                        Optional.of(InetAddress.getByName("192.0.2.1"))))
                .hasToString("allowed a.example:80 (HTTP): to 192.0.2.1");
    }

    private static NetworkDecision decision(String host, Optional<InetAddress> address) {
        return new NetworkDecision(
                Instant.EPOCH,
                NetworkDecision.Protocol.SOCKS5,
                host,
                443,
                NetworkDecision.Reason.HOST_NOT_ALLOWED,
                address);
    }

    @Test
    void theLogKeepsTheLastOnes() {
        DecisionLog log = new DecisionLog();
        for (int i = 0; i <= DecisionLog.KEPT; i++) {
            log.add(decision("h" + i, Optional.empty()));
        }

        assertThat(log.recent()).hasSize(DecisionLog.KEPT);
        assertThat(log.recent().get(0).host()).isEqualTo("h1");
    }
}
