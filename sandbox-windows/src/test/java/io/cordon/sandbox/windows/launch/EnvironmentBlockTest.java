package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EnvironmentBlockTest {
    @Test
    void anEnvironmentBlockIsSortedWithoutRegardToCase() throws Exception {
        assertThat(EnvironmentBlock.encode(ImmutableMap.of("b", "2", "A_B", "3", "aa", "4", "C", "")))
                .isEqualTo("aa=4\0A_B=3\0b=2\0C=\0");
        assertThat(EnvironmentBlock.encode(ImmutableMap.of())).isEqualTo("\0");
    }

    @Test
    void aValueMayHaveEqualsSignsAndAVariableMayBeAsLongAsWindowsReads() throws Exception {
        assertThat(EnvironmentBlock.encode(ImmutableMap.of("a", "=b=c"))).isEqualTo("a==b=c\0");
        assertThat(EnvironmentBlock.encode(ImmutableMap.of("a", "x".repeat(32_764))))
                .hasSize(32_767);
        assertThat(EnvironmentBlock.encode(ImmutableMap.of("a", "x".repeat(30_000), "b", "x".repeat(30_000))))
                .hasSizeGreaterThan(60_000);
    }

    static Stream<Arguments> badVariables() {
        return Stream.of(
                Arguments.of(ImmutableMap.of("", "x"), SandboxErrorCode.ENVIRONMENT_NAME_INVALID),
                Arguments.of(ImmutableMap.of("=C:", "x"), SandboxErrorCode.ENVIRONMENT_NAME_INVALID),
                Arguments.of(ImmutableMap.of("=::", "::\\"), SandboxErrorCode.ENVIRONMENT_NAME_INVALID),
                Arguments.of(ImmutableMap.of("a=b", "x"), SandboxErrorCode.ENVIRONMENT_NAME_INVALID),
                Arguments.of(ImmutableMap.of("a", "x".repeat(32_765)), SandboxErrorCode.ENVIRONMENT_VALUE_INVALID),
                Arguments.of(ImmutableMap.of("ä", "x", "Ä", "y"), SandboxErrorCode.ENVIRONMENT_NAME_INVALID),
                Arguments.of(ImmutableMap.of("a\0b", "x"), SandboxErrorCode.ENVIRONMENT_NAME_INVALID),
                Arguments.of(ImmutableMap.of("Path", "x", "PATH", "y"), SandboxErrorCode.ENVIRONMENT_NAME_INVALID),
                Arguments.of(ImmutableMap.of("a", "x\0SECRET=y"), SandboxErrorCode.ENVIRONMENT_VALUE_INVALID));
    }

    @ParameterizedTest
    @MethodSource("badVariables")
    void whatIsNoVariableIsRefused(ImmutableMap<String, String> variables, SandboxErrorCode code) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> EnvironmentBlock.encode(variables))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
