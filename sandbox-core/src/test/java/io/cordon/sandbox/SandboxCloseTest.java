package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCloseTest {
    @Test
    void closingAgainDoesNothing(@TempDir Path workspace) throws SandboxException {
        UnconfinedTestBackend backend = new UnconfinedTestBackend();
        Sandbox sandbox = Sandbox.open(SandboxPolicy.workspaceWrite(workspace), backend);

        sandbox.close();
        sandbox.close();

        assertThat(backend.closed).hasValue(1);
    }

    @Test
    void aClosedSandboxStartsNothing(@TempDir Path workspace) throws SandboxException {
        UnconfinedTestBackend backend = new UnconfinedTestBackend();
        Sandbox sandbox = Sandbox.open(SandboxPolicy.workspaceWrite(workspace), backend);
        SandboxedProcessBuilder builder = sandbox.process("some-program", "argument");
        sandbox.close();

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(builder::start)
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.SANDBOX_CLOSED))
                .withMessage("SANDBOX_CLOSED: the sandbox is closed; open another one for some-program");
        assertThat(backend.requests).isEmpty();
    }

    @Test
    void whatCouldNotBeUndoneIsSaid(@TempDir Path workspace) throws SandboxException {
        Sandbox sandbox =
                Sandbox.open(SandboxPolicy.workspaceWrite(workspace), new UnconfinedTestBackend().failsToClose());

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(sandbox::close)
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.CLOSE_FAILED));
        assertThatCode(sandbox::close).doesNotThrowAnyException();
    }

    @Test
    void closingEndsWhatWasStarted(@TempDir Path workspace) throws Exception {
        Sandbox sandbox = Sandbox.open(SandboxPolicy.workspaceWrite(workspace), new UnconfinedTestBackend());
        SandboxedProcess process = sandbox.process(TestChild.command("wait")).start();
        assertThat(process.isAlive()).isTrue();

        sandbox.close();

        assertThat(process.waitFor(Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
    }
}
