package io.cordon.sandbox.windows.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class SecurityDescriptorCodecProperties {
    @Provide
    Arbitrary<SecurityDescriptor> descriptors() {
        return DescriptorArbitraries.descriptors();
    }

    @Property
    void whatIsEncodedDecodesToAnEqualValue(@ForAll("descriptors") SecurityDescriptor descriptor) {
        byte[] bytes = SecurityDescriptorCodec.encode(descriptor);

        assertThat(SecurityDescriptorCodec.decode(bytes)).isEqualTo(descriptor);
        assertThat(SecurityDescriptorCodec.encode(SecurityDescriptorCodec.decode(bytes)))
                .isEqualTo(bytes);
    }

    @Property
    void everyTruncationIsATypedErrorOrAnotherValueButNeverAnExceptionOfTheJdk(
            @ForAll("descriptors") SecurityDescriptor descriptor, @ForAll @IntRange(max = 4000) int cut) {
        byte[] bytes = SecurityDescriptorCodec.encode(descriptor);
        byte[] shorter = Arrays.copyOf(bytes, cut % bytes.length);

        // Nothing lies behind the last part, so a missing byte is always noticed.
        assertThatThrownBy(() -> SecurityDescriptorCodec.decode(shorter))
                .isInstanceOfSatisfying(
                        SecurityFormatException.class,
                        e -> assertThat(e.position()).isBetween(0, bytes.length));
    }

    @Property
    void flippedBytesAreATypedErrorOrAValueThatRoundTrips(
            @ForAll("descriptors") SecurityDescriptor descriptor,
            @ForAll @Size(min = 1, max = 4) int[] places,
            @ForAll byte value) {
        byte[] bytes = SecurityDescriptorCodec.encode(descriptor);
        for (int place : places) {
            bytes[Math.floorMod(place, bytes.length)] = value;
        }

        decodesOrFailsTyped(bytes);
    }

    @Property
    void randomBytesBehindAPlausibleHeaderAreATypedErrorOrAValue(
            @ForAll @Size(max = 200) byte[] tail, @ForAll @IntRange(max = 0x7FFF) int control) {
        byte[] bytes = new byte[20 + tail.length];
        System.arraycopy(tail, 0, bytes, 20, tail.length);
        bytes[0] = 1;
        LittleEndian.putInt16(bytes, 2, control | 0x8000);
        for (int field = 4; field < 20 && tail.length > 0; field += 4) {
            LittleEndian.putInt32(bytes, field, 20 + Math.floorMod(tail[0] * field, tail.length));
        }

        decodesOrFailsTyped(bytes);
    }

    @Property
    void arbitraryBytesAreATypedErrorOrAValue(@ForAll byte[] bytes) {
        decodesOrFailsTyped(bytes);
    }

    private static void decodesOrFailsTyped(byte[] bytes) {
        SecurityDescriptor decoded;
        try {
            decoded = SecurityDescriptorCodec.decode(bytes);
        } catch (SecurityFormatException e) {
            assertThat(e.position()).isBetween(0, bytes.length);
            return;
        }
        assertThat(SecurityDescriptorCodec.decode(SecurityDescriptorCodec.encode(decoded)))
                .isEqualTo(decoded);
    }

    @Example
    void anInputLongerThanAnyDescriptorIsRefusedBeforeItIsRead() {
        assertProblem(new byte[SecurityDescriptorCodec.MAX_LENGTH + 1], Problem.TOO_LONG);
    }

    @Example
    void anOffsetIntoTheHeaderIsOutOfRange() {
        byte[] bytes = SecurityDescriptorCodec.encode(Sddl.parse("O:BAG:SYD:"));
        LittleEndian.putInt32(bytes, 8, 12);

        assertProblem(bytes, Problem.OFFSET_OUT_OF_RANGE);
    }

    @Example
    void anOffsetThatIsNegativeAsAnIntIsOutOfRange() {
        byte[] bytes = SecurityDescriptorCodec.encode(Sddl.parse("O:BAG:SYD:"));
        LittleEndian.putInt32(bytes, 16, 0xFFFF_FFF0);

        assertProblem(bytes, Problem.OFFSET_OUT_OF_RANGE);
    }

    @Example
    void anAceThatReachesBeyondItsAclHasAWrongSize() {
        byte[] bytes = SecurityDescriptorCodec.encode(Sddl.parse("D:(A;;FA;;;WD)"));
        LittleEndian.putInt16(bytes, 20 + 8 + 2, 24);

        assertProblem(bytes, Problem.WRONG_SIZE);
    }

    @Example
    void anAceCountBeyondTheAclIsTruncated() {
        byte[] bytes = SecurityDescriptorCodec.encode(Sddl.parse("D:(A;;FA;;;WD)"));
        LittleEndian.putInt16(bytes, 20 + 4, 2);

        assertProblem(bytes, Problem.TRUNCATED);
    }

    @Example
    void anAclWithoutItsPresentFlagIsInconsistent() {
        byte[] bytes = SecurityDescriptorCodec.encode(Sddl.parse("D:(A;;FA;;;WD)"));
        LittleEndian.putInt16(bytes, 2, 0x8000);

        assertProblem(bytes, Problem.INCONSISTENT);
    }

    @Example
    void anAbsoluteDescriptorIsRefused() {
        byte[] bytes = SecurityDescriptorCodec.encode(Sddl.parse("D:"));
        LittleEndian.putInt16(bytes, 2, 4);

        assertProblem(bytes, Problem.INCONSISTENT);
    }

    @Example
    void unusedSpaceBehindTheAcesIsAllowedAndNotKept() {
        byte[] plain = SecurityDescriptorCodec.encode(Sddl.parse("D:(A;;FA;;;WD)"));
        byte[] roomy = Arrays.copyOf(plain, plain.length + 40);
        LittleEndian.putInt16(roomy, 20 + 2, LittleEndian.uint16(plain, 20 + 2) + 40);

        assertThat(SecurityDescriptorCodec.encode(SecurityDescriptorCodec.decode(roomy)))
                .isEqualTo(plain);
    }

    @Example
    void anUnknownAceIsCarriedThroughByteForByte() {
        Ace unknown = new OpaqueAce(0x7E, new AceFlags(0xFF), ByteString.copyOf(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
        SecurityDescriptor descriptor = SecurityDescriptor.of(null, null, Acl.of(unknown));
        byte[] bytes = SecurityDescriptorCodec.encode(descriptor);

        assertThat(SecurityDescriptorCodec.decode(bytes)).isEqualTo(descriptor);
        assertThat(Arrays.copyOfRange(bytes, 28, 40)).containsExactly(0x7E, 0xFF, 12, 0, 1, 2, 3, 4, 5, 6, 7, 8);
    }

    private static void assertProblem(byte[] bytes, Problem problem) {
        assertThatThrownBy(() -> SecurityDescriptorCodec.decode(bytes))
                .isInstanceOfSatisfying(
                        SecurityFormatException.class,
                        e -> assertThat(e.problem()).isEqualTo(problem));
    }
}
