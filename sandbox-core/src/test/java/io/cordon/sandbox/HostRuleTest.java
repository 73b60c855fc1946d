package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRuleTest {
    @ParameterizedTest
    @CsvSource({
        "api.example.com, api.example.com:80,443",
        "API.Example.COM., api.example.com:80,443",
        "*.example.org, *.example.org:80,443",
        "git.example.com:22, git.example.com:22",
        "*.example.org:8443, *.example.org:8443",
        "localhost:1, localhost:1",
        "xn--strae-oqa.example, xn--strae-oqa.example:80,443",
        "b\u00fccher.example, xn--bcher-kva.example:80,443",
        "*.corp, *.corp:80,443",
        "1password.com, 1password.com:80,443",
        "a-b.c1.example, a-b.c1.example:80,443"
    })
    void aRuleIsNormalised(String written, String normalised) {
        // In a CSV line the comma ends a column.
        assertThat(HostRule.parse(written).toString().replace(",443", "")).isEqualTo(normalised);
    }

    @Test
    void withoutAPortTheTwoOfTheWebAreMeant() {
        assertThat(HostRule.parse("example.com").ports()).containsExactly(80, 443);
        assertThat(HostRule.parse("example.com:22").ports()).containsExactly(22);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "*",
                "*.",
                "*.com",
                "*.co.uk",
                "*.github.io",
                "*.*.example.com",
                "a.*.example.com",
                "*example.com",
                "https://example.com",
                "example.com/path",
                "user@example.com",
                "exa mple.com",
                "example..com",
                ".example.com",
                "-a.example",
                "a-.example",
                "a_b.example",
                "stra\u00dfe.example",
                "example.com:",
                "example.com:0",
                "example.com:65536",
                "example.com:+80",
                "example.com:99999999999",
                "example.com:80:90",
                "127.0.0.1",
                "127.0.0.1:80",
                "127.1",
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "1.2.3.4.",
                "[::1]",
                "[::1]:80",
                "::1",
                "fe80::1%eth0",
                "\uff11\uff12\uff17.1",
                "example.com\u0000"
            })
    void whatIsNoRuleIsRefusedWithValueReasonAndRemedy(String written) {
        assertThatExceptionOfType(InvalidPolicyException.class)
                .isThrownBy(() -> NetworkAccess.allowHosts(written))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.POLICY_HOST_INVALID))
                .withMessageContaining("allowHosts(" + written + "): ")
                .withMessageContaining("; ");
    }

    @Test
    void labelsAndNamesAreAsLongAsDnsTakesThem() {
        String label = "a".repeat(63);
        String name = (label + ".").repeat(3) + "a".repeat(61);

        assertThat(HostRule.parse(name).name()).hasSize(253);
        assertThatExceptionOfType(InvalidPolicyException.class).isThrownBy(() -> HostRule.parse(label + "a.example"));
        assertThatExceptionOfType(InvalidPolicyException.class).isThrownBy(() -> HostRule.parse(name + "a"));
    }

    @Test
    void anAddressIsCalledAnAddress() {
        assertThatExceptionOfType(InvalidPolicyException.class)
                .isThrownBy(() -> HostRule.parse("10.0.0.1"))
                .withMessageContaining("this is an address");
    }

    @Test
    void rulesAreValues() {
        assertThat(HostRule.parse("A.example:80"))
                .isEqualTo(HostRule.parse("a.example.:80"))
                .hasSameHashCodeAs(HostRule.parse("a.example:80"))
                .isNotEqualTo(HostRule.parse("*.a.example:80"))
                .isNotEqualTo(HostRule.parse("a.example:81"))
                .isNotEqualTo("a.example:80");
    }
}
