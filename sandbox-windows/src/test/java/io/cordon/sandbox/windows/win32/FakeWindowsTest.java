package io.cordon.sandbox.windows.win32;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.PipeCalls.Pipe;
import io.cordon.sandbox.windows.win32.ProcessCalls.Start;
import io.cordon.sandbox.windows.win32.ProcessCalls.Surroundings;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the fake sees what the tests with it rely on: without these, "nothing is left" would prove nothing. */
@Timeout(60)
class FakeWindowsTest {
    private static final int SHARE_ALL = 7;
    private static final int CREATE_NEW = 1;
    private static final int OPEN_EXISTING = 3;
    private static final int ALL_RIGHTS = ~0;

    private final FakeWindows windows = new FakeWindows();
    private final NativeCalls calls = windows.calls();

    private static int codeOf(ThrowingCallable call) {
        return catchThrowableOfType(WindowsFailure.class, call).code();
    }

    private OwnedHandle token() throws WindowsFailure {
        try (OwnedHandle own = calls.tokens().ownToken()) {
            return calls.tokens().restrict(own, Optional.empty());
        }
    }

    private OwnedHandle job(JobLimits limits) throws WindowsFailure {
        OwnedHandle job = calls.jobs().create();
        calls.jobs().setLimits(job, limits);
        return job;
    }

    private static JobLimits processes(int most) {
        return JobLimits.of(OptionalInt.of(most), OptionalLong.empty());
    }

    private static Start start(OwnedHandle... streams) {
        return new Start(
                "C:\\program.exe", "program.exe", "\0", "C:\\", ImmutableList.copyOf(streams), Surroundings.PLAIN);
    }

    private int awaitExit(OwnedHandle process) throws WindowsFailure {
        try (OwnedHandle bell = calls.processes().bell()) {
            assertThat(calls.processes().awaitAny(bell, ImmutableList.of(process), 20_000))
                    .isZero();
            return calls.processes().exitCode(process);
        }
    }

    private Suspended child(OwnedHandle job, OwnedHandle... streams) throws WindowsFailure {
        try (OwnedHandle token = token()) {
            return calls.processes().create(token, job, start(streams));
        }
    }

    private static void close(Suspended child) {
        child.thread().close();
        child.process().close();
    }

    @Test
    void openHandlesAreCounted() throws Exception {
        OwnedHandle job = calls.jobs().create();
        OwnedHandle token = token();
        assertThat(windows.left())
                .containsExactly(
                        "a handle to a job, from CreateJobObjectW", "a handle to a token, from CreateRestrictedToken");
        job.close();
        token.close();
        assertThat(windows.left()).isEmpty();
    }

    @Test
    void aClosedHandleIsNotUsed() throws Exception {
        OwnedHandle job = calls.jobs().create();
        job.close();
        assertThatIllegalStateException().isThrownBy(() -> calls.jobs().limits(job));
        assertThat(windows.misuse()).containsExactly("QueryInformationJobObject was given a closed handle");
    }

    @Test
    void twoOwnersOfOneHandleAreNoticed() throws Exception {
        // given: what OwnedHandle prevents
        OwnedHandle job = calls.jobs().create();
        OwnedHandle other = new OwnedHandle(job.value(), windows.handles::close);
        job.close();

        // then
        assertThat(codeOf(() -> calls.jobs().limits(other))).isEqualTo(FakeHandles.ERROR_INVALID_HANDLE);
        other.close();
        assertThat(windows.misuse())
                .hasSize(2)
                .anyMatch(line -> line.contains("somebody else closed"))
                .anyMatch(line -> line.contains("closed twice"));
    }

    @Test
    void aHandleToSomethingElseIsRefused() throws Exception {
        OwnedHandle token = token();
        assertThat(codeOf(() -> calls.jobs().limits(token))).isEqualTo(FakeHandles.ERROR_INVALID_HANDLE);
        assertThat(windows.misuse()).containsExactly("QueryInformationJobObject was given a handle to a token");
    }

    @Test
    void aSuspendedProcessThatNobodyEndsIsLeft() throws Exception {
        OwnedHandle job = job(new JobLimits(0, 0, 0));
        close(child(job));
        job.close();
        assertThat(windows.left()).containsExactly("a process that never ran and is SUSPENDED");
    }

