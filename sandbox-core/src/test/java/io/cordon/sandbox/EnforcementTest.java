package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EnforcementTest {
    @Test
    void eachLevelSaysWhatBelongsToIt() {
        assertThat(Enforcement.full(Capability.NETWORK, "seccomp"))
                .isEqualTo(new Enforcement(
                        Capability.NETWORK, EnforcementLevel.FULL, "seccomp", Evidence.DERIVED, "", ""));
        assertThat(Enforcement.partial(Capability.NETWORK, "seccomp", "why", "what to do"))
                .isEqualTo(new Enforcement(
                        Capability.NETWORK,
                        EnforcementLevel.PARTIAL,
                        "seccomp",
                        Evidence.DERIVED,
                        "why",
                        "what to do"));
        assertThat(Enforcement.none(Capability.NETWORK, "why", "what to do"))
                .isEqualTo(new Enforcement(
                        Capability.NETWORK, EnforcementLevel.NONE, "", Evidence.UNPROVED, "why", "what to do"));
        assertThat(Enforcement.notRequested(Capability.NETWORK))
                .isEqualTo(new Enforcement(
                        Capability.NETWORK, EnforcementLevel.NOT_REQUESTED, "", Evidence.UNPROVED, "", ""));
    }

    @Test
    void aGapWithoutAReasonOrRemedyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Enforcement.none(Capability.CPU, "", "remedy"))
                .withMessage("CPU NONE with reason ''");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Enforcement.partial(Capability.CPU, "by", "reason", ""))
                .withMessage("CPU PARTIAL with remedy ''");
    }

    @Test
    void aReasonWithoutAGapIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new Enforcement(Capability.CPU, EnforcementLevel.FULL, "by", Evidence.DERIVED, "reason", ""))
                .withMessage("CPU FULL with reason 'reason'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Enforcement(
                        Capability.CPU, EnforcementLevel.NOT_REQUESTED, "", Evidence.UNPROVED, "", "remedy"))
                .withMessage("CPU NOT_REQUESTED with remedy 'remedy'");
    }

    @Test
    void whatNothingShowsIsNeverComplete() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Enforcement(Capability.CPU, EnforcementLevel.FULL, "by", Evidence.UNPROVED, "", ""))
                .withMessage("CPU FULL and unproved");
        assertThat(Enforcement.full(Capability.CPU, "by").unproved("no program to try with", "install one"))
                .isEqualTo(new Enforcement(
                        Capability.CPU,
                        EnforcementLevel.PARTIAL,
                        "by",
                        Evidence.UNPROVED,
                        "no program to try with",
                        "install one"));
        assertThat(Enforcement.partial(Capability.CPU, "by", "gap", "fill it").unproved("no program", "install one"))
                .isEqualTo(new Enforcement(
                        Capability.CPU, EnforcementLevel.PARTIAL, "by", Evidence.UNPROVED, "gap", "fill it"));
    }

    @Test
    void whatWasTriedIsAttestedAndSaysWhat() {
        Enforcement attested = Enforcement.full(Capability.CPU, "by").attested("tried");
        assertThat(attested.evidence()).isEqualTo(Evidence.ATTESTED);
        assertThat(attested.mechanism()).isEqualTo("by; tried");
        assertThat(attested.level()).isEqualTo(EnforcementLevel.FULL);
    }
}
