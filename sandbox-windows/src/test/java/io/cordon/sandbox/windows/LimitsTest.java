package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.ResourceLimits;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.UnenforceablePolicyException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a tree may use at most, each with the same command without the limit. */
@Tag("windows")
@Timeout(120)
class LimitsTest {
    /** ERROR_NOT_ENOUGH_QUOTA; see AssignProcessToJobObject about JOB_OBJECT_LIMIT_ACTIVE_PROCESS. */
    private static final int ERROR_NOT_ENOUGH_QUOTA = 1816;

    private static final int MEBIBYTES = 384;

    @TempDir
    Path temp;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
    }

    private SandboxPolicy.Builder limited(Consumer<ResourceLimits.Builder> limits) {
        return WindowsJvm.policy(root).limits(limits);
    }

    /** Accepts every gap but the one of this capability. */
    private SandboxPolicy onlyRequiring(Capability capability, Consumer<ResourceLimits.Builder> limits) {
        Set<Capability> others = EnumSet.complementOf(EnumSet.of(capability));
        return limited(limits).bestEffort(others.toArray(new Capability[0])).build();
    }

    /** Accepts every gap. */
    private SandboxPolicy anyhow(Consumer<ResourceLimits.Builder> limits) {
        return limited(limits).bestEffort(Capability.values()).build();
    }

    private static SandboxResult run(SandboxPolicy policy, ImmutableList<String> command) throws Exception {
        try (Sandbox sandbox = Sandbox.open(policy)) {
            return sandbox.run(command);
        }
    }

    private static ImmutableList<String> use(String what, int wanted) {
        return WindowsJvm.java(LimitsMain.class, what, String.valueOf(wanted));
    }

    @Test
    void noMoreProcessesThanTheLimitLiveAtOnce() throws Exception {
        WindowsJvm.assumeEnforcing();
        ImmutableList<String> command = use("processes", 6);

        SandboxResult four = run(limited(limits -> limits.processes(4)).build(), command);
        SandboxResult unlimited = run(limited(limits -> {}).build(), command);

        // the JVM itself is one of the four, and on Wine the host of each console is one as well
        assertThat(four.stdout().text()).matches("(?s)started [123]: .* error=" + ERROR_NOT_ENOUGH_QUOTA + "\\D.*");
        assertThat(unlimited.stdout().text().strip()).isEqualTo("started 6: no refusal");
    }

    private static int committed(SandboxResult result) {
        Matcher matcher = Pattern.compile("committed (\\d+): .*")
                .matcher(result.stdout().text().strip());
        assertThat(matcher.matches()).as(result.toString()).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    @Test
    void aTreeCommitsNoMoreMemoryThanTheLimit() throws Exception {
        WindowsJvm.assumeEnforcing();
        ImmutableList<String> command = use("memory", MEBIBYTES);

        SandboxResult limited =
                run(limited(limits -> limits.memory((long) MEBIBYTES << 20)).build(), command);
        SandboxResult unlimited = run(limited(limits -> {}).build(), command);

        // the JVM itself needs some of it, and gets that
        assertThat(committed(limited)).isPositive().isLessThan(MEBIBYTES);
        assertThat(limited.stdout().text()).contains(": error ");
        assertThat(unlimited.stdout().text().strip()).isEqualTo("committed " + MEBIBYTES + ": no refusal");
    }

    @Test
    void whereJobsLimitNothingAPolicyThatLimitsIsRefused() throws Exception {
        assumeTrue(WindowsJvm.isStockWine(), "this machine is not known to ignore the limits of jobs");
        for (Capability capability : ImmutableList.of(Capability.PROCESS_COUNT, Capability.MEMORY)) {
            Consumer<ResourceLimits.Builder> limit = capability == Capability.MEMORY
                    ? limits -> limits.memory((long) MEBIBYTES << 20)
                    : limits -> limits.processes(4);

            UnenforceablePolicyException refused = catchThrowableOfType(
                    UnenforceablePolicyException.class, () -> Sandbox.open(onlyRequiring(capability, limit)));
            assertThat(refused).isNotNull();
            assertThat(refused.unmet())
                    .extracting(Enforcement::capability, Enforcement::level)
                    .containsExactly(tuple(capability, EnforcementLevel.NONE));

            try (Sandbox accepted = Sandbox.open(anyhow(limit))) {
                assertThat(accepted.enforcement().level(capability)).isEqualTo(EnforcementLevel.NONE);
                // and that is the truth
                SandboxResult result =
                        accepted.run(capability == Capability.MEMORY ? use("memory", MEBIBYTES) : use("processes", 6));
                assertThat(result.stdout().text()).contains("no refusal");
            }
        }
    }

    @Test
    void anOpenNetworkThatIsAcceptedIsSlowedWhereJobsTakeARate() throws Exception {
        ImmutableList<String> command = use("netrate", 0);
        SandboxPolicy closed = WindowsJvm.policy(root)
                .network(NetworkAccess.NONE)
                .bestEffort(Capability.values())
                .build();
        SandboxPolicy allowed = WindowsJvm.policy(root)
                .network(NetworkAccess.ALLOWED)
                .bestEffort(Capability.values())
                .build();

        String reason;
        String slowed;
        try (Sandbox sandbox = Sandbox.open(closed)) {
            Enforcement network = sandbox.enforcement().get(Capability.NETWORK);
            assertThat(network.level()).isEqualTo(EnforcementLevel.NONE);
            reason = network.reason();
            slowed = sandbox.run(command).stdout().text().strip();
        }

        if (WindowsJvm.isStockWine()) {
            assertThat(reason).contains("without a limit of what is sent (the job takes no rate: ");
        } else {
            assertThat(reason).contains("1 byte a second");
            assertThat(slowed).isEqualTo("bandwidth=1 flags=3");
            assertThat(run(allowed, command).stdout().text().strip()).isEqualTo("bandwidth=0 flags=0");
        }
    }

    @Test
    void theTimeLimitEndsTheTree() throws Exception {
        ImmutableList<String> command = ImmutableList.of("cmd.exe", "/d", "/c", "ping.exe", "-n", "4", "127.0.0.1");

        SandboxResult brief = run(anyhow(limits -> limits.timeout(Duration.ofMillis(500))), command);
        SandboxResult unlimited = run(anyhow(limits -> {}), command);

        assertThat(brief.status()).isEqualTo(SandboxResult.Status.TIMED_OUT);
        assertThat(brief.succeeded()).isFalse();
        assertThat(brief.duration()).isLessThan(unlimited.duration());
        assertThat(unlimited.status()).isEqualTo(SandboxResult.Status.EXITED);
        assertThat(unlimited.duration()).isGreaterThan(Duration.ofSeconds(2));
    }

    @Test
    void outputBeyondTheLimitIsLeftOutAndTheResultSaysSo() throws Exception {
        int size = 3 << 20;
        StringBuilder text = new StringBuilder("head");
        text.append("-".repeat(size - 8)).append("tail");
        Path input = Files.writeString(root.resolve("input"), text, StandardCharsets.US_ASCII);

        SandboxResult limited;
        SandboxResult wide;
        try (Sandbox sandbox = Sandbox.open(anyhow(limits -> limits.output(1000)));
                Sandbox other = Sandbox.open(anyhow(limits -> limits.output(size)))) {
            ImmutableList<String> cat = WindowsJvm.attempts("cat", "-");
            limited = sandbox.process(cat).redirectInput(input.toFile()).run();
            wide = other.process(cat).redirectInput(input.toFile()).run();
        }

        assertThat(limited.succeeded()).isTrue();
        assertThat(limited.stdout().truncated()).isTrue();
        assertThat(limited.stdout().total()).isEqualTo(size);
        assertThat(limited.stdout().omitted()).isEqualTo(size - 1000);
        assertThat(limited.stdout().text())
                .startsWith("head")
                .contains((size - 1000) + " of " + size + " bytes omitted")
                .endsWith("tail");
        assertThat(wide.stdout().truncated()).isFalse();
        assertThat(wide.stdout().text()).isEqualTo(text.toString());
    }
}
