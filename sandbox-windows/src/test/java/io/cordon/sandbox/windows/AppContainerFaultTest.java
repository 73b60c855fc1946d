package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.ResolvedPolicy;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fails every single call of opening a sandbox with an AppContainer, and looks for what is left. */
@Tag("windows")
@Timeout(300)
class AppContainerFaultTest {
    @TempDir
    Path temp;

    private Path root;
    private Path listed;
    private SandboxPolicy policy;
    private Path folder;

    @BeforeEach
    void makeDirectories() throws Exception {
        WindowsJvm.assumeEnforcing();
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        listed = Files.createDirectory(temp.toRealPath().resolve("listed"));
        Files.writeString(root.resolve("file"), "x");
        Files.writeString(listed.resolve("file"), "x");
        policy = SandboxPolicy.builder()
                .allowWrite(root)
                .allowRead(listed)
                .denyWrite(Files.createDirectory(root.resolve("kept")))
                .environment(environment -> environment.inheritCore())
                .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE, Capability.NETWORK)
                .build();
        ResolvedPolicy resolved =
                ResolvedPolicy.resolve(policy, WindowsPlaces.ofThisJvm().forbiddenRoots());
        folder = Path.of(System.getenv("LOCALAPPDATA"))
                .resolve("Packages")
                .resolve(ContainerProfiles.name(resolved, PlanOptions.DEFAULT));
    }

    private PreparedSandbox prepare(FaultInjection faults) throws SandboxException {
        return WindowsSandboxBackend.with(faults.around(NativeCalls.windows()), PlanOptions.DEFAULT)
                .prepare(policy);
    }

    @Test
    void whicheverCallOfOpeningFailsNothingIsLeft() throws Exception {
        // given
        ImmutableMap<Path, WindowsJvm.Security> before = WindowsJvm.securities(temp.toRealPath());
        EnforcementReport whole;
        FaultInjection none = new FaultInjection(0);
        int calls;
        try (PreparedSandbox sandbox = prepare(none)) {
            whole = sandbox.enforcement();
            calls = none.count();
            assertThat(folder).exists();
        }
        assertThat(calls).isGreaterThan(100);
        int failed = 0;

        for (int n = 1; n <= calls; n++) {
            // when
            FaultInjection faults = new FaultInjection(n);
            boolean[] weaker = new boolean[1];
            Throwable failure = catchThrowable(() -> {
                try (PreparedSandbox sandbox = prepare(faults)) {
                    faults.failNoMore();
                    weaker[0] = !sandbox.enforcement().toString().equals(whole.toString());
                }
            });

            // then
            String when = "with call " + n + " of " + calls + " failed: " + faults.failed();
            if (failure != null) {
                assertThat(failure).as(when).isInstanceOf(SandboxException.class);
                failed++;
            } else if (faults.failed().equals("connectionRefused")) {
                assertThat(weaker[0]).as(when).isTrue();
            }
            assertThat(faults.openHandles()).as("handles, %s", when).isEmpty();
            assertThat(folder).as("profile, %s", when).doesNotExist();
            assertThat(WindowsJvm.securities(temp.toRealPath())).as(when).isEqualTo(before);
        }
        assertThat(failed).isGreaterThan(50);
    }
}
