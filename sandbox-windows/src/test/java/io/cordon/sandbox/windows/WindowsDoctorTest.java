package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Diagnosis;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the doctor says of a machine: on stock Wine that it confines nothing, elsewhere what was tried. */
@Tag("windows")
@Timeout(120)
class WindowsDoctorTest {
    private static List<Path> scratch() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("cordon-doctor"))
                    .toList();
        }
    }

    @Test
    void itSaysWhatWasTriedAndLeavesNothing() throws IOException {
        List<Path> before = scratch();

        Diagnosis diagnosis = Sandbox.doctor();

        assertThat(scratch()).isEqualTo(before);
        assertThat(diagnosis.host()).containsKeys("build", "Wine", "AppContainers", "account for sandboxes");
        assertThat(diagnosis.trials())
                .hasSize(3)
                .allSatisfy(trial -> assertThat(trial.failure()).isEmpty());
        EnforcementReport report = diagnosis.trials().get(0).report().orElseThrow();
        if (WindowsJvm.isStockWine()) {
            assertThat(report.level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.NONE);
            assertThat(diagnosis.enforcesDefault()).isFalse();
        } else {
            assertThat(report.level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.FULL);
            assertThat(report.get(Capability.FILE_WRITE).evidence()).isEqualTo(Evidence.ATTESTED);
        }
    }
}
