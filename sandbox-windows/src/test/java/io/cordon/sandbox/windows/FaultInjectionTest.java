package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.windows.edit.Fences;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.PlanEditor;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fails every single call of opening, launching and closing, and looks for what is left. */
@Tag("windows")
@Timeout(300)
class FaultInjectionTest {
    @TempDir
    Path temp;

    private Path root;
    private SandboxPolicy policy;
    private ImmutableSortedSet<Path> directories;
    private WindowsJvm.Security before;

    @BeforeEach
    void makeRoot() throws Exception {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        Files.writeString(root.resolve("file"), "x");
        // with all that takes calls of its own, or whose gaps are to be told
        policy = WindowsJvm.policy(root)
                .denyWrite(Files.createDirectory(root.resolve("kept")))
                .denyUi()
                .limits(limits -> limits.processes(8).cpuPercent(50))
                .build();
        directories = WindowsJvm.privateDirectories();
        before = WindowsJvm.security(root);
    }

    private static PreparedSandbox prepare(SandboxPolicy policy, FaultInjection faults) throws SandboxException {
        return WindowsSandboxBackend.with(faults.around(NativeCalls.windows()), PlanOptions.WRITE_RESTRICTED)
                .prepare(policy);
    }

    private void assertNoProcessIsLeft(FaultInjection faults, String when) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!faults.liveProcesses().isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        assertThat(faults.liveProcesses()).as("processes, %s", when).isEmpty();
    }

    private void assertNothingIsLeft(FaultInjection faults, String when) throws Exception {
        assertNoProcessIsLeft(faults, when);
        assertThat(faults.openHandles()).as("handles, %s", when).isEmpty();
        assertThat(faults.openPipes()).as("pipes, %s", when).isEmpty();
    }

    private void assertMachineIsAsBefore(String when) throws Exception {
        assertThat(WindowsJvm.privateDirectories()).as(when).isEqualTo(directories);
        assertThat(WindowsJvm.security(root)).as(when).isEqualTo(before);
    }

    @Test
    void whicheverCallOfOpeningFailsNothingIsLeft() throws Exception {
        // given: what is reported when no call fails
        EnforcementReport report;
        try (PreparedSandbox whole = prepare(policy, new FaultInjection(0))) {
            report = whole.enforcement();
        }

        int failing = 0;
        while (failsToOpenOrSaysWhatIsWeaker(failing + 1, report)) {
            failing++;
        }
        assertThat(failing).isGreaterThan(100);
    }

    /** Returns false where an opening has no such call. */
    private boolean failsToOpenOrSaysWhatIsWeaker(int n, EnforcementReport report) throws Exception {
        // when
        FaultInjection faults = new FaultInjection(n);
        boolean[] told = new boolean[1];
        Throwable failure = catchThrowable(() -> {
            try (PreparedSandbox opened = prepare(policy, faults)) {
                faults.failNoMore();
                told[0] = !opened.enforcement().toString().equals(report.toString());
                if (!faults.failed().equals(FaultInjection.NONE) && !told[0]) {
                    assertThat(isChangedByAChild(opened)).isFalse(); // it did not need the change that failed
                }
            }
        });

        // then
        String when = "with call " + n + " failed: " + faults.failed();
        boolean hit = !faults.failed().equals(FaultInjection.NONE);
        if (failure != null) {
            assertThat(failure).as(when).isInstanceOf(SandboxException.class).hasMessageContaining("31");
        } else if (hit) {
            // What is tried out counts as not enforced then, an object that took no change is named, and so is a place
            // that no handle holds.
            assertThat(faults.failedIn(Fences.class)
                            || faults.failedIn(PlanEditor.class)
                            || faults.failed().matches("attempt.*|setCpuRate|cpuRate"))
                    .as(when)
                    .isTrue();
            assertThat(told[0] || faults.failedIn(PlanEditor.class)).as(when).isTrue();
        }
        assertNothingIsLeft(faults, when);
        assertMachineIsAsBefore(when);
        return hit;
    }

    private boolean isChangedByAChild(PreparedSandbox sandbox) throws Exception {
        Path child = root.resolve("child");
        Path kept = root.resolve("kept").resolve("child");
        LaunchRequest both = request("echo x> child & echo x> kept\\child & exit 7");
        LaunchedProcess process = sandbox.launch(both);
        process.stdout().close();
        assertThat(process.exit().get(30, TimeUnit.SECONDS)).isEqualTo(7);
        assertThat(child).exists();
        boolean changed = Files.exists(kept);

        // positive control
        new ProcessBuilder(both.command()).directory(root.toFile()).start().waitFor();
        assertThat(kept).exists();
        Files.delete(kept);
        Files.delete(child);
        return changed;
    }

    private LaunchRequest request() {
        return request("exit 7");
    }

    private LaunchRequest request(String line) {
        return LaunchRequest.of(
                        ImmutableList.of("cmd.exe", "/d", "/c", line),
                        root,
                        ImmutableMap.of("PATH", System.getenv("PATH")))
                .withStreams(
                        Redirect.DISCARD,
                        Redirect.PIPE,
                        Redirect.to(temp.resolve("errors").toFile()));
    }

    @Test
    void whicheverCallOfALaunchFailsNothingIsLeft() throws Exception {
        // given
        FaultInjection none = FaultInjection.onThisThread(0);
        int launching;
        try (PreparedSandbox sandbox = prepare(policy, none)) {
            int opening = none.count();
            LaunchedProcess process = sandbox.launch(request());
            launching = none.count() - opening;
            assertThat(process.exit().get(30, TimeUnit.SECONDS)).isEqualTo(7);
            process.stdout().close();
        }
        assertThat(launching).isGreaterThan(8);
        assertNothingIsLeft(none, "when nothing fails");

        for (int n = 1; n <= launching; n++) {
            FaultInjection faults = FaultInjection.onThisThread(0);
            try (PreparedSandbox sandbox = prepare(policy, faults)) {
                faults.failFromNow(n);
                Throwable failure = catchThrowable(() -> sandbox.launch(request()));
                String when = "with call " + n + " failed: " + faults.failed();
                assertThat(failure)
                        .as(when)
                        .isInstanceOf(SandboxException.class)
                        .hasMessageContaining("31");
                assertNoProcessIsLeft(faults, when);
            }
            assertNothingIsLeft(faults, "after " + faults.failed());
            assertMachineIsAsBefore("after " + faults.failed());
        }
    }

    /** The calls by which threads in the background follow a process to its end. */
    @ParameterizedTest
    @ValueSource(strings = {"awaitAny", "exitCode", "terminate", "activeProcesses"})
    void whateverFailsThatAwaitsTheEndItIsToldAndNothingIsLeft(String call) throws Exception {
        FaultInjection faults = FaultInjection.ofOtherThreads(call);
        try (PreparedSandbox sandbox = prepare(policy, faults)) {
            LaunchedProcess process = sandbox.launch(request());
            process.stdout().close();
            assertThat(catchThrowable(() -> process.exit().get(30, TimeUnit.SECONDS)))
                    .isInstanceOf(ExecutionException.class)
                    .hasStackTraceContaining("31");
            assertThat(faults.failed()).isEqualTo(call);
            assertNoProcessIsLeft(faults, "when " + call + " failed");
        }
        assertNothingIsLeft(faults, "after " + call);
        assertMachineIsAsBefore("after " + call);
    }

    @Test
    void whicheverCallOfClosingFailsIsReportedAndTheRestIsDone() throws Exception {
        FaultInjection none = new FaultInjection(0);
        PreparedSandbox whole = prepare(policy, none);
        int opening = none.count();
        whole.close();
        int closing = none.count() - opening;
        assertThat(closing).isGreaterThan(10);

        for (int n = 1; n <= closing; n++) {
            FaultInjection faults = new FaultInjection(0);
            PreparedSandbox sandbox = prepare(policy, faults);
            faults.failFromNow(n);
            Throwable failure = catchThrowable(sandbox::close);
            String when = "with call " + n + " of " + closing + " failed: " + faults.failed();
            if (failure == null) {
                assertMachineIsAsBefore(when); // an object that was not found by its path was found by its identity
            } else {
                assertThat(failure)
                        .as(when)
                        .isInstanceOf(SandboxException.class)
                        .hasMessageContaining("31");
            }
            assertNothingIsLeft(faults, when);
            // One failure leaves one thing; what a later sandbox with the same root finds, it takes away.
            if (!WindowsJvm.security(root).equals(before)) {
                assertThat(Sandbox.recover().left()).as(when).isEmpty();
            }
            assertThat(WindowsJvm.security(root)).as(when).isEqualTo(before);
            // That is tried again when this JVM is gone.
            for (Path left : WindowsJvm.privateDirectories()) {
                if (!directories.contains(left)) {
                    new FileTree(NativeCalls.windows().files()).delete(left);
                }
            }
        }
    }

    @Test
    void theReportDoesNotDependOnTheInjection() throws Exception {
        try (PreparedSandbox plain = new WindowsSandboxBackend(PlanOptions.WRITE_RESTRICTED).prepare(policy);
                PreparedSandbox around = prepare(policy, new FaultInjection(0))) {
            assertThat(around.enforcement().level(Capability.FILE_WRITE))
                    .isEqualTo(plain.enforcement().level(Capability.FILE_WRITE));
        }
    }
}
