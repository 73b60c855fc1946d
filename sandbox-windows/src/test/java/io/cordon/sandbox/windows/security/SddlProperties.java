package io.cordon.sandbox.windows.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.windows.security.SecurityFormatException.Problem;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;

final class SddlProperties {
    @Provide
    Arbitrary<SecurityDescriptor> expressible() {
        return DescriptorArbitraries.expressible();
    }

    @Provide
    Arbitrary<SecurityDescriptor> descriptors() {
        return DescriptorArbitraries.descriptors();
    }

    /** Text that gets past the first characters: pieces of real SDDL in any order. */
    @Provide
    Arbitrary<String> almostSddl() {
        return Arbitraries.of(
                        "O:",
                        "G:",
                        "D:",
                        "S:",
                        "P",
                        "AI",
                        "AR",
                        "(",
                        ")",
                        ";",
                        ";;",
                        ";;;",
                        "A",
                        "D",
                        "ML",
                        "AU",
                        "XA",
                        "OI",
                        "CI",
                        "IO",
                        "FA",
                        "0x",
                        "0x1f01ff",
                        "99999999999",
                        "-1",
                        "WD",
                        "SY",
                        "LA",
                        "S-1-5-21-1-2-3",
                        "S-1-",
                        "S-2-1-0",
                        "NO_ACCESS_CONTROL",
                        "NW",
                        "ME",
                        " ",
                        "\u0000",
                        "\u0661",
                        "é",
                        "(A;;FA;;;WD)",
                        "(ML;OICI;NW;;;LW)")
                .list()
                .ofMaxSize(12)
                .map(parts -> String.join("", parts));
    }

    @Property
    void whatIsPrintedParsesToAnEqualValue(@ForAll("expressible") SecurityDescriptor descriptor) {
        String text = Sddl.print(descriptor);

        assertThat(Sddl.parse(text)).as(text).isEqualTo(descriptor);
        assertThat(Sddl.print(Sddl.parse(text))).isEqualTo(text);
    }

    @Property
    void whatCannotBeWrittenWithoutLossIsRefusedNotShortened(@ForAll("descriptors") SecurityDescriptor descriptor) {
        String text;
        try {
            text = Sddl.print(descriptor);
        } catch (SecurityFormatException e) {
            assertThat(e.problem()).isEqualTo(Problem.NOT_EXPRESSIBLE);
            return;
        }
        assertThat(Sddl.parse(text)).as(text).isEqualTo(descriptor);
    }

    @Property
    void almostSddlIsATypedErrorWithAPositionInTheText(@ForAll("almostSddl") String text) {
        parsesOrFailsTyped(text);
    }

    @Property
    void arbitraryTextIsATypedError(@ForAll @CharRange(from = 0, to = 0x250) String text) {
        parsesOrFailsTyped(text);
    }

    @Property
    void everyTruncationOfSddlIsATypedErrorOrAValue(
            @ForAll("expressible") SecurityDescriptor descriptor, @ForAll @IntRange(max = 4000) int cut) {
        String text = Sddl.print(descriptor);

        parsesOrFailsTyped(text.substring(0, cut % (text.length() + 1)));
    }

    private static void parsesOrFailsTyped(String text) {
        SecurityDescriptor parsed;
        try {
            parsed = Sddl.parse(text);
        } catch (SecurityFormatException e) {
            assertThat(e.position()).isBetween(0, text.length());
            return;
        }
        assertThat(Sddl.parse(Sddl.print(parsed))).isEqualTo(parsed);
    }

    @Example
    void theErrorNamesTheTokenAndItsPosition() {
        assertProblem("D:(A;OICI;FA;;;LA)", Problem.UNKNOWN_TOKEN, 15);
        assertProblem("D:(A;OIXX;FA;;;WD)", Problem.UNKNOWN_TOKEN, 7);
        assertProblem("D:(Q;;FA;;;WD)", Problem.UNKNOWN_TOKEN, 3);
        assertProblem("D:(A;;FA;;;WD", Problem.TRUNCATED, 13);
        assertProblem("D:(A;;0x1ffffffff;;;WD)", Problem.BAD_NUMBER, 6);
        assertProblem("D:(ML;;NW;;;ME)", Problem.INCONSISTENT, 3);
        assertProblem("S:(ML;;NW;;;WD)", Problem.INCONSISTENT, 12);
        assertProblem("O:BAO:SY", Problem.INCONSISTENT, 4);
        assertProblem("S:(ML;;NW;;;S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16)", Problem.TOO_LONG, 54);
        assertProblem("O:BA x", Problem.UNEXPECTED_CHARACTER, 4);
    }

    @Example
    void textBeyondTheLimitIsRefusedUnread() {
        assertProblem("x".repeat(Sddl.MAX_LENGTH + 1), Problem.TOO_LONG, Sddl.MAX_LENGTH);
    }

    @Example
    void moreEntriesThanAnAclHoldsAreRefused() {
        assertProblem("D:" + "(A;;FA;;;WD)".repeat(3300), Problem.TOO_LONG, 2);
    }

    @Example
    void aNullDaclAnEmptyDaclAndNoneAreThreeThings() {
        assertThat(Sddl.parse("O:BA").has(SecurityDescriptor.DACL_PRESENT)).isFalse();
        assertThat(Sddl.parse("D:NO_ACCESS_CONTROL").dacl()).isNull();
        assertThat(Sddl.parse("D:NO_ACCESS_CONTROL").has(SecurityDescriptor.DACL_PRESENT))
                .isTrue();
        assertThat(Sddl.parse("D:").dacl()).isEqualTo(Acl.EMPTY);
    }

    @Example
    void theLabelsOfTheDesignReadAsMeant() {
        SecurityDescriptor root = Sddl.parse("S:(ML;OICI;NW;;;S-1-16-6144)");
        SecurityDescriptor secret = Sddl.parse("S:(ML;OICI;NWNRNX;;;ME)");

        assertThat(MandatoryLabel.of(root))
                .isEqualTo(new MandatoryLabel(IntegrityLevel.MEDIUM_LOW, MandatoryLabel.NO_WRITE_UP));
        assertThat(MandatoryLabel.of(secret))
                .isEqualTo(new MandatoryLabel(IntegrityLevel.MEDIUM, MandatoryLabel.NO_ACCESS_UP));
        assertThat(Sddl.print(root)).isEqualTo("S:(ML;OICI;NW;;;S-1-16-6144)");
    }

    private static void assertProblem(String text, Problem problem, int position) {
        assertThatThrownBy(() -> Sddl.parse(text)).isInstanceOfSatisfying(SecurityFormatException.class, e -> {
            assertThat(e.problem()).as(e.getMessage()).isEqualTo(problem);
            assertThat(e.position()).as(e.getMessage()).isEqualTo(position);
        });
    }
}
