package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process with a sandbox of its own. */
class OneOffProcessTest {
    @Test
    void itsSandboxIsClosedWhenItHasExited(@TempDir Path workspace, @TempDir Path services) throws Exception {
        UnconfinedTestBackend backend = new UnconfinedTestBackend();

        InstalledTestBackend.during(backend, services, () -> {
            SandboxedProcess process = SandboxedProcess.builder(SandboxPolicy.workspaceWrite(workspace))
                    .command(TestChild.command("input", "exit:3"))
                    .start();
            assertThat(backend.closed).hasValue(0);

            process.getOutputStream().close();

            assertThat(process.waitFor()).isEqualTo(3);
        });
        Eventually.holds("the sandbox is closed", () -> backend.closed.get() == 1);
    }

    @Test
    void itsSandboxIsClosedAlsoWhenTheApplicationHasFilledTheCommonPool(@TempDir Path workspace, @TempDir Path services)
            throws Exception {
        UnconfinedTestBackend backend = new UnconfinedTestBackend().failsToClose(); // which is logged, not thrown

        InstalledTestBackend.during(
                backend,
                services,
                () -> FilledPool.during(() -> {
                    SandboxResult result = SandboxedProcess.builder(SandboxPolicy.workspaceWrite(workspace))
                            .command(TestChild.command("out:done"))
                            .run();

                    assertThat(result.stdout().text()).isEqualTo("done\n");
                    Eventually.holds("the sandbox is closed", () -> backend.closed.get() == 1);
                }));
    }

    @Test
    void itsSandboxIsClosedWhenItDoesNotStart(@TempDir Path workspace, @TempDir Path services) throws Exception {
        UnconfinedTestBackend backend = new UnconfinedTestBackend();

        InstalledTestBackend.during(
                backend,
                services,
                () -> assertThatExceptionOfType(SandboxException.class)
                        .isThrownBy(() -> SandboxedProcess.builder(SandboxPolicy.workspaceWrite(workspace))
                                .command(workspace.resolve("no-such-program").toString())
                                .start())
                        .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.PROGRAM_NOT_FOUND)));
        assertThat(backend.prepared).hasValue(1);
        assertThat(backend.closed).hasValue(1);
    }

    @Test
    void itsSandboxIsAskedForTheCodePageAndIsClosedWhenThereIsNone(@TempDir Path workspace, @TempDir Path services)
            throws Exception {
        UnconfinedTestBackend backend = new UnconfinedTestBackend().has(CodePage.OEM, Charset.forName("IBM437"));

        InstalledTestBackend.during(backend, services, () -> {
            SandboxedProcessBuilder builder = SandboxedProcess.builder(SandboxPolicy.workspaceWrite(workspace))
                    .command(TestChild.command("hex:81"));
            assertThat(builder.charset(CodePage.OEM).run().stdout().text()).isEqualTo("ü");
            Eventually.holds("the sandbox is closed", () -> backend.closed.get() == 1);

            assertThatExceptionOfType(SandboxException.class)
                    .isThrownBy(() -> builder.charset(CodePage.ANSI).run())
                    .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.CHARSET_UNAVAILABLE));
        });
        assertThat(backend.prepared).hasValue(2);
        assertThat(backend.closed).hasValue(2);
        assertThat(backend.requests).hasSize(1);
    }

    @Test
    void badInputIsRefusedBeforeASandboxIsOpened(@TempDir Path workspace, @TempDir Path services) throws Exception {
        UnconfinedTestBackend backend = new UnconfinedTestBackend();

        InstalledTestBackend.during(
                backend,
                services,
                () -> assertThatExceptionOfType(SandboxException.class)
                        .isThrownBy(() -> SandboxedProcess.builder(SandboxPolicy.workspaceWrite(workspace))
                                .command("")
                                .start())
                        .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.COMMAND_EMPTY)));
        assertThat(backend.prepared).hasValue(0);
    }

    @Test
    void anUnenforceablePolicyStartsNothing(@TempDir Path workspace, @TempDir Path services) throws Exception {
        UnconfinedTestBackend backend =
                new UnconfinedTestBackend().sees(Enforcement.none(Capability.NETWORK, "no filter", "install one"));

        InstalledTestBackend.during(
                backend,
                services,
                () -> assertThatExceptionOfType(UnenforceablePolicyException.class)
                        .isThrownBy(() -> SandboxedProcess.builder(SandboxPolicy.workspaceWrite(workspace))
                                .command(TestChild.command())
                                .start()));
        assertThat(backend.requests).isEmpty();
        assertThat(backend.closed).hasValue(1);
    }
}
