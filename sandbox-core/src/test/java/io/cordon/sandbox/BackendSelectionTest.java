package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.SandboxBackend;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendSelectionTest {
    @Test
    void theFirstBackendThatWorksIsTaken() throws SandboxException {
        UnconfinedTestBackend broken = new UnconfinedTestBackend().probes(BackendProbe.unavailable("no kernel"));
        UnconfinedTestBackend works = new UnconfinedTestBackend();
        UnconfinedTestBackend worksToo = new UnconfinedTestBackend();

        assertThat(BackendSelection.select(found(ImmutableList.of(broken, works, worksToo))))
                .isSameAs(works);
    }

    @Test
    void whenNoBackendWorksEachSaysWhy() {
        UnconfinedTestBackend one = new UnconfinedTestBackend().probes(BackendProbe.unavailable("no Landlock"));
        UnconfinedTestBackend other = new UnconfinedTestBackend().probes(BackendProbe.unavailable("no Windows"));

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> BackendSelection.select(found(ImmutableList.of(one, other))))
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

    @Test
    void aProviderThatCannotBeLoadedIsNamedAndDoesNotStandInTheWay(@TempDir Path directory) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(SandboxBackend.class.getName()), "com.example.NoSuchBackend\n");
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader broken =
                new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
            thread.setContextClassLoader(broken);

            assertThatExceptionOfType(SandboxException.class)
                    .isThrownBy(BackendSelection::select)
                    .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.BACKEND_UNAVAILABLE))
                    .withMessageContaining("com.example.NoSuchBackend");
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static BackendSelection.Found found(ImmutableList<SandboxBackend> backends) {
        return new BackendSelection.Found(backends, ImmutableList.of());
    }
}