    @Test
    void closingAJobThatWasToldToEndsItsProcesses() throws Exception {
        // given: one that never runs, and one that would run for ever
        windows.runs(child -> {
            Thread.sleep(Long.MAX_VALUE);
            return 0;
        });
        OwnedHandle job = job(processes(2));
        Suspended suspended = child(job);
        Suspended running = child(job);
        calls.processes().resume(running.thread());
        assertThat(calls.jobs().activeProcesses(job)).isEqualTo(2);
        assertThat(calls.jobs().contains(job, running.process())).isTrue();

        // when
        job.close();

        // then
        assertThat(awaitExit(running.process())).isZero();
        close(suspended);
        close(running);
        assertThat(windows.processes()).extracting(FakeProcess::hasRun).containsExactly(false, true);
        assertThat(windows.left()).isEmpty();
        assertThat(windows.misuse()).isEmpty();
    }

    @Test
    void whatHasEndedIsNeitherResumedNorEndedAgain() throws Exception {
        Suspended child = child(job(processes(1)));
        calls.processes().terminate(child.process(), 3);
        assertThat(awaitExit(child.process())).isEqualTo(3);

        assertThat(codeOf(() -> calls.processes().terminate(child.process(), 4)))
                .isEqualTo(WindowsFailure.ERROR_ACCESS_DENIED);
        assertThat(windows.misuse()).isEmpty();
        assertThat(codeOf(() -> calls.processes().resume(child.thread())))
                .isEqualTo(WindowsFailure.ERROR_ACCESS_DENIED);
        assertThat(windows.misuse()).containsExactly("a process was resumed that had ended");
        assertThat(windows.processes()).noneMatch(FakeProcess::hasRun);
    }

    @Test
    void aJobTakesAsManyProcessesAsItsLimitSays() throws Exception {
        OwnedHandle job = job(processes(1));
        child(job);
        assertThat(codeOf(() -> child(job))).isEqualTo(1816);
        windows.ignoresProcessLimits();
        child(job);
        assertThat(calls.jobs().activeProcesses(job)).isEqualTo(2);
    }

    @Test
    void limitsAndTokensReadBack() throws Exception {
        OwnedHandle job = job(processes(5));
        assertThat(calls.jobs().limits(job)).isEqualTo(processes(5));
        OwnedHandle token = token();
        calls.tokens().setIntegrityLevel(token, 0x1000);
        byte[] label = new MandatoryLabel(IntegrityLevel.LOW, MandatoryLabel.NO_WRITE_UP)
                .toAcl(AceFlags.NONE)
                .encode();
        calls.tokens().setLabel(token, label);
        assertThat(calls.tokens().integrityLevel(token)).isEqualTo(0x1000);
        assertThat(calls.tokens().label(token)).isEqualTo(label);
        assertThat(codeOf(() -> calls.tokens().setIntegrityLevel(token, 0x2000)))
                .as("raising the level needs a privilege")
                .isEqualTo(1314);
        try (OwnedHandle own = calls.tokens().ownToken()) {
            assertThat(calls.tokens().integrityLevel(own)).isEqualTo(FakeWindows.HOST_LEVEL);
            assertThat(codeOf(() -> calls.tokens().setIntegrityLevel(own, 0x1000)))
                    .isEqualTo(WindowsFailure.ERROR_ACCESS_DENIED);
            assertThat(codeOf(() -> calls.processes().create(own, job, start())))
                    .as("only a restricted version of the own token needs no privilege")
                    .isEqualTo(1314);
        }
        assertThat(windows.misuse()).hasSize(1);
    }

    @Test
    void aPipeCarriesMoreThanItHoldsAndEndsWithTheChild() throws Exception {
        // given
        byte[] bytes = new byte[5000];
        new Random(7).nextBytes(bytes);
        windows.runs(child -> {
            child.stdout().write(child.stdin().readAllBytes());
            return 0;
        });
        Pipe input = calls.pipes().toChild();
        Pipe output = calls.pipes().fromChild();
        OwnedHandle job = job(processes(1));
        Suspended child = child(job, input.child(), output.child(), output.child());
        input.child().close();
        output.child().close();

        // when
        calls.processes().resume(child.thread());
        input.host().write(bytes, 0, bytes.length);
        input.host().close();

        // then
        byte[] read = new byte[bytes.length];
        int count = 0;
        while (count < read.length) {
            count += output.host().read(read, count, read.length - count);
        }
        assertThat(read).isEqualTo(bytes);
        assertThat(output.host().read(read, 0, 1)).isEqualTo(-1);
        assertThat(codeOf(() -> input.host().available())).isEqualTo(WindowsFailure.ERROR_OPERATION_ABORTED);
        assertThat(windows.left()).contains("the host's end of a pipe");
        output.host().close();
        assertThat(awaitExit(child.process())).isZero();
        close(child);
        job.close();
        assertThat(windows.left()).isEmpty();
    }

