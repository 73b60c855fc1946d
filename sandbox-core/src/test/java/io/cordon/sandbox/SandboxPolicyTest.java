package io.cordon.sandbox;

import static io.cordon.sandbox.TestPaths.absolute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.collect.ImmutableSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SandboxPolicyTest {
    private static final Path WORK = absolute("work");

    @Test
    void readOnlyHasNoWritableRoot() {
        SandboxPolicy policy = SandboxPolicy.readOnly();

        assertThat(policy.allowWrite()).isEmpty();
        assertThat(policy).isEqualTo(SandboxPolicy.builder().writeNothing().build());
    }

    @Test
    void workspaceWriteHasTheWorkspaceAsItsOnlyRoot() {
        SandboxPolicy policy = SandboxPolicy.workspaceWrite(WORK);

        assertThat(policy.allowWrite()).containsExactly(WORK);
        assertThat(policy.denyWrite()).isEmpty();
        assertThat(policy.denyRead()).isEmpty();
        assertThat(policy.acceptPartial()).isEmpty();
        assertThat(policy.bestEffort()).isEmpty();
    }

    @Test
    void theDefaultsAreNoNetworkTheCoreEnvironmentAndNoLimitButOutput() {
        SandboxPolicy policy = SandboxPolicy.workspaceWrite(WORK);

        assertThat(policy.network()).isSameAs(NetworkAccess.NONE);
        assertThat(policy.environment())
                .isEqualTo(EnvironmentPolicy.builder().inheritCore().build());
        assertThat(policy.limits()).isEqualTo(ResourceLimits.builder().build());
    }

    @Test
    void pathsAreNormalisedAndNamedOnce() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(absolute("work/../work/."), WORK)
                .denyWrite(absolute("work/./a/../b"))
                .denyRead(absolute("other/../secret"))
                .allowRead(absolute("other/../tools"))
                .build();

        assertThat(policy.allowWrite()).containsExactly(WORK);
        assertThat(policy.denyWrite()).containsExactly(absolute("work/b"));
        assertThat(policy.denyRead()).containsExactly(absolute("secret"));
        assertThat(policy.allowRead()).containsExactly(absolute("tools"));
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
    }

    @Test
    void aPlainPolicyRequestsWritesTreeEnvironmentAndNetwork() {
        assertThat(SandboxPolicy.workspaceWrite(WORK).requested())
                .containsExactly(
                        Capability.FILE_WRITE, Capability.NETWORK, Capability.PROCESS_TREE, Capability.ENVIRONMENT);
    }

    @Test
    void eachRuleRequestsItsCapability() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .denyWrite(WORK.resolve(".git"))
                .denyRead(absolute("secret"))
                .allowRead(absolute("tools"))
                .limits(limits -> limits.memory(Bytes.mib(1)).processes(2).cpuPercent(3))
                .build();

        assertThat(policy.requested())
                .containsExactly(
                        Capability.FILE_WRITE,
                        Capability.FILE_WRITE_CARVE_OUT,
                        Capability.FILE_READ_DENY,
                        Capability.FILE_READ_LIMIT,
                        Capability.NETWORK,
                        Capability.PROCESS_TREE,
                        Capability.MEMORY,
                        Capability.PROCESS_COUNT,
                        Capability.CPU,
                        Capability.ENVIRONMENT);
    }

    @Test
    void anOpenNetworkIsNotACapabilityThatIsRequested() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .network(NetworkAccess.ALLOWED)
                .build();

        assertThat(policy.requested()).doesNotContain(Capability.NETWORK);
    }

    @Test
    void timeAndOutputAreKeptByCordonAndRequestNothing() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .limits(limits -> limits.timeout(Duration.ofSeconds(1)).output(1))
                .build();

        assertThat(policy.requested())
                .isEqualTo(SandboxPolicy.workspaceWrite(WORK).requested());
    }

    @Test
    void theOrderOfRulesDoesNotMatterForEquality() {
        SandboxPolicy one = SandboxPolicy.builder()
                .allowWrite(WORK)
                .allowWrite(absolute("other"))
                .denyRead(absolute("secret"))
                .network(NetworkAccess.ALLOWED)
                .build();
        SandboxPolicy other = SandboxPolicy.builder()
                .network(NetworkAccess.ALLOWED)
                .denyRead(absolute("secret"))
                .allowWrite(absolute("other"))
                .allowWrite(WORK)
                .build();

        assertThat(other).isEqualTo(one).hasSameHashCodeAs(one);
    }

    @Test
    void policiesThatDifferInOneRuleAreNotEqual() {
        SandboxPolicy policy = SandboxPolicy.workspaceWrite(WORK);

        assertThat(policy.toBuilder().allowWrite(absolute("other")).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().denyWrite(WORK.resolve("a")).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().denyRead(absolute("a")).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().network(NetworkAccess.ALLOWED).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().environment(e -> e.inheritNone()).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().limits(l -> l.processes(1)).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().bestEffort(Capability.UI).build()).isNotEqualTo(policy);
        assertThat(policy.toBuilder().acceptPartial(Capability.UI).build()).isNotEqualTo(policy);
    }

    @Test
    void changingABuilderDoesNotChangeThePolicyItCameFrom() {
        SandboxPolicy policy = SandboxPolicy.workspaceWrite(WORK);

        policy.toBuilder()
                .allowWrite(absolute("other"))
                .acceptPartial(Capability.CPU)
                .bestEffort(Capability.UI);

        assertThat(policy).isEqualTo(SandboxPolicy.workspaceWrite(WORK));
    }

    @Test
    void environmentAndLimitsAreChangedStepByStep() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .environment(environment -> environment.inheritAll())
                .environment(environment -> environment.set("CI", "1"))
                .limits(limits -> limits.processes(2))
                .limits(limits -> limits.processes(3).output(5))
                .build();

        assertThat(policy.environment().base()).isEqualTo(EnvironmentPolicy.Base.ALL);
        assertThat(policy.environment().variables()).containsExactlyEntriesOf(Map.of("CI", "1"));
        assertThat(policy.limits().processes()).hasValue(3);
        assertThat(policy.limits().output()).isEqualTo(5);
    }

    @Test
    void theTextOfAPolicyNamesItsRules() {
        assertThat(SandboxPolicy.workspaceWrite(WORK)).asString().contains(WORK.toString(), "network=none");
    }

    @Test
    void realPathsAreCheckedByTheSameRules() throws SandboxException {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .denyWrite(WORK.resolve("link"))
                .build();
        var roots = ImmutableSet.of(WORK);
        var none = ImmutableSet.<Path>of();

        policy.checkRealPaths(roots, ImmutableSet.of(WORK.resolve("real")), none);

        assertThatExceptionOfType(SandboxException.class)
                .isThrownBy(() -> policy.checkRealPaths(roots, ImmutableSet.of(absolute("outside")), none))
                .satisfies(e -> assertThat(e.code()).isEqualTo(SandboxErrorCode.POLICY_CARVE_OUT_OUTSIDE_ROOTS))
                .withMessageContaining("denyWrite(" + absolute("outside") + ")")
                .withMessageContaining("real paths, links resolved");
    }

    @Test
    void anInvalidPolicyIsAnIllegalArgument() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SandboxPolicy.builder().build())
                .isInstanceOf(InvalidPolicyException.class);
    }
}
