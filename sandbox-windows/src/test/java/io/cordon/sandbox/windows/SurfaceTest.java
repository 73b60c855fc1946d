package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxedProcess;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.win32.JobCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a child finds around it: its desktop, and what its job takes of the user interface and of the processors. Wine keeps
 * the latter two and enforces neither, so that here they are read back only.
 */
@Tag("windows")
@Timeout(120)
class SurfaceTest {
    private static final int UOI_NAME = 2;
    private static final int NAME_BYTES = 1 << 10;
    private static final int DESKTOP_READOBJECTS = 0x1;

    @TempDir
    Path temp;

    private Path root;
    /** The jobs of the backend under test that have been made. */
    private final List<OwnedHandle> jobs = new CopyOnWriteArrayList<>();

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
    }

    /** JNA-Platform leaves these out. */
    interface User32More extends StdCallLibrary {
        User32More INSTANCE = Native.load("user32", User32More.class, W32APIOptions.UNICODE_OPTIONS);

        Pointer GetThreadDesktop(int thread);

        @Nullable
        Pointer OpenDesktop(String name, int flags, boolean inherit, int access);

        boolean CloseDesktop(Pointer desktop);

        boolean GetUserObjectInformation(
                Pointer object, int index, Pointer information, int length, @Nullable Pointer needed);
    }

    private static String ownDesktop() {
        try (Memory name = new Memory(NAME_BYTES)) {
            Pointer desktop = User32More.INSTANCE.GetThreadDesktop(Kernel32.INSTANCE.GetCurrentThreadId());
            assertThat(User32More.INSTANCE.GetUserObjectInformation(desktop, UOI_NAME, name, NAME_BYTES, null))
                    .isTrue();
            return name.getWideString(0);
        }
    }

    private static boolean exists(String desktop) {
        Pointer opened = User32More.INSTANCE.OpenDesktop(desktop, 0, false, DESKTOP_READOBJECTS);
        return opened != null && User32More.INSTANCE.CloseDesktop(opened);
    }

    private SandboxPolicy.Builder anyhow() {
        return WindowsJvm.policy(root).bestEffort(Capability.values());
    }

    private WindowsSandboxBackend recording() {
        NativeCalls real = NativeCalls.windows();
        JobCalls recording = (JobCalls) Proxy.newProxyInstance(
                JobCalls.class.getClassLoader(), new Class<?>[] {JobCalls.class}, (self, method, arguments) -> {
                    try {
                        Object result = method.invoke(real.jobs(), arguments);
                        if (result instanceof OwnedHandle job) {
                            jobs.add(job);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return WindowsSandboxBackend.with(
                new NativeCalls(
                        real.host(),
                        real.tokens(),
                        recording,
                        real.files(),
                        real.pipes(),
                        real.processes(),
                        real.surfaces(),
                        real.containers()),
                PlanOptions.DEFAULT);
    }

    /** A question to the job of a child that runs. */
    private interface Question<T> {
        T ask(JobCalls calls, OwnedHandle job) throws WindowsFailure;
    }

    private <T> T ofRunningChild(SandboxPolicy policy, Question<T> question) throws Exception {
        try (Sandbox sandbox = Sandbox.open(policy, recording())) {
            SandboxedProcess process = sandbox.process(Sleepers.one()).start();
            List<OwnedHandle> open = jobs.stream().filter(OwnedHandle::isOpen).toList();
            assertThat(open).hasSize(1);
            T answer = question.ask(NativeCalls.windows().jobs(), open.get(0));
            assertThat(process.isAlive()).isTrue();
            process.destroyForcibly().waitFor();
            return answer;
        }
    }

    private static String seenDesktop(Sandbox sandbox) throws Exception {
        String seen = sandbox.run(WindowsJvm.java(ReachMain.class, "desktop"))
                .stdout()
                .text()
                .strip();
        assertThat(seen).startsWith("desktop ");
        return seen.substring("desktop ".length());
    }

    @ParameterizedTest
    @EnumSource(
            value = TokenKind.class,
            names = {"LOW", "BOTH"})
    void withTheUserInterfaceDeniedAChildIsOnADesktopOfItsOwnThatGoesWithTheSandbox(TokenKind kind) throws Exception {
        WindowsSandboxBackend backend =
                new WindowsSandboxBackend(kind.isRestricted() ? PlanOptions.WRITE_RESTRICTED : PlanOptions.DEFAULT);
        String seen;
        try (Sandbox sandbox = Sandbox.open(anyhow().denyUi().build(), backend)) {
            assertThat(sandbox.enforcement().level(Capability.UI)).isEqualTo(EnforcementLevel.NONE);
            seen = seenDesktop(sandbox);
            assertThat(seen).startsWith("cordon-").isNotEqualTo(ownDesktop());
            assertThat(exists(seen)).isTrue();
        }
        assertThat(exists(seen)).isFalse();
    }

    @Test
    void elseItIsOnTheDesktopOfTheJvm() throws Exception {
        try (Sandbox sandbox = Sandbox.open(anyhow().build())) {
            assertThat(seenDesktop(sandbox)).isEqualTo(ownDesktop());
        }
    }

    @Test
    void theJobTakesTheUserInterfaceIfThatIsDenied() throws Exception {
        assumeFalse(WindowsJvm.isStockWine(), "stock Wine takes restrictions of jobs and does not tell them");
        assertThat(ofRunningChild(anyhow().build(), JobCalls::uiRestrictions)).isZero();
        assertThat(ofRunningChild(anyhow().denyUi().build(), JobCalls::uiRestrictions))
                .isEqualTo(JobSetup.JOB_OBJECT_UILIMIT_ALL);
    }

    @Test
    void aDeniedUserInterfaceIsNotClaimed() {
        Set<Capability> others = EnumSet.complementOf(EnumSet.of(Capability.UI));
        UnenforceablePolicyException refused = catchThrowableOfType(
                UnenforceablePolicyException.class,
                () -> Sandbox.open(WindowsJvm.policy(root)
                        .denyUi()
                        .bestEffort(others.toArray(new Capability[0]))
                        .build()));
        assertThat(refused.unmet()).extracting(Enforcement::capability).containsExactly(Capability.UI);
    }

    private SandboxPolicy.Builder capped(Set<Capability> bestEffort) {
        return WindowsJvm.policy(root)
                .limits(limits -> limits.cpuPercent(50))
                .bestEffort(bestEffort.toArray(new Capability[0]));
    }

    @Test
    void onWineACapOfProcessorTimeIsRefusedWithTheReason() {
        Set<Capability> others = EnumSet.complementOf(EnumSet.of(Capability.CPU));
        // what Windows itself has is accepted
        SandboxPolicy policy = capped(others).acceptPartial(Capability.CPU).build();
        UnenforceablePolicyException refused =
                catchThrowableOfType(UnenforceablePolicyException.class, () -> Sandbox.open(policy));
        assertThat(refused.unmet()).singleElement().satisfies(entry -> {
            assertThat(entry.capability()).isEqualTo(Capability.CPU);
            assertThat(entry.level()).isEqualTo(EnforcementLevel.NONE);
            assertThat(entry.reason())
                    .contains(WindowsJvm.isStockWine() ? "SetInformationJobObject: 87" : "Wine keeps the cap");
        });
    }

    @Test
    void whereItIsAcceptedTheCapIsSetOrTheChildRunsWithout() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        SandboxPolicy policy = capped(EnumSet.allOf(Capability.class)).build();
        if (WindowsJvm.isStockWine()) {
            // no job there has a cap, and the child ran all the same
            assertThat(ofRunningChild(policy, JobCalls::activeProcesses)).isPositive();
        } else {
            assertThat(ofRunningChild(policy, JobCalls::cpuRate)).isEqualTo(OptionalInt.of(5000 / processors));
            assertThat(ofRunningChild(anyhow().build(), JobCalls::cpuRate)).isEmpty();
        }
    }
}