    @Test
    void closingTheHostsEndEndsAReadThatWaits() throws Exception {
        Pipe pipe = calls.pipes().fromChild();
        CompletableFuture<Integer> reading =
                CompletableFuture.supplyAsync(() -> codeOf(() -> pipe.host().read(new byte[1], 0, 1)));
        Thread.sleep(50);
        assertThat(reading).isNotDone();
        pipe.host().close();
        assertThat(reading.get(30, TimeUnit.SECONDS)).isEqualTo(WindowsFailure.ERROR_OPERATION_ABORTED);
    }

    @Test
    void aHandleDoesWhatItWasOpenedFor() throws Exception {
        windows.files().put("C:\\file", new byte[] {1});
        OwnedHandle open = calls.files().open("\\\\?\\C:\\file", 0x00020000, SHARE_ALL, OPEN_EXISTING, 0);
        assertThat(windows.files().label("C:\\file")).isEmpty();
        assertThat(codeOf(() -> calls.files().delete(open))).isEqualTo(WindowsFailure.ERROR_ACCESS_DENIED);
        assertThat(codeOf(() -> calls.files().open("C:\\missing", 1, SHARE_ALL, OPEN_EXISTING, 0)))
                .isEqualTo(WindowsFailure.ERROR_FILE_NOT_FOUND);
    }

    private OwnedHandle open(String path, int access) throws WindowsFailure {
        return calls.files().open(path, access, SHARE_ALL, OPEN_EXISTING, 0);
    }

    /** The directory has both kinds of control flags and a label; the second file is in it and has what it hands on. */
    @Test
    void aDescriptorIsReplacedExactlyAndIsHandedOnToNothing() throws Exception {
        // given
        windows.files().putDirectory("C:\\root");
        windows.files().put("C:\\root\\file", new byte[0]);
        try (OwnedHandle root = open("C:\\root", ALL_RIGHTS);
                OwnedHandle file = open("C:\\root\\file", ALL_RIGHTS)) {
            SecurityDescriptor before = calls.files().descriptor(root);
            SecurityDescriptor ofFile = calls.files().descriptor(file);
            SecurityDescriptor other = before.withDacl(
                            Sddl.parse("D:(A;OICI;FA;;;WD)").dacl())
                    .withSacl(Sddl.parse("S:(ML;OICI;NW;;;LW)").sacl())
                    .withControl(
                            SecurityDescriptor.DACL_PROTECTED | SecurityDescriptor.SACL_AUTO_INHERITED,
                            SecurityDescriptor.DACL_AUTO_INHERITED);
            assertThat(before.has(SecurityDescriptor.DACL_AUTO_INHERITED)).isTrue();

            // when and then
            calls.files().replaceLabel(root, other);
            assertThat(calls.files().descriptor(root).sacl()).isEqualTo(other.sacl());
            assertThat(calls.files().descriptor(root).dacl())
                    .as("one part at a time")
                    .isEqualTo(before.dacl());
            calls.files().replaceDacl(root, other);
            assertThat(calls.files().descriptor(root)).isEqualTo(other);
            assertThat(windows.files().label("C:\\root"))
                    .contains((LabelAce) requireNonNull(other.sacl()).aces().get(0));
            assertThat(calls.files().descriptor(file)).isEqualTo(ofFile);

            calls.files().replaceLabel(root, before);
            calls.files().replaceDacl(root, before);
            assertThat(calls.files().descriptor(root)).isEqualTo(before);
        }
        assertThat(windows.left()).isEmpty();
    }

    @Test
    void aDescriptorIsReadAndReplacedOnlyThroughAHandleThatMay() throws Exception {
        windows.files().put("C:\\file", new byte[0]);
        try (OwnedHandle reading = open("C:\\file", 0x00020000);
                OwnedHandle relabelling = open("C:\\file", 0x00080000);
                OwnedHandle granting = open("C:\\file", 0x00040000)) {
            SecurityDescriptor descriptor = calls.files().descriptor(reading);
            calls.files().replaceLabel(relabelling, descriptor);
            calls.files().replaceDacl(granting, descriptor);
            for (ThrowingCallable denied : ImmutableList.<ThrowingCallable>of(
                    () -> calls.files().descriptor(relabelling),
                    () -> calls.files().replaceLabel(reading, descriptor),
                    () -> calls.files().replaceLabel(granting, descriptor),
                    () -> calls.files().replaceDacl(reading, descriptor),
                    () -> calls.files().replaceDacl(relabelling, descriptor))) {
                assertThat(codeOf(denied)).isEqualTo(WindowsFailure.ERROR_ACCESS_DENIED);
            }
        }
    }

