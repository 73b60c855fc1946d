package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CapturedOutputTest {
    private static final Charset UTF_8 = StandardCharsets.UTF_8;

    @Test
    void allOfAShortOutputIsItsText() {
        CapturedOutput output = output("one ", "two", 7, true);

        assertThat(output.text()).isEqualTo("one two").isEqualTo(output.toString());
        assertThat(output.bytes()).isEqualTo("one two".getBytes(UTF_8));
        assertThat(output.total()).isEqualTo(7);
        assertThat(output.truncated()).isFalse();
        assertThat(output.complete()).isTrue();
    }

    @Test
    void aLineSaysHowMuchIsMissing() {
        CapturedOutput output = output("head", "tail", 100, true);

        assertThat(output.text()).isEqualTo("head\n[... 92 of 100 bytes omitted ...]\ntail");
        assertThat(output.omitted()).isEqualTo(92);
        assertThat(output.truncated()).isTrue();
    }

    @Test
    void theBytesHaveNoMark() {
        assertThat(output("head", "tail", 100, true).bytes()).isEqualTo("headtail".getBytes(UTF_8));
    }

    @Test
    void aLineSaysThatTheEndWasNotReached() {
        assertThat(output("head", "", 4, false).text()).isEqualTo("head\n[... output not read to its end ...]\n");
        assertThat(output("head", "tail", 9, false).text())
                .isEqualTo("head\n[... 1 of 9 bytes omitted ...]\ntail\n[... output not read to its end ...]\n");
    }

    @Test
    void aCharacterThatLiesAcrossHeadAndTailIsWhole() {
        byte[] euro = "€".getBytes(UTF_8);
        CapturedOutput output = new CapturedOutput(new byte[] {euro[0], euro[1]}, new byte[] {euro[2]}, 3, true, UTF_8);

        assertThat(output.text()).isEqualTo("€");
    }

    @Test
    void aCharacterThatIsCutByTheOmissionIsReplaced() {
        byte[] euro = "€".getBytes(UTF_8);
        CapturedOutput output = new CapturedOutput(new byte[] {euro[0], euro[1]}, new byte[] {'a'}, 10, true, UTF_8);

        assertThat(output.text()).isEqualTo("\uFFFD\n[... 7 of 10 bytes omitted ...]\na");
    }

    @Test
    void theTextCanBeReadInAnotherCharset() {
        CapturedOutput output = new CapturedOutput(
                new byte[] {(byte) 0x81}, new byte[0], 1, true, Charset.forName("IBM850")); // cmd.exe in Western Europe

        assertThat(output.text()).isEqualTo("ü");
        assertThat(output.text(StandardCharsets.ISO_8859_1)).isEqualTo("\u0081");
    }

    @Test
    void outputsWithTheSameContentAreEqual() {
        CapturedOutput output = output("head", "tail", 100, true);

        assertThat(output)
                .isEqualTo(output("head", "tail", 100, true))
                .hasSameHashCodeAs(output("head", "tail", 100, true));
        assertThat(output)
                .isNotEqualTo(output("head", "tail", 101, true))
                .isNotEqualTo(output("head", "tail", 100, false))
                .isNotEqualTo(output("hea", "tail", 100, true))
                .isNotEqualTo(output("head", "tai", 100, true));
    }

    private static CapturedOutput output(String head, String tail, long total, boolean complete) {
        return new CapturedOutput(head.getBytes(UTF_8), tail.getBytes(UTF_8), total, complete, UTF_8);
    }
}
