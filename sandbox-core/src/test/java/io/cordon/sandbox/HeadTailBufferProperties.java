package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The buffer against a model that keeps everything and cuts it at the end. */
class HeadTailBufferProperties {
    @Property(tries = 1000)
    void itKeepsTheHeadAndTheTailOfWhatWasWritten(
            @ForAll("chunks") List<byte[]> chunks, @ForAll @IntRange(min = 1, max = 40) int limit) {
        assertKeepsHeadAndTail(chunks, limit);
    }

    @Property(tries = 100)
    void itDoesSoWhenItsArraysGrowAndWrap(
            @ForAll("longChunks") List<byte[]> chunks, @ForAll @IntRange(min = 8_000, max = 70_000) int limit) {
        assertKeepsHeadAndTail(chunks, limit);
    }

    @Property(tries = 50)
    void whatIsReadInBetweenDoesNotChangeWhatIsReadLater(@ForAll("chunks") List<byte[]> chunks) {
        HeadTailBuffer buffer = new HeadTailBuffer(7);
        List<byte[]> written = new ArrayList<>();
        for (byte[] chunk : chunks) {
            buffer.write(chunk, chunk.length);
            written.add(chunk);
            assertThat(buffer.captured(true, StandardCharsets.US_ASCII).bytes()).isEqualTo(model(written, 7));
        }
    }

    @Example
    void onlyTheGivenLengthOfAChunkIsWritten() {
        HeadTailBuffer buffer = new HeadTailBuffer(10);

        buffer.write("abcdef".getBytes(StandardCharsets.US_ASCII), 2);

        assertThat(buffer.captured(true, StandardCharsets.US_ASCII).text()).isEqualTo("ab");
    }

    @Example
    void theOddByteOfALimitBelongsToTheHead() {
        HeadTailBuffer buffer = new HeadTailBuffer(3);

        buffer.write("abcdef".getBytes(StandardCharsets.US_ASCII), 6);

        assertThat(buffer.captured(true, StandardCharsets.US_ASCII).text())
                .isEqualTo("ab\n[... 3 of 6 bytes omitted ...]\nf");
    }

    @Example
    void aLimitThatIsNotPositiveIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeadTailBuffer(0))
                .withMessageContaining("0");
    }

    @Provide
    Arbitrary<List<byte[]>> chunks() {
        return chunks(30);
    }

    @Provide
    Arbitrary<List<byte[]>> longChunks() {
        return Arbitraries.integers()
                .between(0, 50_000)
                .map(HeadTailBufferProperties::counting)
                .list()
                .ofMaxSize(6);
    }

    private static Arbitrary<List<byte[]>> chunks(int longest) {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(longest).list().ofMaxSize(8);
    }

    /** Neighbours differ, and the period is not a divisor of any size that the buffer uses. */
    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 251);
        }
        return bytes;
    }

    private static void assertKeepsHeadAndTail(List<byte[]> chunks, int limit) {
        HeadTailBuffer buffer = new HeadTailBuffer(limit);
        chunks.forEach(chunk -> buffer.write(chunk, chunk.length));

        CapturedOutput captured = buffer.captured(true, StandardCharsets.US_ASCII);

        long total = chunks.stream().mapToLong(chunk -> chunk.length).sum();
        assertThat(captured.bytes()).isEqualTo(model(chunks, limit));
        assertThat(captured.total()).isEqualTo(total);
        assertThat(captured.omitted()).isEqualTo(Math.max(0, total - limit));
        assertThat(captured.truncated()).isEqualTo(total > limit);
    }

    private static byte[] model(List<byte[]> chunks, int limit) {
        byte[] all = Bytes.concat(chunks.toArray(new byte[0][]));
        if (all.length <= limit) {
            return all;
        }
        int tail = limit / 2;
        return Bytes.concat(Arrays.copyOf(all, limit - tail), Arrays.copyOfRange(all, all.length - tail, all.length));
    }
}
