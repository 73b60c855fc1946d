package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class BytesTest {
    @Test
    void amountsAreBinaryMultiples() {
        assertThat(Bytes.kib(3)).isEqualTo(3 * 1024L);
        assertThat(Bytes.mib(3)).isEqualTo(3 * 1024L * 1024);
        assertThat(Bytes.gib(3)).isEqualTo(3 * 1024L * 1024 * 1024);
        assertThat(Bytes.gib(0)).isZero();
    }

    @Test
    void aNegativeAmountIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes.kib(-1)).withMessageContaining("-1");
    }

    @Test
    void anAmountThatDoesNotFitIsRefused() {
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Bytes.gib(1L << 33));
    }
}
