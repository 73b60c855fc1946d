package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ascii;
import java.util.Optional;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class HostRuleProperties {
    @Property
    void everyTextIsARuleOrATypedError(@ForAll("texts") String text) {
        Optional<NetworkAccess> access = accessTo(text);

        access.ifPresent(given -> {
            HostRule rule = given.hosts().first();
            assertThat(rule.name()).matches("[a-z0-9.-]+").doesNotEndWith(".");
            assertThat(HostNames.isAddress(rule.name())).isFalse();
            // What a rule prints is the rule again, port by port.
            String star = rule.subdomains() ? "*." : "";
            rule.ports()
                    .forEach(port -> assertThat(HostRule.parse(star + rule.name() + ":" + port)
                                    .name())
                            .isEqualTo(rule.name()));
        });
    }

    private static Optional<NetworkAccess> accessTo(String rule) {
        try {
            return Optional.of(NetworkAccess.allowHosts(rule));
        } catch (InvalidPolicyException e) {
            return Optional.empty();
        }
    }

    @Property
    void aNameAllowsItselfInEverySpellingAndNothingElse(@ForAll("names") String name, @ForAll("names") String other) {
        NetworkAccess access = NetworkAccess.allowHosts(name);

        assertThat(access.judge(Ascii.toUpperCase(name) + ".", 443)).isEqualTo(NetworkDecision.Reason.ALLOWED);
        assertThat(access.judge("a." + name, 443)).isEqualTo(NetworkDecision.Reason.HOST_NOT_ALLOWED);
        assertThat(access.judge("a" + name, 443)).isEqualTo(NetworkDecision.Reason.HOST_NOT_ALLOWED);
        assertThat(access.judge(name + ".example", 443)).isEqualTo(NetworkDecision.Reason.HOST_NOT_ALLOWED);
        if (!other.equals(name)) {
            assertThat(access.judge(other, 443)).isEqualTo(NetworkDecision.Reason.HOST_NOT_ALLOWED);
        }
    }

    @Property
    void aStarStandsForOneLabelOrMore(@ForAll("names") String name, @ForAll("names") String before) {
        NetworkAccess access = NetworkAccess.allowHosts("*." + name);

        assertThat(access.judge(before + "." + name, 80)).isEqualTo(NetworkDecision.Reason.ALLOWED);
        assertThat(access.judge(name, 80)).isEqualTo(NetworkDecision.Reason.HOST_NOT_ALLOWED);
        assertThat(access.judge(before + name, 80))
                .isEqualTo(
                        (before + name).endsWith("." + name)
                                ? NetworkDecision.Reason.ALLOWED
                                : NetworkDecision.Reason.HOST_NOT_ALLOWED);
    }

    @Property
    void onlyTheNamedPortsAreAllowed(@ForAll @IntRange(min = -1, max = 65536) int port) {
        NetworkDecision.Reason reason = NetworkAccess.allowHosts("a.example:8443", "a.example:22", "b.example")
                .judge("a.example", port);

        assertThat(reason)
                .isEqualTo(
                        port == 8443 || port == 22
                                ? NetworkDecision.Reason.ALLOWED
                                : port < 1 || port > 65535
                                        ? NetworkDecision.Reason.NAME_INVALID
                                        : NetworkDecision.Reason.PORT_NOT_ALLOWED);
    }

    /** However a number is written, in as many parts as inet_aton(3) takes. */
    @Property
    void noAddressIsTakenForAName(@ForAll int address, @ForAll @IntRange(min = 1, max = 4) int parts) {
        NetworkAccess access = NetworkAccess.allowHosts("a.example");
        StringBuilder text = new StringBuilder();
        for (int part = 1; part < parts; part++) {
            text.append((address >>> (32 - 8 * part)) & 0xFF).append('.');
        }
        long rest = address & (0xFFFFFFFFL >>> (8 * (parts - 1)));

        for (String last : new String[] {
            String.valueOf(rest), "0x" + Long.toHexString(rest), "0" + Long.toOctalString(rest), "0X", rest + "."
        }) {
            assertThat(access.judge(text + last, 80)).isEqualTo(NetworkDecision.Reason.ADDRESS_LITERAL);
            assertThat(accessTo(text + last)).isEmpty();
        }
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> near = Arbitraries.strings()
                .withChars("abcxyz019.-*:[]/@_ \u00fc\u00df\u2024\uff0e")
                .ofMaxLength(24);
        return Arbitraries.oneOf(near, Arbitraries.strings().ofMaxLength(300));
    }

    /** Names of two to four labels, in a domain that is nobody's. */
    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .ofMinLength(1)
                .ofMaxLength(8)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(labels -> labels.stream().collect(Collectors.joining(".", "", ".test")));
    }
}
