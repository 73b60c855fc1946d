package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.SandboxBackend;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    private static BackendSelection.Found found(SandboxBackend... backends) {
        return new BackendSelection.Found(ImmutableList.copyOf(backends), ImmutableList.of());
    }

    private int run(List<String> arguments, SandboxBackend... backends) {
        return CordonDoctor.run(
                arguments,
                found(backends),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<Path> scratch() throws Exception {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("cordon-doctor"))
                    .toList();
        }
    }

    @Test
    void whatIsEnforcedWithoutAGapIsFineAndNothingIsLeft() throws Exception {
        List<Path> before = scratch();
        UnconfinedTestBackend backend = new UnconfinedTestBackend();

        assertThat(run(List.of(), backend)).isEqualTo(CordonDoctor.ENFORCED);

        assertThat(out())
                .contains("unconfined-test: a test's own", "The default policy is enforced on this machine.")
                .contains("Policy: the default: write in a workspace, no network")
                .doesNotContain("What to do");
        assertThat(backend.prepared).hasValue(3);
        assertThat(backend.closed).hasValue(3);
        assertThat(scratch()).isEqualTo(before);
    }

    @Test
    void aGapOfTheDefaultPolicyIsToldWithWhatToDo() {
        UnconfinedTestBackend backend = new UnconfinedTestBackend()
                .sees(Enforcement.none(Capability.NETWORK, "no filter", "get a kernel with filters"));

        assertThat(run(List.of(), backend)).isEqualTo(CordonDoctor.NOT_ENFORCED);

        assertThat(out())
                .contains(
                        "no network; does not open as it is",
                        "gap: no filter",
                        "What to do\n  NETWORK: get a kernel with filters",
                        "is not enforced")
                .containsOnlyOnce("NETWORK: get a kernel with filters");
    }

    @Test
    void aGapOfAnotherPolicyOnlyDoesNotFailTheDefault() {
        UnconfinedTestBackend backend = new UnconfinedTestBackend()
                .sees(Enforcement.partial(Capability.CPU, "a rate", "not measured", "accept it"));

        assertThat(run(List.of(), backend)).isEqualTo(CordonDoctor.ENFORCED);

        assertThat(out()).contains("CPU: accept it");
    }

    @Test
    void withoutABackendItSaysWhatIsMissing() {
        assertThat(run(List.of())).isEqualTo(CordonDoctor.NOT_ENFORCED);
        assertThat(out()).contains("add io.cordon:sandbox-linux");

        assertThat(run(List.of(), new UnconfinedTestBackend().probes(BackendProbe.unavailable("no kernel"))))
                .isEqualTo(CordonDoctor.NOT_ENFORCED);
        assertThat(out()).contains("unconfined-test does not work here: no kernel");
    }

    @Test
    void theJsonSaysTheSame() {
        UnconfinedTestBackend backend =
                new UnconfinedTestBackend().sees(Enforcement.none(Capability.NETWORK, "no \"filter\"", "get one"));

        assertThat(run(List.of("--json"), backend)).isEqualTo(CordonDoctor.NOT_ENFORCED);

        assertThat(out().strip())
                .startsWith("{\"host\":{\"system\":")
                .contains("\"backends\":[{\"name\":\"unconfined-test\",\"available\":true")
                .contains("\"reason\":\"no \\\"filter\\\"\"")
                .endsWith("\"enforcesDefault\":false}");
    }

    @Test
    void wrongArgumentsAreRefused() {
        for (List<String> wrong : Arrays.asList(List.of("--xml"), List.of("--json", "--json"))) {
            assertThat(run(wrong, new UnconfinedTestBackend())).isEqualTo(CordonDoctor.USAGE);
        }
        assertThat(out()).isEmpty();
        assertThat(errors.toString(StandardCharsets.UTF_8)).contains("usage: cordon-doctor [--json]");
    }
}
