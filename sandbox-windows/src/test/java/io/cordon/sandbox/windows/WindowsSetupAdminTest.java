package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cordon.sandbox.windows.account.AccountNames;
import io.cordon.sandbox.windows.account.ReadyAccount;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.AccountCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.SetupCalls;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sets the machine up for real and takes that away, as an administrator. Of a machine that is somebody's, that is nothing
 * to do by the way: only the runs that ask for this tag do it.
 */
@Tag("windows-admin")
@Timeout(300)
class WindowsSetupAdminTest {
    private static final boolean WINE = System.getProperty("cordon.test.wine") != null;

    private WindowsSetup setup;
    private AccountNames names;
    private final AccountCalls accounts = SetupCalls.windows().accounts();

    @BeforeEach
    void start() throws Exception {
        setup = WindowsSetup.ofThisUser();
        names = new AccountNames(setup.ownerOfAccounts());
        assertNothingIsThere();
    }

    @AfterEach
    void takeAway() throws Exception {
        setup.unprovision();
    }

    private void assertNothingIsThere() throws Exception {
        for (String name : List.of(names.offline(), names.online())) {
            assertThat(accounts.user(name)).isEmpty();
            assertThat(accounts.hidden(name)).isFalse();
        }
        assertThat(accounts.groupComment(names.group())).isEmpty();
        assertThat(setup.readyAccount()).isEmpty();
        SetupStatus status = setup.status();
        assertThat(status.isComplete()).isFalse();
        assertThat(status.offlineAccount()).isEmpty();
        assertThat(status.parts().get("state")).isEqualTo("nothing was provisioned");
        Path home = WindowsPlaces.ofThisJvm().home();
        if (Files.exists(home)) {
            try (Stream<Path> files = Files.list(home)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .filteredOn(name -> name.startsWith("account"))
                        .isSubsetOf("account-lock");
            }
        }
    }

    /** Everything but what Wine does not have, which is named. */
    private static void assertComplete(SetupStatus status) {
        assertThat(status.parts()).allSatisfy((part, problem) -> {
            if (WINE && part.equals("denied logons")) {
                assertThat(problem).contains("is denied these only: []");
            } else {
                assertThat(problem).as(part).isEmpty();
            }
        });
    }

    @Test
    void whatIsProvisionedIsThereAndIsTakenAway() throws Exception {
        // when
        SetupStatus made = setup.provision(SetupOptions.DEFAULTS);

        // then
        assertComplete(made);
        assertThat(made.leftOut()).hasSize(WINE ? 2 : 0);
        if (WINE) {
            assertThat(made.leftOut())
                    .allMatch(step -> step.endsWith("because Wine keeps nothing in LsaAddAccountRights"));
        }
        Sid offline = accounts.user(names.offline()).orElseThrow().sid();
        Sid online = accounts.user(names.online()).orElseThrow().sid();
        assertThat(accounts.members(names.group())).containsExactlyInAnyOrder(offline, online);
        assertThat(made.offlineAccount()).hasValue(offline);

        // when: again
        SetupStatus again = setup.provision(SetupOptions.DEFAULTS);

        // then: the same accounts
        assertComplete(again);
        assertThat(again.offlineAccount()).hasValue(offline);
        assertThat(again.onlineAccount()).hasValue(online);

        // when
        List<String> left = setup.unprovision();

        // then
        assertThat(left).hasSize(WINE ? 2 : 0).allMatch(step -> step.endsWith("because Wine has no DeleteProfileW"));
        assertNothingIsThere();
    }

    @Test
    void theReadyAccountLogsOnAndReachesNoPortThatIsNotOpened() throws Exception {
        try (ServerSocket one = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
                ServerSocket other = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            // given: the positive control
            connect(one);
            setup.provision(SetupOptions.DEFAULTS);
            ReadyAccount ready = setup.readyAccount().orElseThrow();
            assertThat(ready.filterHealth()).isEqualTo(ReadyAccount.FilterHealth.AS_WANTED);
            assertThat(ready.account().name()).isEqualTo(names.offline());
            char[] password = ready.password();
            try (OwnedHandle token = accounts.logon(names.offline(), password)) {
                assertThat(Sid.decode(NativeCalls.windows().tokens().user(token)))
                        .isEqualTo(ready.sid());

                // when, then: nothing is reached
                assertThat(connects(token, one)).isFalse();

                // and with one port opened, that one is
                setup.provision(SetupOptions.openLoopbackPorts(one.getLocalPort(), one.getLocalPort()));
                assertThat(connects(token, one)).isTrue();
                assertThat(connects(token, other)).isFalse();
            } finally {
                Arrays.fill(password, '\0');
            }

            // and the wiped password does not let anybody in
            assertThatThrownBy(() -> accounts.logon(names.offline(), password)).isInstanceOf(WindowsFailure.class);
            connect(other);
        }
    }

    private static void connect(ServerSocket server) throws IOException {
        try (Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
            assertThat(socket.isConnected()).isTrue();
        }
    }

    /** Whether this thread connects as the account. */
    private static boolean connects(OwnedHandle token, ServerSocket server) throws Exception {
        TokenCalls tokens = NativeCalls.windows().tokens();
        tokens.impersonate(token);
        try {
            connect(server);
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            tokens.revertToSelf();
        }
    }

    @Test
    void aSecondJvmThatIsElevatedProvisions() throws Exception {
        SetupStatus status = setup.provisionElevated(SetupOptions.openLoopbackPorts(8000, 8010), Duration.ofMinutes(2));

        assertComplete(status);
        assertThat(status.leftOut()).isEmpty(); // this process left nothing out
    }
}
