package io.cordon.sandbox.windows.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class SidTest {
    @Provide
    Arbitrary<Sid> sids() {
        return DescriptorArbitraries.sids();
    }

    @Property
    void textAndBytesRoundTrip(@ForAll("sids") Sid sid) {
        assertThat(Sid.parse(sid.toString())).isEqualTo(sid);
        assertThat(Sid.decode(sid.encode())).isEqualTo(sid);
    }

    @Property
    void orderAgreesWithEquality(@ForAll("sids") Sid a, @ForAll("sids") Sid b) {
        assertThat(a.compareTo(b) == 0).isEqualTo(a.equals(b));
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
    }

    @Test
    void theBytesOfAdministratorsAreThoseOfTheSpecification() {
        assertThat(HexFormat.of().formatHex(WellKnownSids.ADMINISTRATORS.encode()))
                .isEqualTo("01020000000000052000000020020000");
    }

    @Test
    void anAuthorityAbove32BitsIsHexadecimal() {
        assertThat(Sid.of(0x1_0000_0000L, 1).toString()).isEqualTo("S-1-0x000100000000-1");
        assertThat(Sid.parse("S-1-0x5-32-544")).isEqualTo(WellKnownSids.ADMINISTRATORS);
    }

    @Test
    void partsOutOfRangeAreTypedErrors() {
        assertThatThrownBy(() -> Sid.of(-1)).isInstanceOf(SecurityFormatException.class);
        assertThatThrownBy(() -> Sid.of(5, 1L << 32)).isInstanceOf(SecurityFormatException.class);
        assertThatThrownBy(() -> Sid.of(5, new long[16])).isInstanceOf(SecurityFormatException.class);
        assertThatThrownBy(() -> Sid.parse("S-1-5-")).isInstanceOf(SecurityFormatException.class);
        assertThatThrownBy(() -> Sid.parse("S-1-5-32-544 ")).isInstanceOf(SecurityFormatException.class);
        assertThatThrownBy(() -> Sid.parse("")).isInstanceOf(SecurityFormatException.class);
        assertThatThrownBy(() -> Sid.decode(new byte[9])).isInstanceOf(SecurityFormatException.class);
    }
}