    @Test
    void whatIsMadeInADirectoryInheritsFromIt() throws Exception {
        // given
        windows.files().putDirectory("C:\\root");
        try (OwnedHandle root = open("C:\\root", ALL_RIGHTS)) {
            SecurityDescriptor before = calls.files().descriptor(root);
            calls.files()
                    .replaceDacl(
                            root,
                            before.withDacl(Sddl.parse("D:(A;OICI;FA;;;WD)(A;OI;FR;;;BU)(A;;FA;;;SY)")
                                    .dacl()));
            calls.files()
                    .replaceLabel(
                            root,
                            before.withSacl(Sddl.parse("S:(ML;OICI;NW;;;LW)").sacl()));
        }

        // when
        calls.files().createDirectory("C:\\root\\sub");
        calls.files()
                .open("C:\\root\\sub\\file", ALL_RIGHTS, SHARE_ALL, CREATE_NEW, 0)
                .close();

        // then
        assertThat(calls.files()
                        .descriptor(open("C:\\root\\sub", ALL_RIGHTS))
                        .withOwner(null)
                        .withGroup(null))
                .isEqualTo(Sddl.parse("D:AI(A;OICIID;FA;;;WD)(A;OIIOID;FR;;;BU)S:(ML;OICIID;NW;;;LW)"));
        assertThat(calls.files()
                        .descriptor(open("C:\\root\\sub\\file", ALL_RIGHTS))
                        .withOwner(null)
                        .withGroup(null))
                .isEqualTo(Sddl.parse("D:AI(A;ID;FA;;;WD)(A;ID;FR;;;BU)S:(ML;ID;NW;;;LW)"));
        assertThat(codeOf(() -> calls.files().createDirectory("C:\\root\\sub"))).isEqualTo(183);
        assertThat(codeOf(() -> calls.files().createDirectory("C:\\missing\\sub")))
                .isEqualTo(WindowsFailure.ERROR_PATH_NOT_FOUND);
    }

    @Test
    void aFileIsFoundByItsIdentityAfterItWasMoved() throws Exception {
        // given
        windows.files().putDirectory("C:\\root");
        windows.files().put("C:\\root\\file", new byte[] {7});
        try (OwnedHandle root = open("C:\\root", 0);
                OwnedHandle file = open("C:\\root\\file", ALL_RIGHTS)) {
            FileFacts facts = calls.files().facts(file);
            assertThat(facts.fileIndex()).isNotEqualTo(calls.files().facts(root).fileIndex());
            assertThat(facts.volumeSerial())
                    .isEqualTo(calls.files().volume(root).serial());

            // when
            windows.files().move("C:\\root", "C:\\moved");

            // then
            try (OwnedHandle found = calls.files().openById(root, facts.fileIndex(), 0, SHARE_ALL, 0)) {
                assertThat(calls.files().finalPath(found)).isEqualTo("\\\\?\\C:\\moved\\file");
                assertThat(calls.files().facts(found)).isEqualTo(facts);
                assertThat(codeOf(() -> calls.files().descriptor(found))).isEqualTo(WindowsFailure.ERROR_ACCESS_DENIED);
                assertThat(windows.left()).contains("a handle to the file C:\\moved\\file, from OpenFileById");
            }
            calls.files().delete(file);
            assertThat(codeOf(() -> calls.files().openById(root, facts.fileIndex(), 0, SHARE_ALL, 0)))
                    .isEqualTo(87);
        }
        assertThat(windows.left()).isEmpty();
    }

    @Test
    void accessIsCheckedWithATokenForThatOnly() throws Exception {
        windows.files().put("C:\\file", new byte[0]);
        try (OwnedHandle token = token();
                OwnedHandle checking = calls.tokens().forChecking(token);
                OwnedHandle file = open("C:\\file", ALL_RIGHTS)) {
            SecurityDescriptor descriptor = calls.files().descriptor(file);
            assertThat(calls.tokens().maximumAccess(checking, descriptor)).isEqualTo(AccessMask.FILE_ALL_ACCESS);
            assertThat(codeOf(() -> calls.tokens().maximumAccess(token, descriptor)))
                    .isEqualTo(1309);
            assertThat(codeOf(() -> calls.tokens().maximumAccess(checking, descriptor.withOwner(null))))
                    .isEqualTo(WindowsFailure.ERROR_INVALID_SECURITY_DESCR);
            assertThat(windows.misuse()).isEmpty();
            assertThat(codeOf(() -> calls.tokens().setIntegrityLevel(checking, 0)))
                    .isEqualTo(WindowsFailure.ERROR_ACCESS_DENIED);
        }
        assertThat(windows.left()).isEmpty();
    }
}
