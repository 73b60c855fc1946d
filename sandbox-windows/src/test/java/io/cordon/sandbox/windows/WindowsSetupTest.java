package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.account.AccountNames;
import io.cordon.sandbox.windows.account.AccountSetup;
import io.cordon.sandbox.windows.account.PortRange;
import io.cordon.sandbox.windows.win32.FakeSetup;
import io.cordon.sandbox.windows.win32.FakeSetup.Fault;
import io.cordon.sandbox.windows.win32.FakeWindows;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may set up, what a second JVM's end means, and the command; on fakes. */
class WindowsSetupTest {
    private static final Duration TIME = Duration.ofSeconds(30);

    private final FakeSetup fake = new FakeSetup();
    private final String empty = fake.left();

    private WindowsSetup setup(FakeWindows windows) {
        return new WindowsSetup(windows.calls(), fake.calls(), fake.files(), false);
    }

    private WindowsSetup ofAUser() {
        return setup(new FakeWindows());
    }

    private WindowsSetup ofAnAdministrator() {
        return setup(new FakeWindows().elevated());
    }

    private interface Action {
        void run() throws SandboxException;
    }

    private static SandboxException failure(Action action) {
        SandboxException failure = catchThrowableOfType(SandboxException.class, action::run);
        assertThat(failure).isNotNull();
        return failure;
    }

    /** What the second JVM does on a machine: the same set-up with an administrator's rights. */
    private OptionalInt provisionAsTheSecondJvm(Optional<PortRange> ports) {
        try {
            new AccountSetup(fake.calls(), fake.files(), ofAUser().ownerOfAccounts(), false).provision(ports);
            return OptionalInt.of(CordonWindows.DONE);
        } catch (SandboxException e) {
            return OptionalInt.of(SetupCommand.exitCode(e));
        }
    }

    private SandboxException failureOfElevated() {
        return failure(() -> ofAUser().provisionElevated(SetupOptions.DEFAULTS, TIME));
    }

    @Test
    void anOrdinaryUserIsToldToElevateAndChangesNothing() {
        for (Action action : List.<Action>of(
                () -> ofAUser().provision(SetupOptions.DEFAULTS),
                () -> ofAUser().unprovision())) {
            SandboxException refused = failure(action);
            assertThat(refused.code()).isEqualTo(SandboxErrorCode.SETUP_NOT_ELEVATED);
            assertThat(refused).hasMessageContaining("Run as administrator");
        }
        assertThat(fake.left()).isEqualTo(empty);
    }

    @Test
    void theSecondJvmIsGivenOwnerAndPortsAndNothingSecret() throws Exception {
        // given
        List<String> given = new ArrayList<>();
        fake.elevated((program, line, time) -> {
            given.addAll(List.of(program, line, time.toString()));
            return provisionAsTheSecondJvm(Optional.of(new PortRange(8000, 8010)));
        });

        // when
        SetupStatus status = ofAUser().provisionElevated(SetupOptions.openLoopbackPorts(8000, 8010), TIME);

        // then
        assertThat(status.isComplete()).isTrue();
        assertThat(given.get(0)).startsWith(System.getProperty("java.home")).endsWith("java.exe");
        assertThat(given.get(1))
                .endsWith(CordonWindows.class.getName() + " provision --yes --owner "
                        + ofAUser().ownerOfAccounts() + " --open-ports 8000-8010")
                .doesNotContain(
                        new String(ofAUser().readyAccount().orElseThrow().password()));
        assertThat(given.get(2)).isEqualTo(TIME.toString());
    }

    @Test
    void aUserWhoDeclinesIsToldFromAFailure() {
        fake.elevated((program, line, time) -> {
            throw new WindowsFailure("ShellExecuteExW", 1223, "cancelled");
        });
        assertThat(failureOfElevated().code()).isEqualTo(SandboxErrorCode.SETUP_DECLINED);
        fake.elevated((program, line, time) -> {
            throw new WindowsFailure("ShellExecuteExW", 2, "not found");
        });
        assertThat(failureOfElevated().code()).isEqualTo(SandboxErrorCode.SETUP_FAILED);
    }

    @Test
    void aSecondJvmThatRunsTooLongIsNamed() {
        fake.elevated((program, line, time) -> OptionalInt.empty());
        SandboxException late = failureOfElevated();
        assertThat(late.code()).isEqualTo(SandboxErrorCode.SETUP_FAILED);
        assertThat(late).hasMessageContaining("still runs after 30 s");
    }

    @ParameterizedTest
    @CsvSource({
        "6, SETUP_OTHER_OWNER",
        "5, SETUP_NOT_ELEVATED",
        "7, SETUP_BUSY",
        "2, SETUP_FAILED",
        "-1073741510, SETUP_FAILED",
        "0, SETUP_FAILED",
        "1, SETUP_FAILED"
    })
    void everyEndOfTheSecondJvmIsAnErrorWhereNothingWasMade(int exitCode, SandboxErrorCode code) {
        fake.elevated((program, line, time) -> OptionalInt.of(exitCode));
        assertThat(failureOfElevated().code()).isEqualTo(code);
    }

