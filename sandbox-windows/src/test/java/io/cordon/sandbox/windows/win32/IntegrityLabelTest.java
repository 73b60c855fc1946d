package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.io.BaseEncoding;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegrityLabelTest {
    /** AclRevision 2, size 28, one ACE; type 0x11, flags OI|CI, size 20, mask NW; S-1-16-6144. By hand from MS-DTYP 2.4. */
    private static final String LABEL_0X1800 = "02001c0001000000" + "1103140001000000" + "010100000000001000180000";

    @Test
    void anInheritableLabelIsEncodedAsMsDtypHasIt() {
        assertThat(BaseEncoding.base16()
                        .lowerCase()
                        .encode(IntegrityLabel.inheritable(0x1800).encode()))
                .isEqualTo(LABEL_0X1800);
    }

    @Test
    void whatIsEncodedIsDecoded() {
        IntegrityLabel label = new IntegrityLabel(0x1000, 0x13, 7);
        assertThat(IntegrityLabel.decode(label.encode())).contains(label);
        assertThat(label.isInherited()).isTrue();
    }

    @Test
    void anAclWithoutEntryAndNoAclAreNoLabel() {
        assertThat(IntegrityLabel.none()).containsExactly(2, 0, 8, 0, 0, 0, 0, 0);
        assertThat(IntegrityLabel.decode(IntegrityLabel.none())).isEmpty();
        assertThat(IntegrityLabel.decode(new byte[0])).isEmpty();
    }

    @Test
    void anInheritOnlyEntryDoesNotLabelTheObjectItself() {
        assertThat(IntegrityLabel.decode(new IntegrityLabel(0x1000, 0x08, 1).encode()))
                .isEqualTo(Optional.empty());
    }

    @Test
    void aLevelBelowIsKeptOutOnlyWhereWritingUpIsForbidden() {
        assertThat(IntegrityLabel.of(0x2000).keepsOut(0x1800)).isTrue();
        assertThat(IntegrityLabel.of(0x1800).keepsOut(0x1800)).isFalse();
        assertThat(IntegrityLabel.of(0x1000).keepsOut(0x1800)).isFalse();
        assertThat(new IntegrityLabel(0x2000, 0, 2).keepsOut(0x1800)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8, 9, 15, 16, 27})
    void aTruncatedAclIsRefused(int length) {
        byte[] acl = Arrays.copyOf(IntegrityLabel.of(0x1800).encode(), length);
        assertThatIllegalArgumentException().isThrownBy(() -> IntegrityLabel.decode(acl));
    }
}
