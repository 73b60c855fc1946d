package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableSortedSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.spi.PreparedSandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stock Wine accepts levels and labels and ignores them: there, honesty is tested. */
@Tag("windows")
class StockWineTest {
    @TempDir
    Path temp;

    @BeforeEach
    void assumeStock() {
        assumeTrue(WindowsJvm.isStockWine(), "this is not stock Wine");
    }

    @Test
    void aSandboxIsRefusedAndNothingIsLeft() throws Exception {
        // given
        Path root = Files.createDirectory(temp.toRealPath().resolve("root"));
        WindowsJvm.Security before = WindowsJvm.security(root);
        ImmutableSortedSet<Path> directories = WindowsJvm.privateDirectories();

        // when
        UnenforceablePolicyException refused = catchThrowableOfType(
                UnenforceablePolicyException.class,
                () -> Sandbox.open(WindowsJvm.policy(root).build()));

        // then
        assertThat(refused).hasMessageContaining("FILE_WRITE is NONE").hasMessageContaining("runs at 0x");
        assertThat(refused.unmet())
                .extracting(Enforcement::capability)
                .containsExactly(Capability.FILE_WRITE, Capability.PROCESS_TREE);
        assertThat(WindowsJvm.security(root)).isEqualTo(before);
        assertThat(WindowsJvm.privateDirectories()).isEqualTo(directories);
    }

    @Test
    void everySignOfItIsNamed() throws Exception {
        Path root = Files.createDirectory(temp.toRealPath().resolve("root"));
        try (PreparedSandbox sandbox = new WindowsSandboxBackend()
                .prepare(WindowsJvm.policy(root)
                        .limits(limits -> limits.processes(2))
                        .build())) {
            Enforcement writing = sandbox.enforcement().get(Capability.FILE_WRITE);
            assertThat(writing.level()).isEqualTo(EnforcementLevel.NONE);
            assertThat(writing.reason())
                    .contains("started at integrity level 0x1800 runs at 0x")
                    .contains("label that was set on " + root + " reads back as none")
                    .contains("a child is not kept from these: change ")
                    .contains("canary, append to ");
            assertThat(sandbox.enforcement().level(Capability.PROCESS_COUNT)).isEqualTo(EnforcementLevel.NONE);
        }
    }
}
