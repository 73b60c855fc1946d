package io.cordon.sandbox.windows.edit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.SampleJournal.Written;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.ByteString;
import io.cordon.sandbox.windows.security.OpaqueAce;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.SecurityDescriptorCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JournalTest {
    private static final UUID ID = Samples.header().id();

    @TempDir
    Path directory;

    private final List<String> steps = new ArrayList<>();

    private Path file() {
        return directory.resolve("sample.layer");
    }

    private JournalWriter create() throws SandboxException {
        return JournalWriter.create(file(), Samples.header(), steps::add);
    }

    @Test
    void theStepsOfALayerAreToldInTheirOrder() throws IOException {
        try (JournalWriter writer = create()) {
            writer.append(List.of(Samples.label(1, "C:\\work")));
            writer.append(List.of());
            writer.complete(List.of());
        }

        assertThat(steps)
                .containsExactly(
                        "layer.create",
                        "layer.written",
                        "layer.created",
                        "block.write",
                        "block.written",
                        "block.forced",
                        "complete.write",
                        "complete.written",
                        "complete.forced");
        assertThat(SampleJournal.read(file()).undone()).containsExactly(Samples.label(1, "C:\\work"));
    }

    @Test
    void aRecordIsOnDiskWhenAppendReturns() throws IOException {
        try (JournalWriter writer = create()) {
            writer.append(List.of(Samples.label(1, "C:\\work")));

            assertThat(SampleJournal.read(file()).undone()).hasSize(1);
            assertThat(Layer.read(file()).isComplete()).isFalse();
        }
    }

    @Test
    void aLayerIsReadFromItsEndsWhateverIsBetween() throws IOException {
        SampleJournal journal = Samples.journal();
        Written written = journal.write();
        byte[] bytes = written.bytes();
        Arrays.fill(bytes, written.ends().get(0), written.ends().get(2), (byte) 0);
        Files.write(file(), bytes);

        assertThat(Layer.read(file()).completed()).isEqualTo(journal.completed());
        assertThatThrownBy(() -> JournalReader.open(file())).isInstanceOf(JournalFormatException.class);
    }

    @Test
    void aLargeBatchIsSplitAndEachRecordTakesFewBytes() throws IOException {
        // given
        List<EditRecord> records = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            records.add(Samples.label(i, "C:\\work\\src\\package" + i / 100 + "\\Class" + i + ".java"));
        }

        // when
        try (JournalWriter writer = create()) {
            writer.append(records);
        }

        // then
        assertThat(steps.stream().filter("block.forced"::equals).count()).isGreaterThan(2);
        assertThat(Files.size(file()) / records.size()).isLessThan(64);
        try (JournalReader reader = JournalReader.open(file())) {
            assertThat(reader.records()).isEqualTo(records.size());
            assertThat(reader.previous()).first().isEqualTo(records.get(records.size() - 1));
        }
    }

    @Test
    void afterAFailureNothingIsWrittenAnyMoreAndTheRestIsValid() throws IOException {
        SampleJournal journal = Samples.journal();
        byte[] start = new SampleJournal(journal.header(), List.of(), Optional.empty())
                .write()
                .bytes();
        for (boolean canTruncate : List.of(true, false)) {
            // given a disk on which the n-th write or force fails
            for (int n = 1; n <= 6; n++) {
                MemoryFile memory = new MemoryFile(n, canTruncate);
                JournalWriter writer = JournalWriter.on(file(), ID, memory, start.length, StepListener.NONE);

                // when
                int done = 0;
                SandboxException failure = null;
                try {
                    for (List<EditRecord> batch : journal.batches()) {
                        writer.append(batch);
                        done++;
                    }
                    writer.complete(journal.completed().orElseThrow());
                } catch (SandboxException e) {
                    failure = e;
                }

                // then
                assertThat(failure).as("call %d", n).isNotNull();
                assertThat(requireNonNull(failure).code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
                assertThat(failure).hasMessageContainingAll(file().toString(), "make room");
                assertThatThrownBy(() -> writer.append(journal.batches().get(0)))
                        .isInstanceOf(IllegalStateException.class);
                assertThatThrownBy(() -> writer.complete(List.of())).isInstanceOf(IllegalStateException.class);
                Files.write(
                        file(),
                        new ByteWriter().bytes(start).bytes(memory.bytes()).toBytes());
                if (canTruncate) {
                    assertThat(SampleJournal.read(file())).isEqualTo(journal.cutTo(1 + done));
                } else {
                    assertThat(SampleJournal.read(file()).undone())
                            .endsWith(journal.cutTo(1 + done).undone().toArray(EditRecord[]::new));
                }
            }
        }
        MemoryFile whole = new MemoryFile(7, true);
        try (JournalWriter writer = JournalWriter.on(file(), ID, whole, start.length, StepListener.NONE)) {
            writer.append(journal.batches().get(0));
            writer.append(journal.batches().get(1));
            writer.complete(journal.completed().orElseThrow());
        }
        assertThat(whole.calls()).isEqualTo(6);
    }

    @Test
    void aLayerThatCannotBeMadeLeavesNothing() throws IOException {
        // given something in the way of the rename
        Files.createDirectories(file().resolve("in the way"));

        SandboxException failure = catchThrowableOfType(SandboxException.class, this::create);

        assertThat(failure).isNotNull();
        assertThat(failure.code()).isEqualTo(SandboxErrorCode.PREPARE_FAILED);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void nothingIsAppendedToACompleteOrClosedLayer() throws IOException {
        JournalWriter writer = create();
        writer.complete(List.of());
        assertThatThrownBy(() -> writer.append(List.of())).isInstanceOf(IllegalStateException.class);
        writer.close();
        assertThatThrownBy(() -> writer.complete(List.of())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void anInterruptDoesNotCloseTheFiles() throws IOException {
        Thread.currentThread().interrupt();
        try (JournalWriter writer = create()) {
            writer.append(List.of(Samples.made("C:\\work\\new")));
            writer.complete(List.of());
            assertThat(SampleJournal.read(file()).undone()).hasSize(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aForeignFileIsRefused() throws IOException {
        Files.writeString(file(), "This is a text and not a journal at all.");
        refused("does not begin with CORDONJL", 0);
    }

    @Test
    void anotherVersionIsRefused() throws IOException {
        byte[] bytes = Samples.journal().write().bytes();
        bytes[8] = 2;
        Files.write(file(), bytes);
        refused("version 2", 8);
    }

    @Test
    void theBlocksOfAnotherLayerAreRefused() throws IOException {
        // given what a file system may show after a loss of power: a block of a deleted file at the same position
        Written written = Samples.journal().write();
        int begin = written.ends().get(0);
        int end = written.ends().get(1);
        byte[] foreign =
                JournalFormat.block(new UUID(9, 9), begin, JournalFormat.RECORDS, payload(written, begin, end));
        byte[] bytes = Arrays.copyOf(written.bytes(), end);
        System.arraycopy(foreign, 0, bytes, begin, foreign.length);
        Files.write(file(), bytes);

        assertThat(SampleJournal.read(file())).isEqualTo(Samples.journal().cutTo(1));
    }

    private static byte[] payload(Written written, int begin, int end) {
        return Arrays.copyOfRange(written.bytes(), begin + JournalFormat.BLOCK_HEADER, end - 8);
    }

    @Test
    void aDamagedBlockBeforeAValidOneIsRefused() throws IOException {
        Written written = Samples.journal().write();
        byte[] bytes = written.bytes();
        // The length: the block now seems to reach beyond the end of the file, as a cut one does.
        bytes[written.ends().get(0) + 18] = 1;
        Files.write(file(), bytes);
        refused(
                "a damaged block, behind which a valid one begins at "
                        + written.ends().get(1),
                written.ends().get(0));
    }

    @Test
    void aMissingBlockIsRefused() throws IOException {
        Written written = Samples.journal().write();
        int from = written.ends().get(1);
        byte[] bytes = new ByteWriter()
                .bytes(Arrays.copyOf(written.bytes(), written.ends().get(0)))
                .bytes(Arrays.copyOfRange(written.bytes(), from, written.bytes().length))
                .toBytes();
        Files.write(file(), bytes);

        // The blocks that moved are none at their new place.
        assertThat(SampleJournal.read(file())).isEqualTo(Samples.journal().cutTo(1));
        assertThat(Layer.read(file()).isComplete()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, JournalFormat.HEADER, JournalFormat.LEASE, 5})
    void aBlockThatDoesNotBelongThereIsRefused(int type) throws IOException {
        append(type, new byte[0]);
        refused("a block of the type " + type, start().length);
    }

    private static byte[] start() throws IOException {
        return new SampleJournal(Samples.header(), List.of(), Optional.empty())
                .write()
                .bytes();
    }

    private void append(int type, byte[] payload) throws IOException {
        byte[] start = start();
        Files.write(
                file(),
                new ByteWriter()
                        .bytes(start)
                        .bytes(JournalFormat.block(ID, start.length, type, payload))
                        .toBytes());
    }

    /** A payload with one descriptor, one change and one record. */
    private static byte[] records(byte[] descriptor, byte[] change, int changeIndex, int descriptorIndex, int shared) {
        return new ByteWriter()
                .int32(1)
                .sized(descriptor)
                .int32(1)
                .bytes(change)
                .int32(1)
                .fileId(new FileId(1, 2))
                .int32(changeIndex)
                .int32(descriptorIndex)
                .int16(shared)
                .int16(2)
                .units("C:", 0)
                .toBytes();
    }

    private static final byte[] MADE = {2};
    private static final byte[] EMPTY = SecurityDescriptorCodec.encode(SecurityDescriptor.EMPTY);

    @Test
    void aRecordThatIsRightIsTaken() throws IOException {
        append(JournalFormat.RECORDS, records(EMPTY, MADE, 0, 0, 0));
        assertThat(SampleJournal.read(file()).undone())
                .containsExactly(new EditRecord(new FileId(1, 2), "C:", new Change.Made(), SecurityDescriptor.EMPTY));
    }

    @Test
    void recordsThatPointOutsideOfTheTablesAreRefused() throws IOException {
        append(JournalFormat.RECORDS, records(EMPTY, MADE, 1, 0, 0));
        refused("entry 1 of a table of 1");
        append(JournalFormat.RECORDS, records(EMPTY, MADE, 0, -1, 0));
        refused("entry 4294967295 of a table of 1");
        append(JournalFormat.RECORDS, records(EMPTY, MADE, 0, 0, 1));
        refused("a path shares 1 characters with one of 0");
    }

    @Test
    void descriptorsThatNoEditCanHaveFoundAreRefused() throws IOException {
        append(JournalFormat.RECORDS, records(new byte[19], MADE, 0, 0, 0));
        refused("a descriptor needs at least 20 bytes");
        byte[] owned = SecurityDescriptorCodec.encode(Sddl.parse("O:BAD:"));
        append(JournalFormat.RECORDS, records(owned, MADE, 0, 0, 0));
        refused("with an owner or a group");
        byte[] usual = SecurityDescriptorCodec.encode(Samples.USUAL);
        append(JournalFormat.RECORDS, records(usual, MADE, 0, 0, 0));
        refused("a directory that is made has no descriptor");
    }

    @Test
    void changesThatAreNoneAreRefused() throws IOException {
        append(JournalFormat.RECORDS, records(EMPTY, new byte[] {3}, 0, 0, 0));
        refused("unknown kind 3");
        byte[] list = Acl.of(Samples.LABEL.toAce(AceFlags.NONE)).encode();
        append(
                JournalFormat.RECORDS,
                records(EMPTY, new ByteWriter().int8(1).sized(list).toBytes(), 0, 0, 0));
        refused("a change of kind 1");
        byte[] opaque =
                Acl.of(new OpaqueAce(0x7F, AceFlags.NONE, ByteString.EMPTY)).encode();
        append(
                JournalFormat.RECORDS,
                records(EMPTY, new ByteWriter().int8(0).sized(opaque).toBytes(), 0, 0, 0));
        refused("a change of kind 0");
    }

    @Test
    void tooManyAndTooFewBytesAreRefused() throws IOException {
        byte[] right = records(EMPTY, MADE, 0, 0, 0);
        append(JournalFormat.RECORDS, Arrays.copyOf(right, right.length + 1));
        refused("1 bytes too many");
        append(JournalFormat.RECORDS, Arrays.copyOf(right, right.length - 1));
        refused("a field of 4 bytes, of which there are 3");
        append(
                JournalFormat.RECORDS,
                new ByteWriter().int32(0).int32(0).int32(0).toBytes());
        refused("a block without records");
        append(JournalFormat.RECORDS, new ByteWriter().int32(1 << 30).toBytes());
        refused("a count of 1073741824, for which there is no room");
    }

    private void refused(String reason, long position) {
        assertThat(refused(reason).position()).isEqualTo(position);
    }

    private JournalFormatException refused(String reason) {
        JournalFormatException e = catchThrowableOfType(JournalFormatException.class, () -> JournalReader.open(file()));
        assertThat(e).isNotNull().hasMessageContainingAll(file().toString(), reason);
        return e;
    }

    @Test
    void aPathWithAPrefixIsNoFinalPathOfARecord() {
        assertThatThrownBy(() -> Samples.label(1, "\\\\?\\C:\\work")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Samples.place("\\\\?\\C:\\work")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Samples.label(1, "x".repeat(65_536))).isInstanceOf(IllegalArgumentException.class);
        assertThat(Samples.label(1, "x".repeat(65_535)).path()).hasSize(65_535);
    }

    @Test
    void ownerAndGroupAreNotRecorded() {
        EditRecord record = new EditRecord(
                new FileId(1, 2),
                "C:\\work",
                Samples.entry(1, "C:").change(),
                Sddl.parse("O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)"));

        assertThat(record.before()).isEqualTo(Samples.USUAL);
    }
}
