package io.cordon.sandbox.linux.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.ResolvedPolicy;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which places bubblewrap shows how, and when it is taken. */
class MountPlanningTest {
    private static final Path WORK = Path.of("/work/project").toAbsolutePath();

    private static ResolvedPolicy resolved(SandboxPolicy policy) {
        return new ResolvedPolicy(
                policy, policy.allowWrite(), policy.denyWrite(), policy.denyRead(), policy.allowRead());
    }

    private static List<String> mounts(SandboxPolicy policy, Path... missing) {
        return MountPlanning.mounts(resolved(policy), Set.of(missing)).stream()
                .map(mount -> mount.kind() + " " + mount.path())
                .toList();
    }

    @Test
    void exceptionsLieUponTheRootsFromTheOutsideToTheInside() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .denyWrite(WORK.resolve("a/b/.git"), WORK.resolve("hooks"), WORK.resolve("none"))
                .denyRead(WORK.resolve("a/b/c/secret"), Path.of("/home/keys"))
                .build();

        assertThat(mounts(policy, WORK.resolve("none")))
                .containsExactly(
                        "READ_ONLY /",
                        "WRITABLE " + WORK,
                        "UNREADABLE /home/keys",
                        "PINNED " + WORK.resolve("a"),
                        "PROTECTED " + WORK.resolve("hooks"),
                        "PINNED " + WORK.resolve("a/b"),
                        "PROTECTED " + WORK.resolve("a/b/.git"),
                        "PINNED " + WORK.resolve("a/b/c"),
                        "UNREADABLE " + WORK.resolve("a/b/c/secret"));
    }

    @Test
    void nothingBeneathACarveOutIsMountedWritable() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .denyWrite(WORK.resolve("a"), WORK.resolve("a/b"))
                .denyRead(WORK.resolve("a/b/c/secret"))
                .build();

        assertThat(mounts(policy))
                .containsExactly(
                        "READ_ONLY /",
                        "WRITABLE " + WORK,
                        "PROTECTED " + WORK.resolve("a"),
                        "UNREADABLE " + WORK.resolve("a/b/c/secret"));
    }

    @Test
    void whereReadingIsLimitedOnlyTheSystemIsThereBesides() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .allowRead(Path.of("/tools"), Path.of("/none"))
                .build();

        assertThat(mounts(policy, Path.of("/none")))
                .contains("READ_ONLY_IF_THERE /usr", "READ_ONLY_IF_THERE /etc", "READ_ONLY /tools", "WRITABLE " + WORK)
                .doesNotContain("READ_ONLY /", "READ_ONLY /none");
    }

    private static LinuxPlan plan(SandboxPolicy policy, Bubblewrap bubblewrap) {
        return LinuxPlanner.plan(
                resolved(policy),
                new LinuxHostFacts(Architecture.AARCH64, 7, true, true, bubblewrap, ImmutableSet.of()),
                OptionalInt.empty());
    }

    @Test
    void bubblewrapIsTakenWhereLandlockDoesNotSufficeAndOnlyThere() {
        Bubblewrap there = Bubblewrap.at(Path.of("/usr/bin/bwrap"));
        SandboxPolicy strict = SandboxPolicy.workspaceWrite(WORK);
        SandboxPolicy lenient =
                strict.toBuilder().acceptPartial(Capability.PROCESS_TREE).build();
        SandboxPolicy carved = lenient.toBuilder().denyWrite(WORK.resolve("x")).build();

        assertThat(plan(strict, there).barrier()).isEqualTo(Barrier.BUBBLEWRAP);
        assertThat(plan(strict, there).expected().level(Capability.PROCESS_TREE))
                .isEqualTo(EnforcementLevel.FULL);
        assertThat(plan(strict, there).handled())
                .as("rules about files forbid mounts")
                .isEmpty();
        assertThat(plan(lenient, there).barrier()).isEqualTo(Barrier.LANDLOCK);
        assertThat(plan(lenient, there).explain()).contains("Landlock suffices");
        assertThat(plan(carved, there).barrier()).isEqualTo(Barrier.BUBBLEWRAP);
        assertThat(plan(carved, there).explain()).contains("a carve-out inside a root");
        LinuxPlan without = plan(carved, Bubblewrap.missing("install the package bubblewrap"));
        assertThat(without.barrier()).isEqualTo(Barrier.LANDLOCK);
        assertThat(without.expected().get(Capability.FILE_WRITE_CARVE_OUT).remedy())
                .isEqualTo("install the package bubblewrap");
    }

    @Test
    void whatAProcessInTheNamespacesCouldDoIsNotClaimed() {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(WORK)
                .denyWrite(WORK.resolve("x"))
                .denyRead(Path.of("/keys"))
                .build();
        LinuxPlan plan = plan(policy, Bubblewrap.at(Path.of("/usr/bin/bwrap")));

        assertThat(plan.expected().unmet(policy)).isEmpty();
        assertThat(plan.observed(new NamespaceTrial(false, false, false, false, false))
                        .unmet(policy))
                .isEmpty();
        assertThat(plan.observed(new NamespaceTrial(true, true, true, true, true))
                        .unmet(policy))
                .extracting(entry -> entry.capability())
                .containsExactly(
                        Capability.FILE_WRITE,
                        Capability.FILE_WRITE_CARVE_OUT,
                        Capability.FILE_READ_DENY,
                        Capability.NETWORK,
                        Capability.PROCESS_TREE);
    }
}
