package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalSizeTest {
    @Test
    void theSmallestAndTheLargestTerminalArePossible() throws Exception {
        assertThat(TerminalSize.of(1, 1)).isEqualTo(new TerminalSize(1, 1));
        assertThat(TerminalSize.of(32_767, 32_767)).isEqualTo(new TerminalSize(32_767, 32_767));
    }

    @ParameterizedTest
    @CsvSource({"0,1", "1,0", "-1,24", "32768,24", "80,32768", "65616,24"})
    void othersAreRefused(int columns, int rows) {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> TerminalSize.of(columns, rows))
                .withMessage("TERMINAL_INVALID: a terminal of " + columns + " columns and " + rows
                        + " rows: both must be from 1 to 32767; 80 columns and 24 rows are common")
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.TERMINAL_INVALID));
        assertThatIllegalArgumentException().isThrownBy(() -> new TerminalSize(columns, rows));
    }
}
