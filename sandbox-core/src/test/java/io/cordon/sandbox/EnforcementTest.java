package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class EnforcementTest {
    @Test
    void eachLevelSaysWhatBelongsToIt() {
        assertThat(Enforcement.full(Capability.NETWORK, "seccomp"))
                .isEqualTo(new Enforcement(Capability.NETWORK, EnforcementLevel.FULL, "seccomp", "", ""));
        assertThat(Enforcement.partial(Capability.NETWORK, "seccomp", "why", "what to do"))
                .isEqualTo(
                        new Enforcement(Capability.NETWORK, EnforcementLevel.PARTIAL, "seccomp", "why", "what to do"));
        assertThat(Enforcement.none(Capability.NETWORK, "why", "what to do"))
                .isEqualTo(new Enforcement(Capability.NETWORK, EnforcementLevel.NONE, "", "why", "what to do"));
        assertThat(Enforcement.notRequested(Capability.NETWORK))
                .isEqualTo(new Enforcement(Capability.NETWORK, EnforcementLevel.NOT_REQUESTED, "", "", ""));
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
                .isThrownBy(() -> new Enforcement(Capability.CPU, EnforcementLevel.FULL, "by", "reason", ""))
                .withMessage("CPU FULL with reason 'reason'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Enforcement(Capability.CPU, EnforcementLevel.NOT_REQUESTED, "", "", "remedy"))
                .withMessage("CPU NOT_REQUESTED with remedy 'remedy'");
    }
}
