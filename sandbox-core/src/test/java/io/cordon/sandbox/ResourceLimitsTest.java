package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceLimitsTest {
    @Test
    void nothingIsLimitedUnlessItIsSaidApartFromOutput() {
        ResourceLimits limits = ResourceLimits.builder().build();

        assertThat(limits.processes()).isEmpty();
        assertThat(limits.memory()).isEmpty();
        assertThat(limits.cpuPercent()).isEmpty();
        assertThat(limits.timeout()).isEmpty();
        assertThat(limits.output()).isEqualTo(1024 * 1024);
    }

    @Test
    void theSmallestLimitsAreOne() {
        ResourceLimits limits = ResourceLimits.builder()
                .processes(1)
                .memory(1)
                .cpuPercent(1)
                .timeout(Duration.ofNanos(1))
                .output(1)
                .build();

        assertThat(limits.processes()).hasValue(1);
        assertThat(limits.memory()).hasValue(1);
        assertThat(limits.cpuPercent()).hasValue(1);
        assertThat(limits.timeout()).contains(Duration.ofNanos(1));
        assertThat(limits.output()).isEqualTo(1);
    }

    @Test
    void aBuilderOfLimitsHoldsThemAndTheLastCallWins() {
        ResourceLimits limits = ResourceLimits.builder().processes(1).memory(2).build();

        assertThat(limits.toBuilder().build()).isEqualTo(limits);
        assertThat(limits.toBuilder().processes(3).build().processes()).hasValue(3);
        assertThat(limits.toBuilder().processes(3).build().memory()).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void aLimitThatIsNotPositiveIsRefused(int value) {
        assertRefused("processes(" + value + ")", limits -> limits.processes(value));
        assertRefused("memory(" + value + ")", limits -> limits.memory(value));
        assertRefused("cpuPercent(" + value + ")", limits -> limits.cpuPercent(value));
        assertRefused("output(" + value + ")", limits -> limits.output(value));
        assertRefused("timeout(" + Duration.ofNanos(value) + ")", limits -> limits.timeout(Duration.ofNanos(value)));
    }

    @Test
    void aTimeoutThatNoTimerCanCountIsRefused() {
        Duration tooLong = Duration.ofNanos(Long.MAX_VALUE).plusNanos(1);

        assertRefused("timeout(" + tooLong + ")", limits -> limits.timeout(tooLong));
        assertThat(ResourceLimits.builder()
                        .timeout(Duration.ofNanos(Long.MAX_VALUE))
                        .build()
                        .timeout())
                .contains(Duration.ofNanos(Long.MAX_VALUE));
    }

    private static void assertRefused(String limit, Consumer<ResourceLimits.Builder> call) {
        assertThatExceptionOfType(InvalidPolicyException.class)
                .isThrownBy(() -> call.accept(ResourceLimits.builder()))
                .withMessageStartingWith("POLICY_LIMIT_INVALID: " + limit + ": ")
                .withMessageEndingWith("leave the call out for no limit")
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.POLICY_LIMIT_INVALID));
    }
}
