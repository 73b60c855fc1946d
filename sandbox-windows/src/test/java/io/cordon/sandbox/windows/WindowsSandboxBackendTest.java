package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.SandboxBackend;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class WindowsSandboxBackendTest {
    @Test
    void theServiceLoaderFindsIt() {
        assertThat(ServiceLoader.load(SandboxBackend.class))
                .extracting(SandboxBackend::name)
                .contains("windows");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anotherSystemIsNotAvailableAndIsNamed() {
        BackendProbe probe = new WindowsSandboxBackend().probe();
        assertThat(probe.available()).isFalse();
        assertThat(probe.detail()).contains(System.getProperty("os.name"));
    }

    @Test
    @Tag("windows")
    void windowsIsAvailableWithItsFacts() {
        BackendProbe probe = new WindowsSandboxBackend().probe();
        assertThat(probe.available()).as(probe.detail()).isTrue();
        assertThat(probe.detail()).containsPattern("build \\d+").contains("elevated");
        assertThat(probe.detail().contains("Wine ")).isEqualTo(System.getProperty("cordon.test.wine") != null);
    }

    @Test
    void theSystemItselfAndAJvmBelowMediumAreRefused() {
        WindowsHost user = new WindowsHost(26100, Optional.empty(), false, false, 0x2000);
        assertThat(user.probe().available()).isTrue();
        assertThat(new WindowsHost(26100, user.wine(), true, true, 0x4000).probe())
                .satisfies(probe -> assertThat(probe.available()).isFalse())
                .satisfies(probe -> assertThat(probe.detail()).contains("SYSTEM"));
        assertThat(new WindowsHost(26100, user.wine(), false, false, 0x1000).probe())
                .satisfies(probe -> assertThat(probe.available()).isFalse())
                .satisfies(probe -> assertThat(probe.detail()).contains("below Medium"));
    }
}
