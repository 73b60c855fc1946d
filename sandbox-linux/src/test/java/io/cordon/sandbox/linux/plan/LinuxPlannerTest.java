package io.cordon.sandbox.linux.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.linux.syscall.Errno;
import io.cordon.sandbox.spi.ResolvedPolicy;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans for kernels of all ages, on any machine. */
class LinuxPlannerTest {
    private static final Path ROOT = Path.of("/work/project").toAbsolutePath();

    private static final OptionalInt PORT = OptionalInt.of(4711);

    private static final Bubblewrap NO_BUBBLEWRAP = Bubblewrap.missing("install the package bubblewrap");

    private static LinuxHostFacts facts(int abi, boolean seccomp, Bubblewrap bubblewrap) {
        return new LinuxHostFacts(Architecture.X86_64, abi, seccomp, seccomp, bubblewrap, ImmutableSet.of());
    }

    private static LinuxPlan plan(int abi, boolean seccomp) {
        return plan(SandboxPolicy.workspaceWrite(ROOT), abi, seccomp);
    }

    private static LinuxPlan plan(SandboxPolicy policy, int abi, boolean seccomp) {
        return LinuxPlanner.plan(
                new ResolvedPolicy(
                        policy, ImmutableSet.of(ROOT), policy.denyWrite(), policy.denyRead(), policy.allowRead()),
                facts(abi, seccomp, NO_BUBBLEWRAP),
                PORT);
    }

    @ParameterizedTest
    @CsvSource({"0, 0x0", "1, 0x1ff2", "2, 0x3ff2", "3, 0x7ff2", "4, 0x7ff2", "5, 0xfff2", "6, 0xfff2", "7, 0xfff2"})
    void everyChangingRightOfTheKernelIsTakenAway(int abi, String mask) {
        assertThat(LandlockAccess.mask(plan(abi, true).handled())).isEqualTo(Long.decode(mask));
    }

    @Test
    void rootsGetAllOfThemButDeviceNodesAndDeviceControl() {
        LinuxPlan plan = plan(7, true);

        assertThat(plan.writableRoots()).containsExactly(ROOT);
        assertThat(plan.handled())
                .containsAll(plan.grantedInRoots())
                .hasSize(plan.grantedInRoots().size() + 3);
        assertThat(plan.grantedInRoots())
                .doesNotContain(LandlockAccess.MAKE_BLOCK, LandlockAccess.MAKE_CHAR, LandlockAccess.IOCTL_DEV);
        assertThat(plan.grantedOnDevices()).containsExactly(LandlockAccess.WRITE_FILE, LandlockAccess.TRUNCATE);
    }

