package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** An ordinary user, and a Wine without a filtering platform, are refused before anything is made. */
@Tag("windows")
class SetupRefusedTest {
    private interface Change {
        void run(WindowsSetup setup) throws SandboxException;
    }

    @Test
    void whoIsNoAdministratorIsToldToElevate() throws Exception {
        WindowsSetup setup = WindowsSetup.ofThisUser();
        for (Change change :
                List.<Change>of(refused -> refused.provision(SetupOptions.DEFAULTS), WindowsSetup::unprovision)) {
            SandboxException refused = catchThrowableOfType(SandboxException.class, () -> change.run(setup));
            if (WindowsJvm.isStockWine()) { // where everybody is an administrator
                assertThat(refused.code()).isEqualTo(SandboxErrorCode.BACKEND_UNAVAILABLE);
                assertThat(refused).hasMessageContaining("has no filtering platform");
            } else {
                assertThat(refused.code()).isEqualTo(SandboxErrorCode.SETUP_NOT_ELEVATED);
                assertThat(refused).hasMessageContaining("Run as administrator");
            }
        }
        assertThat(WindowsPlaces.ofThisJvm().home().resolve("account-state")).doesNotExist();
    }
}
