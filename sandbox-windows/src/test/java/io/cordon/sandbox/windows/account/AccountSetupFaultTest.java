package io.cordon.sandbox.windows.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FakeSetup;
import io.cordon.sandbox.windows.win32.FakeSetup.Fault;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever fails, and wherever the process dies: doing it again ends where it would have ended. */
class AccountSetupFaultTest {
    private static final Sid OWNER = Sid.of(5, 21, 1, 2, 3, 1000);
    private static final Optional<PortRange> PORTS = Optional.of(new PortRange(8000, 8010));

    private static AccountSetup setup(FakeSetup fake) {
        return new AccountSetup(fake.calls(), fake.files(), OWNER, false);
    }

    private static SetupInspection.Findings inspect(FakeSetup fake) {
        return new SetupInspection(fake.calls(), fake.files(), OWNER).inspect();
    }

    private static void assertComplete(FakeSetup fake, String when) {
        assertThat(inspect(fake).parts().values()).as(when).allMatch(String::isEmpty);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void provisioningIsContinuedAfterAnyFault(Fault fault) throws Exception {
        FakeSetup counter = new FakeSetup();
        String empty = counter.left();
        setup(counter).provision(PORTS);
        int calls = counter.count();
        System.out.println("provision: " + calls + " calls, " + fault);
        for (int n = 1; n <= calls; n++) {
            FakeSetup fake = new FakeSetup();
            fake.arm(n, fault);
            attempt(() -> setup(fake).provision(PORTS));
            fake.arm(0, fault);
            setup(fake).provision(PORTS);
            assertComplete(fake, "call " + n);
            setup(fake).unprovision();
            assertThat(fake.left()).as("after call " + n).isEqualTo(empty);
        }
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void unprovisioningIsContinuedAfterAnyFault(Fault fault) throws Exception {
        FakeSetup counter = new FakeSetup();
        String empty = counter.left();
        setup(counter).provision(Optional.empty());
        counter.arm(0, fault);
        setup(counter).unprovision();
        int calls = counter.count();
        System.out.println("unprovision: " + calls + " calls, " + fault);
        for (int n = 1; n <= calls; n++) {
            for (boolean again : new boolean[] {false, true}) {
                FakeSetup fake = new FakeSetup();
                setup(fake).provision(Optional.empty());
                fake.arm(n, fault);
                attempt(() -> setup(fake).unprovision());
                fake.arm(0, fault);
                if (again) { // provisioned instead
                    setup(fake).provision(PORTS);
                    assertComplete(fake, "call " + n);
                }
                setup(fake).unprovision();
                assertThat(fake.left()).as("after call " + n).isEqualTo(empty);
            }
        }
    }

    private interface Action {
        void run() throws SandboxException;
    }

    private static void attempt(Action action) {
        try {
            action.run(); // some faults are got over: a failed logon only sets the password again
        } catch (SandboxException e) {
            assertThat(e.code()).isEqualTo(SandboxErrorCode.SETUP_FAILED);
        } catch (FakeSetup.Died e) {
            // as if the power had gone
        }
    }

    @Test
    void whatOthersChangedIsFoundAndMended() throws Exception {
        FakeSetup fake = new FakeSetup();
        setup(fake).provision(PORTS);
        fake.spoilAFilter();
        fake.spoilAccounts();
        assertThat(inspect(fake).parts().get("filters")).isNotEmpty();
        assertThat(inspect(fake).parts().get("passwords")).isNotEmpty();
        assertThat(inspect(fake).parts().get("offline account")).contains("disabled");
        setup(fake).provision(PORTS);
        assertComplete(fake, "mended");
    }

    @Test
    void provisioningAgainChangesNothing() throws Exception {
        FakeSetup fake = new FakeSetup();
        setup(fake).provision(PORTS);
        String left = fake.left();
        setup(fake).provision(PORTS);
        assertThat(fake.left()).isEqualTo(left);
    }

    @Test
    void somebodyElsesAccountIsNeitherTakenNorDeleted() {
        FakeSetup fake = new FakeSetup();
        String name = new AccountNames(OWNER).offline();
        fake.addForeign(name);
        assertThatThrownBy(() -> setup(fake).provision(PORTS)).hasMessageContaining("not of Cordon");
        assertThatThrownBy(() -> setup(fake).unprovision()).hasMessageContaining("not of Cordon");
        assertThat(fake.left()).contains("S-1-5-21-9-9-9-999");
    }

    @Test
    void namesFitAndFollowFromTheOwner() {
        AccountNames names = new AccountNames(OWNER);
        assertThat(names.offline()).hasSizeLessThanOrEqualTo(20).isEqualTo(new AccountNames(OWNER).offline());
        assertThat(names.group()).hasSizeLessThanOrEqualTo(20);
        assertThat(names.offline()).isNotEqualTo(new AccountNames(Sid.of(5, 21, 1, 2, 3, 1001)).offline());
    }
}