    @Test
    void withoutLandlockFilesAreNotConfinedAndTheReportSaysWhatToDo() {
        LinuxPlan plan = plan(0, true);

        assertThat(plan.expected().get(Capability.FILE_WRITE)).satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(EnforcementLevel.NONE);
            assertThat(entry.reason()).contains("no Landlock");
            assertThat(entry.remedy()).contains("5.13");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aKernelThatDoesNotMediateTruncationIsReported(int abi) {
        assertThat(plan(abi, true).expected().get(Capability.FILE_WRITE).reason())
                .contains("truncating");
        assertThat(plan(3, true).expected().get(Capability.FILE_WRITE).reason()).doesNotContain("truncating");
    }

    @Test
    void metadataIsMediatedWhereTheKernelNotifiesAndReportedWhereNot() {
        assertThat(plan(3, true).mediatesMetadata()).isTrue();
        assertThat(plan(3, true).expected().level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.FULL);
        assertThat(plan(3, true).explain()).contains("changed by a supervisor");

        assertThat(plan(3, false).mediatesMetadata()).isFalse();
        assertThat(plan(3, false).expected().get(Capability.FILE_WRITE)).satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(EnforcementLevel.PARTIAL);
            assertThat(entry.reason()).contains("mode, owner, times and extended attributes");
        });
        assertThat(plan(3, true)
                        .observed(new Trial(Errno.EACCES, 0, Errno.EACCES))
                        .level(Capability.FILE_WRITE))
                .as("a mode outside could be changed")
                .isEqualTo(EnforcementLevel.NONE);
    }

    @Test
    void aKernelThatLetsSignalsOutIsReported() {
        assertThat(plan(5, true).expected().get(Capability.PROCESS_TREE).reason())
                .contains("signals");
        assertThat(plan(6, true).expected().get(Capability.PROCESS_TREE).reason())
                .doesNotContain("signals");
    }

    @Test
    void withoutFiltersTheNetworkIsOpen() {
        assertThat(plan(7, false).expected().level(Capability.NETWORK)).isEqualTo(EnforcementLevel.NONE);
        assertThat(plan(7, true).expected().level(Capability.NETWORK)).isEqualTo(EnforcementLevel.FULL);
    }

    @Test
    void tcpIsTakenAwayTwiceWhereTheKernelCan() {
        SandboxPolicy open = SandboxPolicy.builder()
                .allowWrite(ROOT)
                .network(NetworkAccess.ALLOWED)
                .build();

        assertThat(plan(4, true).landlockDeniesTcp()).isTrue();
        assertThat(plan(3, true).landlockDeniesTcp()).isFalse();
        assertThat(plan(open, 7, true).landlockDeniesTcp()).isFalse();
        assertThat(plan(open, 7, true).expected().level(Capability.NETWORK)).isEqualTo(EnforcementLevel.NOT_REQUESTED);
    }

    private static final SandboxPolicy HOSTS = SandboxPolicy.builder()
            .allowWrite(ROOT)
            .network(NetworkAccess.allowHosts("api.example"))
            .build();

    @Test
    void hostsAreReachedByThePortOfTheProxyOnly() {
        LinuxPlan plan = plan(HOSTS, 4, true);

        assertThat(plan.landlockDeniesTcp()).isTrue();
        assertThat(plan.proxyPort()).isEqualTo(PORT);
        assertThat(plan.explain()).contains("by TCP, but to port 4711").contains("TCP clients");
        assertThat(plan.expected().get(Capability.NETWORK)).satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(EnforcementLevel.PARTIAL);
            assertThat(entry.reason()).contains("port 4711 of every host");
        });
        assertThat(plan(7, true).proxyPort()).as("without hosts").isEmpty();
    }

    @Test
    void hostsNeedAKernelThatMediatesTcp() {
        assertThat(plan(HOSTS, 3, true).expected().get(Capability.NETWORK)).satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(EnforcementLevel.NONE);
            assertThat(entry.remedy()).contains("Linux 6.7");
        });
        assertThat(plan(HOSTS, 7, false).expected().level(Capability.NETWORK)).isEqualTo(EnforcementLevel.NONE);
    }

    @Test
    void withoutAProxyHostsAreNotReached() {
        LinuxPlan plan = LinuxPlanner.plan(
                new ResolvedPolicy(
                        HOSTS, ImmutableSet.of(ROOT), HOSTS.denyWrite(), HOSTS.denyRead(), HOSTS.allowRead()),
                facts(7, true, NO_BUBBLEWRAP),
                OptionalInt.empty());

        assertThat(plan.landlockDeniesTcp()).isTrue();
        assertThat(plan.proxyPort()).isEmpty();
        assertThat(plan.explain()).contains("by TCP\n");
    }

    @Test
    void whatTheThreadCouldStillReachIsNotClaimed() {
        assertThat(plan(HOSTS, 7, true)
                        .observed(new Trial(Errno.EACCES, Errno.EACCES, 0))
                        .level(Capability.NETWORK))
                .isEqualTo(EnforcementLevel.NONE);
        assertThat(plan(HOSTS, 7, true)
                        .observed(new Trial(Errno.EACCES, Errno.EACCES, Errno.EACCES))
                        .get(Capability.NETWORK)
                        .mechanism())
                .contains("TCP to another port, was tried and denied");
    }

    @Test
    void whatThisVersionCannotDoIsNotClaimed() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(ROOT)
                .denyWrite(ROOT.resolve(".git"))
                .denyRead(Path.of("/secret").toAbsolutePath())
                .allowRead(Path.of("/tools").toAbsolutePath())
                .limits(limits -> limits.memory(1).processes(1).cpuPercent(1))
                .build();

        assertThat(plan(policy, 7, true).expected().unmet(policy))
                .extracting(entry -> entry.capability() + " " + entry.level())
                .containsExactly(
                        "FILE_WRITE_CARVE_OUT NONE",
                        "FILE_READ_DENY NONE",
                        "FILE_READ_LIMIT NONE",
                        "PROCESS_TREE PARTIAL",
                        "MEMORY NONE",
                        "PROCESS_COUNT NONE",
                        "CPU NONE");
    }

    @Test
    void whatTheThreadWasDeniedIsEvidence() {
        var report = plan(7, true).observed(new Trial(Errno.EACCES, Errno.EACCES, Errno.EACCES));

        assertThat(report.get(Capability.FILE_WRITE).mechanism())
                .endsWith("a change of mode outside was tried and denied");
        assertThat(report.get(Capability.NETWORK).mechanism()).endsWith("a TCP socket was tried and denied");
        assertThat(report.level(Capability.NETWORK)).isEqualTo(EnforcementLevel.FULL);
    }

    @Test
    void whatTheThreadCouldStillDoIsNotClaimed() {
        var report = plan(7, true).observed(new Trial(0, 0, 0));

        assertThat(report.level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.level(Capability.NETWORK)).isEqualTo(EnforcementLevel.NONE);
        assertThat(report.get(Capability.NETWORK).reason()).contains("tried and succeeded");
    }

    @Test
    void thePlanExplainsItself() {
        assertThat(plan(7, true).explain())
                .contains("grants beneath " + ROOT)
                .contains("no_new_privs")
                .contains("every socket")
                .contains("/dev/null")
                .contains("signals");
    }
}
