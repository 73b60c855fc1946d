package io.cordon.sandbox.windows.launch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.win32.FakeProgram;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ProcessCalls.Start;
import io.cordon.sandbox.windows.win32.ProcessCalls.Surroundings;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a fake of Windows. */
@Timeout(60)
class ExitWatchTest {
    private final FakeWindows windows = new FakeWindows();
    private final NativeCalls calls = windows.calls();
    private final List<OwnedHandle> opened = new ArrayList<>();

    /** Tells what it was told; {@code failure} is what it makes of an exit. */
    private static final class Told implements ExitWatch.Watcher {
        private final CompletableFuture<Object> what = new CompletableFuture<>();
        private final Optional<Error> failure;

        private Told(Optional<Error> failure) {
            this.failure = failure;
        }

        @Override
        public void exited(int code) {
            failure.ifPresent(error -> {
                throw error;
            });
            what.complete(code);
        }

        @Override
        public void lost(Throwable cause) {
            what.complete(cause);
        }

        private Object get() throws Exception {
            return what.get(20, TimeUnit.SECONDS);
        }
    }

    private OwnedHandle started(FakeProgram program) throws Exception {
        windows.runs(program);
        OwnedHandle job = calls.jobs().create();
        opened.add(job);
        calls.jobs().setLimits(job, JobLimits.of(OptionalInt.empty(), OptionalLong.empty()));
        try (OwnedHandle own = calls.tokens().ownToken();
                OwnedHandle token = calls.tokens().restrict(own, Optional.empty())) {
            Suspended child = calls.processes()
                    .create(
                            token,
                            job,
                            new Start("C:\\p.exe", "p", "\0", "C:\\", ImmutableList.of(), Surroundings.PLAIN));
            opened.add(child.process());
            try (OwnedHandle thread = child.thread()) {
                calls.processes().resume(thread);
            }
            return child.process();
        }
    }

    @Test
    void whatGoesWrongWithOneProcessIsToldToItAndTheOthersAreWaitedFor() throws Exception {
        CompletableFuture<Integer> later = new CompletableFuture<>();
        Told patient = new Told(Optional.empty());
        OutOfMemoryError error = new OutOfMemoryError("a test wants this");
        Told unlucky = new Told(Optional.of(error));
        try (ExitWatch watch = new ExitWatch(calls.processes())) {
            watch.watch(started(child -> later.get()), patient);
            watch.watch(started(child -> 3), unlucky);

            assertThat(unlucky.get()).isSameAs(error);
            assertThat(patient.what).isNotDone();
            later.complete(7);
            assertThat(patient.get()).isEqualTo(7);
        }
        opened.forEach(OwnedHandle::close);
        assertThat(windows.left()).isEmpty();
        assertThat(windows.misuse()).isEmpty();
    }
}
