package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.BackendProbe;
import org.junit.jupiter.api.Test;

class BackendSelectionTest {
    @Test
    void theFirstBackendThatWorksIsTaken() throws SandboxException {
        UnconfinedTestBackend broken = new UnconfinedTestBackend().probes(BackendProbe.unavailable("no kernel"));
        UnconfinedTestBackend works = new UnconfinedTestBackend();
        UnconfinedTestBackend worksToo = new UnconfinedTestBackend();

        assertThat(BackendSelection.select(ImmutableList.of(broken, works, worksToo)))
                .isSameAs(works);
    }

    @Test
    void whenNoBackendWorksEachSaysWhy() {
        UnconfinedTestBackend one = new UnconfinedTestBackend().probes(BackendProbe.unavailable("no Landlock"));
        UnconfinedTestBackend other = new UnconfinedTestBackend().probes(BackendProbe.unavailable("no Windows"));

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> BackendSelection.select(ImmutableList.of(one, other)))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.BACKEND_UNAVAILABLE))
                .withMessage("""
                        BACKEND_UNAVAILABLE: no backend works on this machine:
                          unconfined-test: no Landlock
                          unconfined-test: no Windows""");
    }

    @Test
    void whenThereIsNoBackendTheMessageSaysWhatToAdd() {
        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> Sandbox.open(SandboxPolicy.readOnly()))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.BACKEND_UNAVAILABLE))
                .withMessage("BACKEND_UNAVAILABLE: there is no backend on the class path or module path; "
                        + "add io.cordon:sandbox-linux, io.cordon:sandbox-windows, or both");
    }
}
