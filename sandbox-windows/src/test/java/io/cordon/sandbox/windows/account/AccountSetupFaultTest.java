package io.cordon.sandbox.windows.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.AccountCalls;
import io.cordon.sandbox.windows.win32.FakeSetup;
import io.cordon.sandbox.windows.win32.FakeSetup.Fault;
import io.cordon.sandbox.windows.win32.FilterLayer;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.SetupCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.Closeable;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

    /** Whoever could log on as the offline account would find its filters. */
    private static void assertGuarded(FakeSetup fake, String when) {
        if (fake.enabled().contains(new AccountNames(OWNER).offline())) {
            assertThat(fake.filters()).as(when).isGreaterThanOrEqualTo(FilterLayer.values().length);
        }
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
            assertGuarded(fake, "call " + n);
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
                assertGuarded(fake, "call " + n);
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

    @Test
    void whatWineLeavesOutIsNamedAndNothingElseIsPassedOver() throws Exception {
        FakeSetup wine = new FakeSetup();
        AccountSetup setup = new AccountSetup(wine.calls(), wine.files(), OWNER, true);
        wine.keepRights(0);
        wine.failRightsAndProfiles(0, WindowsFailure.ERROR_CALL_NOT_IMPLEMENTED);
        assertThat(setup.provision(PORTS)).hasSize(2).allMatch(step -> step.contains("LsaAddAccountRights"));
        assertThat(setup.unprovision()).hasSize(2).allMatch(step -> step.contains("DeleteProfileW"));
        assertThat(wine.left()).isEqualTo(new FakeSetup().left());

        // some rights kept and some not; adding them refused; another failure of DeleteProfileW
        wine.keepRights(1);
        assertFails(() -> setup.provision(PORTS), "is to have the rights");
        wine.failRightsAndProfiles(WindowsFailure.ERROR_ACCESS_DENIED, WindowsFailure.ERROR_ACCESS_DENIED);
        assertFails(() -> setup.provision(PORTS), "LsaAddAccountRights");
        assertFails(setup::unprovision, "DeleteProfileW");
    }

    @Test
    void onWindowsNothingIsLeftOut() throws Exception {
        FakeSetup fake = new FakeSetup();
        fake.keepRights(0);
        assertFails(() -> setup(fake).provision(PORTS), "is to have the rights");
        fake.keepRights(Integer.MAX_VALUE);
        assertThat(setup(fake).provision(PORTS)).isEmpty();
        fake.failRightsAndProfiles(0, WindowsFailure.ERROR_CALL_NOT_IMPLEMENTED);
        assertFails(() -> setup(fake).unprovision(), "DeleteProfileW");
        assertThat(fake.enabled()).doesNotContain(new AccountNames(OWNER).offline());
    }

    private static void assertFails(Action action, String why) {
        SandboxException failed = catchThrowableOfType(SandboxException.class, action::run);
        assertThat(failed.code()).isEqualTo(SandboxErrorCode.SETUP_FAILED);
        assertThat(failed).hasMessageContaining(why);
    }

    /** A logon that fails for another reason than the password is no reason to set a new one. */
    @Test
    void onlyAWrongPasswordIsSetAgain() throws Exception {
        FakeSetup fake = new FakeSetup();
        setup(fake).provision(PORTS);
        String offline = new AccountNames(OWNER).offline();
        List<String> set = new ArrayList<>();
        AccountCalls accounts = fake.calls().accounts();
        for (int code : new int[] {1327, 1385, 1909, WindowsFailure.ERROR_LOGON_FAILURE}) {
            AccountCalls refusing = (AccountCalls) Proxy.newProxyInstance(
                    AccountCalls.class.getClassLoader(), new Class<?>[] {AccountCalls.class}, (self, method, given) -> {
                        if (method.getName().equals("logon") && given[0].equals(offline)) {
                            throw new WindowsFailure("LogonUserW", code, "of the test");
                        }
                        if (method.getName().equals("setPassword")) {
                            set.add(given[0] + " after " + code);
                        }
                        return method.invoke(accounts, given);
                    });
            SetupCalls calls = new SetupCalls(
                    refusing,
                    fake.calls().filters(),
                    fake.calls().secrets(),
                    fake.calls().elevation());
            attempt(() -> new AccountSetup(calls, fake.files(), OWNER, false).provision(PORTS));
        }
        assertThat(set).containsExactly(offline + " after 1326");
    }

    @Test
    void theReadyAccountIsTheOneOfACompleteSetUp() throws Exception {
        FakeSetup fake = new FakeSetup();
        assertThat(ready(fake)).isEmpty();
        setup(fake).provision(PORTS);
        ReadyAccount ready = ready(fake).orElseThrow();
        assertThat(ready.account().name()).isEqualTo(new AccountNames(OWNER).offline());
        assertThat(ready.filterHealth()).isEqualTo(ReadyAccount.FilterHealth.AS_WANTED);
        char[] password = ready.password();
        try (OwnedHandle token = fake.calls().accounts().logon(ready.account().name(), password)) {
            assertThat(token.isOpen()).isTrue();
        }
        fake.spoilAFilter();
        assertThat(ready(fake).orElseThrow().filterHealth()).isEqualTo(ReadyAccount.FilterHealth.WRONG);
        fake.spoilAccounts();
        assertThat(ready(fake)).isEmpty();
    }

    /** Whichever call fails: an error, or the filters are unknown. */
    @Test
    void theReadyAccountIsNeverBetterThanWhatIsKnown() throws Exception {
        FakeSetup fake = new FakeSetup();
        setup(fake).provision(PORTS);
        fake.arm(0, Fault.FAILS);
        ready(fake);
        int calls = fake.count();
        for (int n = 1; n <= calls; n++) {
            fake.arm(n, Fault.FAILS);
            Optional<ReadyAccount> ready = Optional.empty();
            try {
                ready = ready(fake);
            } catch (SandboxException e) {
                assertThat(e.code()).isEqualTo(SandboxErrorCode.SETUP_FAILED);
            }
            assertThat(ready.map(ReadyAccount::filterHealth))
                    .as("call " + n)
                    .isNotEqualTo(Optional.of(ReadyAccount.FilterHealth.AS_WANTED));
        }
    }

    private static Optional<ReadyAccount> ready(FakeSetup fake) throws SandboxException {
        return ReadyAccount.read(fake.calls(), fake.files(), OWNER);
    }

    @Test
    void twoSetUpsDoNotRunAtOnce(@TempDir Path home) throws Exception {
        FakeSetup fake = new FakeSetup();
        SetupFiles files = SetupFiles.in(home);
        AccountSetup setup = new AccountSetup(fake.calls(), files, OWNER, false);
        try (Closeable other = files.lock().orElseThrow()) {
            for (Action action : List.<Action>of(() -> setup.provision(PORTS), setup::unprovision)) {
                SandboxException refused = catchThrowableOfType(SandboxException.class, action::run);
                assertThat(refused.code()).isEqualTo(SandboxErrorCode.SETUP_BUSY);
            }
            assertThat(SetupFiles.in(home).lock()).isEmpty();
            assertThat(fake.left()).isEqualTo(new FakeSetup().left());
            assertThat(other).isNotNull();
        }
        setup.provision(PORTS);
        setup.unprovision();
        try (Closeable free = files.lock().orElseThrow()) { // it was given back
            assertThat(free).isNotNull();
        }
    }
}
