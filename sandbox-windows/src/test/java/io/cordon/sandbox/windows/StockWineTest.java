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
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stock Wine accepts levels and labels and ignores them: there, honesty is tested. */
@Tag("windows")
class StockWineTest {
    private static final int ERROR_INVALID_FUNCTION = 1;

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

    /** It accepts restricting SIDs, forgets them, and does not tell which there are: that is unknown, and not empty. */
    @Test
    void theHardenedOptionIsRefusedAndNothingIsLeft() throws Exception {
        // given
        TokenCalls tokens = NativeCalls.windows().tokens();
        try (OwnedHandle own = tokens.ownToken()) {
            WindowsFailure unknown = catchThrowableOfType(WindowsFailure.class, () -> tokens.restricting(own));
            assertThat(unknown.code()).isEqualTo(ERROR_INVALID_FUNCTION);
        }
        Path root = Files.createDirectory(temp.toRealPath().resolve("root"));
        Path file = Files.writeString(root.resolve("file"), "x");
        WindowsJvm.Security before = WindowsJvm.security(root);
        WindowsJvm.Security fileBefore = WindowsJvm.security(file);
        ImmutableSortedSet<Path> directories = WindowsJvm.privateDirectories();
        WindowsSandboxBackend hardened = new WindowsSandboxBackend(PlanOptions.WRITE_RESTRICTED);

        // when
        UnenforceablePolicyException refused = catchThrowableOfType(
                UnenforceablePolicyException.class,
                () -> Sandbox.open(WindowsJvm.policy(root).build(), hardened));

        // then
        assertThat(refused).hasMessageContaining("FILE_WRITE is NONE");

        // and where that is accepted, it opens, claims nothing, and runs
        try (Sandbox sandbox = Sandbox.open(
                WindowsJvm.policy(root).bestEffort(Capability.values()).build(), hardened)) {
            assertThat(sandbox.enforcement().level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.NONE);
            assertThat(sandbox.run("cmd.exe", "/d", "/c", "exit", "7").exitCode())
                    .isEqualTo(7);
        }
        assertThat(WindowsJvm.security(root)).isEqualTo(before);
        assertThat(WindowsJvm.security(file)).isEqualTo(fileBefore);
        assertThat(WindowsJvm.privateDirectories()).isEqualTo(directories);
    }
}
