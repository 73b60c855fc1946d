package io.cordon.sandbox.windows.edit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.windows.edit.SampleJournal.Written;
import java.io.IOException;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

final class JournalProperties {
    private static final int LARGE = 1 << 24;

    @Provide
    Arbitrary<SampleJournal> journals() {
        return JournalArbitraries.journals();
    }

    @Provide
    Arbitrary<Lease> leases() {
        return JournalArbitraries.leases();
    }

    @Property
    void whatIsWrittenIsReadLastFirst(@ForAll("journals") SampleJournal journal) throws IOException {
        byte[] bytes = journal.write().bytes();

        assertThat(SampleJournal.read(bytes)).isEqualTo(journal.whole());
        Layer layer = SampleJournal.layer(bytes);
        assertThat(layer.header()).isEqualTo(journal.header());
        assertThat(layer.completed()).isEqualTo(journal.completed());
    }

    @Property
    void aCutJournalIsTheBlocksBeforeTheCut(
            @ForAll("journals") SampleJournal journal, @ForAll @IntRange(max = LARGE) int at) throws IOException {
        Written written = journal.write();

        cut(journal, written, at % written.bytes().length);
    }

    @Property
    void aFlippedByteIsAnErrorOrTheLastBlockIsLeftOut(
            @ForAll("journals") SampleJournal journal,
            @ForAll @IntRange(max = LARGE) int at,
            @ForAll @IntRange(min = 1, max = 255) int mask)
            throws IOException {
        Written written = journal.write();

        flip(journal, written, at % written.bytes().length, mask);
    }

    @Example
    void everyCutAndEveryFlipOfOneJournal() throws IOException {
        SampleJournal journal = Samples.journal();
        Written written = journal.write();
        assertThat(written.bytes().length).isBetween(500, 3000);

        for (int at = 0; at < written.bytes().length; at++) {
            cut(journal, written, at);
            flip(journal, written, at, 0xFF);
            flip(journal, written, at, 1 << (at % 8));
        }
    }

    private static void cut(SampleJournal journal, Written written, int at) throws IOException {
        byte[] bytes = Arrays.copyOf(written.bytes(), at);
        int parts = written.partOf(at);
        if (parts == 0) {
            refused(() -> SampleJournal.read(bytes), at);
            refused(() -> SampleJournal.layer(bytes), at);
        } else {
            assertThat(SampleJournal.read(bytes)).isEqualTo(journal.cutTo(parts));
            assertThat(SampleJournal.layer(bytes).header()).isEqualTo(journal.header());
            assertThat(SampleJournal.layer(bytes).isComplete()).isFalse();
        }
    }

    private static void flip(SampleJournal journal, Written written, int at, int mask) throws IOException {
        byte[] bytes = written.bytes().clone();
        bytes[at] ^= (byte) mask;
        int part = written.partOf(at);
        int last = written.ends().size() - 1;
        if (part == 0 || part < last) {
            refused(() -> SampleJournal.read(bytes), bytes.length);
        } else {
            assertThat(SampleJournal.read(bytes)).isEqualTo(journal.cutTo(last));
        }
        if (part == 0) {
            refused(() -> SampleJournal.layer(bytes), bytes.length);
        } else {
            Layer layer = SampleJournal.layer(bytes);
            assertThat(layer.header()).isEqualTo(journal.header());
            assertThat(layer.completed())
                    .isEqualTo(
                            part < last
                                    ? journal.completed()
                                    : journal.cutTo(last).completed());
        }
    }

    private static void refused(ThrowingCallable reading, int length) {
        assertThatThrownBy(reading)
                .isInstanceOfSatisfying(
                        JournalFormatException.class,
                        e -> assertThat(e.position()).isBetween(0L, (long) length));
    }

    @Property
    void changedPayloadsWithARightChecksumAreAnErrorOrValues(
            @ForAll("journals") SampleJournal journal,
            @ForAll @IntRange(max = LARGE) int chosen,
            @ForAll @Size(min = 1, max = 3) int[] places,
            @ForAll byte value)
            throws IOException {
        // given a writer that is wrong, so that only the decoders stand in the way
        Written written = journal.write();
        int part = chosen % written.ends().size();
        int begin = part == 0 ? JournalFormat.PREAMBLE_LENGTH : written.ends().get(part - 1);
        int length = written.ends().get(part) - begin - JournalFormat.BLOCK_OVERHEAD;
        int type = part == 0
                ? JournalFormat.HEADER
                : part <= journal.batches().size() ? JournalFormat.RECORDS : JournalFormat.COMPLETED;
        byte[] payload = Arrays.copyOfRange(
                written.bytes(), begin + JournalFormat.BLOCK_HEADER, begin + JournalFormat.BLOCK_HEADER + length);
        for (int place : places) {
            payload[Math.floorMod(place, length)] = value;
        }
        byte[] bytes = written.bytes();
        byte[] block = JournalFormat.block(journal.header().id(), begin, type, payload);
        System.arraycopy(block, 0, bytes, begin, block.length);

        valuesOrRefused(bytes);
    }

    @Property
    void garbageBehindAJournalIsLeftOutOrRefused(
            @ForAll("journals") SampleJournal journal, @ForAll @Size(min = 1, max = 100) byte[] garbage)
            throws IOException {
        byte[] whole = journal.write().bytes();
        byte[] bytes = new ByteWriter().bytes(whole).bytes(garbage).toBytes();

        // then a complete journal has nothing behind it, and an unfinished one has what a loss of power left
        if (journal.completed().isPresent()) {
            refused(() -> SampleJournal.read(bytes), bytes.length);
        } else {
            assertThat(SampleJournal.read(bytes)).isEqualTo(journal.whole());
        }
    }

    @Property
    void randomBytesAreRefused(@ForAll @Size(max = 300) byte[] bytes) {
        refused(() -> SampleJournal.read(bytes), bytes.length);
        refused(() -> SampleJournal.layer(bytes), bytes.length);
    }

    private static void valuesOrRefused(byte[] bytes) throws IOException {
        try {
            assertThat(SampleJournal.read(bytes).undone()).isNotNull();
        } catch (JournalFormatException e) {
            assertThat(e.position()).isBetween(0L, (long) bytes.length);
        }
    }

    @Property
    void aLeaseIsReadAsItWasWrittenOrRefused(
            @ForAll("leases") Lease lease,
            @ForAll @IntRange(max = LARGE) int at,
            @ForAll @IntRange(min = 1, max = 255) int mask)
            throws IOException {
        byte[] bytes = lease.encode();
        assertThat(read(bytes)).isEqualTo(lease);

        byte[] flipped = bytes.clone();
        flipped[at % bytes.length] ^= (byte) mask;
        refused(() -> read(flipped), bytes.length);
        refused(() -> read(Arrays.copyOf(bytes, at % bytes.length)), bytes.length);
        refused(() -> read(Arrays.copyOf(bytes, bytes.length + 1)), bytes.length + 1);
    }

    private static Lease read(byte[] bytes) throws IOException {
        return Lease.read(SampleJournal.file(bytes));
    }
}
