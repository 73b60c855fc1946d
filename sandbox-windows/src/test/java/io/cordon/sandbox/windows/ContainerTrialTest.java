package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** On a fake of Windows: what the trial tells of a container that holds and of one that does not. */
@Timeout(60)
class ContainerTrialTest {
    private static final ContainerShape CONTAINER = new ContainerShape(Sid.of(15, 2, 1, 2, 3, 4, 5, 6, 7), false);

    private static ContainerFindings examine(NativeCalls calls) throws Exception {
        WindowsPlaces places = new WindowsPlaces(ImmutableMap.of(), Path.of("home"));
        try (OwnedHandle token = ConfinedToken.create(calls.tokens(), TokenShape.of(CONTAINER))) {
            return new ContainerTrial(calls, places, CONTAINER).container(token);
        }
    }

    @Test
    void itTellsThatAConnectionWasRefused() throws Exception {
        FakeWindows windows = new FakeWindows().hasContainers();
        ContainerFindings found = examine(windows.calls());
        assertThat(found.notContained()).isEmpty();
        assertThat(found.networkOpen()).isEmpty();
        assertThat(found.refusal()).isEqualTo("refused by the fake");
        assertThat(windows.left()).isEmpty();
        assertThat(windows.misuse()).isEmpty();
    }

    @Test
    void itTellsThatTheNetworkIsOpen() throws Exception {
        FakeWindows windows = new FakeWindows().hasContainers().leavesTheNetworkOpen();
        assertThat(examine(windows.calls()).networkOpen().orElse("")).contains("connected to a listener of the JVM");
        assertThat(windows.left()).isEmpty();
    }

    @Test
    void itTellsThatAChildIsNotInIt() throws Exception {
        FakeWindows windows = new FakeWindows().hasContainers().ignoresContainers();
        ContainerFindings found = examine(windows.calls());
        assertThat(found.notContained()).hasSize(1).first().asString().contains("is in none");
        assertThat(found.networkOpen()).isPresent();
    }

    @Test
    void whicheverCallFailsNothingIsLeft() throws Exception {
        FaultInjection none = new FaultInjection(0);
        examine(none.around(new FakeWindows().hasContainers().calls()));
        assertThat(none.count()).isGreaterThan(8);
        for (int n = 1; n <= none.count(); n++) {
            FakeWindows windows = new FakeWindows().hasContainers();
            FaultInjection faults = new FaultInjection(n);
            Throwable failure = catchThrowable(() -> examine(faults.around(windows.calls())));
            String when = "with call " + n + " failed: " + faults.failed();
            assertThat(failure).as(when).isNotNull();
            if (!faults.failed().equals("revertToSelf")) { // whose thread ends with the token that it had
                assertThat(windows.left()).as(when).isEmpty();
            }
        }
    }

    /** Nothing of userenv is called where it would end the process. */
    @Test
    void aPolicyForAContainerIsPlannedWithoutOneWhereThereAreNone() {
        FakeWindows windows = new FakeWindows();
        assertThat(Optional.of(windows.calls().containers().available())).contains(false);
        Throwable refused =
                catchThrowable(() -> new ContainerProfiles(windows.calls().containers()).make("Cordon"));
        assertThat(refused).isInstanceOf(SandboxException.class);
        assertThat(windows.misuse()).hasSize(1);
    }
}
