package io.cordon.sandbox.windows.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MandatoryLabelTest {
    @ParameterizedTest(name = "policy {0} leaves {1} of a file")
    @CsvSource({
        "0, 0x1F01FF",
        "1, 0x1200A9",
        "2, 0x1F0176",
        "3, 0x100020",
        "4, 0x1F01DF",
        "5, 0x120089",
        "6, 0x1F0156",
        "7, 0x0",
    })
    void theRightsLeftToALowerLevelAreThoseOfTheTable(int policy, String allowed) {
        MandatoryLabel label = new MandatoryLabel(IntegrityLevel.MEDIUM, AccessMask.of(policy));

        assertThat(label.allowedBelow(GenericMapping.FILE).bits()).isEqualTo(Integer.decode(allowed));
    }

    @Test
    void noWriteUpTakesDeleteAndDeleteChild() {
        AccessMask allowed = MandatoryLabel.DEFAULT.allowedBelow(GenericMapping.FILE);

        assertThat(allowed.intersects(AccessMask.DELETE.or(AccessMask.FILE_DELETE_CHILD)))
                .isFalse();
        assertThat(allowed.contains(AccessMask.FILE_GENERIC_READ)).isTrue();
    }

    @Test
    void anUnlabelledObjectIsMediumWithNoWriteUp() {
        assertThat(MandatoryLabel.of(SecurityDescriptor.EMPTY)).isEqualTo(MandatoryLabel.DEFAULT);
    }

    @Test
    void theFirstLabelThatIsNotInheritOnlyHolds() {
        SecurityDescriptor descriptor = Sddl.parse("S:(ML;OICIIO;NW;;;HI)(ML;;NR;;;LW)(ML;;NW;;;SI)");

        assertThat(MandatoryLabel.of(descriptor))
                .isEqualTo(new MandatoryLabel(IntegrityLevel.LOW, MandatoryLabel.NO_READ_UP));
    }

    @Test
    void levelsAreComparedAsUnsignedNumbers() {
        assertThat(new IntegrityLevel(0xFFFF_FFFF).dominates(IntegrityLevel.SYSTEM))
                .isTrue();
        assertThat(IntegrityLevel.MEDIUM_LOW.dominates(IntegrityLevel.LOW)).isTrue();
        assertThat(IntegrityLevel.MEDIUM_LOW.dominates(IntegrityLevel.MEDIUM)).isFalse();
    }

    @Test
    void theWriteRestrictedRightsOfFilesLeaveOutDeleteChild() {
        assertThat(GenericMapping.FILE.writeRestricted().bits()).isEqualTo(0x010D0116);
    }

    @ParameterizedTest
    @CsvSource({
        "0x80000000, 0x120089",
        "0x40000000, 0x120116",
        "0x20000000, 0x1200A0",
        "0x10000000, 0x1F01FF",
        "0x2, 0x2"
    })
    void genericRightsMapToThoseOfFiles(String generic, String specific) {
        assertThat(GenericMapping.FILE
                        .map(AccessMask.of(Long.decode(generic).intValue()))
                        .bits())
                .isEqualTo(Integer.decode(specific));
    }
}