    @Test
    void otherPortsThanAskedForAreFound() {
        fake.elevated((program, line, time) -> provisionAsTheSecondJvm(Optional.of(new PortRange(1, 2))));
        assertThat(failureOfElevated()).hasMessageContaining("the opened ports are");
    }

    /** Whichever call of the set-up or of reading back fails: an error, or a status that says what is unknown. */
    @Test
    void aFailedCallIsNeverASuccess() throws Exception {
        for (int n = 1; ; n++) {
            FakeSetup machine = new FakeSetup();
            WindowsSetup setup = new WindowsSetup(new FakeWindows().calls(), machine.calls(), machine.files(), false);
            AccountSetup second = new AccountSetup(machine.calls(), machine.files(), setup.ownerOfAccounts(), false);
            machine.elevated((program, line, time) -> {
                try {
                    second.provision(Optional.empty());
                    return OptionalInt.of(CordonWindows.DONE);
                } catch (SandboxException e) {
                    return OptionalInt.of(SetupCommand.exitCode(e));
                }
            });
            machine.arm(n, Fault.FAILS);
            boolean complete = false;
            try {
                complete = setup.provisionElevated(SetupOptions.DEFAULTS, TIME).isComplete();
            } catch (SandboxException e) {
                assertThat(e.code()).isEqualTo(SandboxErrorCode.SETUP_FAILED);
            }
            boolean injected = machine.count() >= n;
            machine.arm(0, Fault.FAILS);
            if (!injected) {
                assertThat(complete).isTrue();
                assertThat(n).isGreaterThan(40);
                return;
            }
            assertThat(complete).as("call " + n).isFalse();
        }
    }

    private record Told(int exitCode, String text) {}

    private static Told run(WindowsSetup setup, String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int exitCode;
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            assertThat(SetupCommand.takes(List.of(words))).isTrue();
            exitCode = new SetupCommand(setup, out).run(List.of(words));
        } catch (SandboxException e) {
            exitCode = SetupCommand.exitCode(e);
        }
        return new Told(exitCode, bytes.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theCommandExplainsFirstAndDoesItWhenToldYes() throws Exception {
        AccountNames names = new AccountNames(ofAUser().ownerOfAccounts());
        for (String word : List.of("provision", "unprovision")) {
            Told asked = run(ofAnAdministrator(), word);
            assertThat(asked.exitCode()).isEqualTo(SetupCommand.NOT_CONFIRMED);
            assertThat(asked.text()).contains(names.offline(), names.group(), "Nothing was done");
            assertThat(fake.left()).isEqualTo(empty);
        }
        assertThat(run(ofAnAdministrator(), "setup-status").exitCode()).isEqualTo(CordonWindows.LEFT);

        Told made = run(ofAnAdministrator(), "provision", "--yes", "--open-ports", "8000-8010");
        assertThat(made.exitCode()).isEqualTo(CordonWindows.DONE);
        assertThat(made.text()).contains("8000 to 8010", "filters: as wanted", SetupStatus.LIMITS);
        assertThat(run(ofAUser(), "setup-status").exitCode()).isEqualTo(CordonWindows.DONE);

        assertThat(run(ofAnAdministrator(), "unprovision", "--yes").exitCode()).isEqualTo(CordonWindows.DONE);
        assertThat(fake.left()).isEqualTo(empty);
    }

    @Test
    void everyRefusalHasItsExitCode() throws Exception {
        assertThat(run(ofAUser(), "provision", "--yes").exitCode()).isEqualTo(SetupCommand.NOT_ELEVATED);
        assertThat(run(ofAnAdministrator(), "provision", "--yes", "--owner", "S-1-5-21-1-2-3-9999")
                        .exitCode())
                .isEqualTo(SetupCommand.OTHER_OWNER);
        for (String ports : new String[] {"0-1", "8010-8000", "8000", "1-65536"}) {
            assertThat(run(ofAnAdministrator(), "provision", "--yes", "--open-ports", ports)
                            .exitCode())
                    .isEqualTo(CordonWindows.USAGE);
        }
        try (var lock = fake.files().lock().orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(run(ofAnAdministrator(), "provision", "--yes").exitCode())
                    .isEqualTo(SetupCommand.BUSY);
        }
        assertThat(fake.left()).isEqualTo(empty);
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("provision", "yes"),
                List.of("provision", "--owner"),
                List.of("unprovision", "--owner", "x"),
                List.of("setup-status", "--yes"))) {
            assertThat(SetupCommand.takes(wrong)).isFalse();
        }
    }
}
