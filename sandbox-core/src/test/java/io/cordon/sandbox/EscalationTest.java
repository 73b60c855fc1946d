package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EscalationTest {
    @TempDir
    Path temp = Path.of("");

    private final UnconfinedTestBackend backend = new UnconfinedTestBackend();
    private final List<SandboxPolicy> runs = new ArrayList<>();
    private Path workspace = Path.of("");
    private Path outside = Path.of("");
    private SandboxPolicy policy = SandboxPolicy.readOnly();

    @BeforeEach
    void places() throws Exception {
        workspace = Files.createDirectory(temp.resolve("workspace"));
        outside = Files.createDirectory(temp.resolve("outside"));
        policy = SandboxPolicy.workspaceWrite(workspace);
    }

    private Optional<Escalation> of(String stderr) {
        return Escalation.of(LikelyDenialTest.failed(1, stderr), policy, backend);
    }

    private Optional<SandboxPolicy> proposal(Path path) {
        return of("touch: cannot touch '" + path + "': Permission denied")
                .orElseThrow()
                .proposal();
    }

    private SandboxResult rerun(SandboxPolicy wider) {
        runs.add(wider);
        return LikelyDenialTest.failed(0, "");
    }

    @Test
    void theDirectoryOfTheDeniedPathIsProposed() {
        assertThat(proposal(outside.resolve("new")).orElseThrow().allowWrite()).containsExactly(workspace, outside);
        assertThat(proposal(outside).orElseThrow().allowWrite()).containsExactly(workspace, outside);
    }

    @Test
    void ofAReadOnlyPolicyTheRestStays() {
        policy = SandboxPolicy.readOnly().toBuilder()
                .denyUi()
                .environment(e -> e.set("A", "b"))
                .build();

        SandboxPolicy wider = proposal(outside.resolve("new")).orElseThrow();

        assertThat(wider)
                .isEqualTo(SandboxPolicy.builder()
                        .allowWrite(outside)
                        .denyUi()
                        .environment(e -> e.set("A", "b"))
                        .build());
    }

    @Test
    void whatThePolicyDeniesOnPurposeIsNotProposed() throws Exception {
        Path hooks = Files.createDirectory(workspace.resolve("hooks"));
        policy = policy.toBuilder().denyWrite(hooks).denyRead(outside).build();

        assertThat(proposal(hooks.resolve("x"))).isEmpty();
        assertThat(proposal(outside.resolve("x"))).isEmpty();
        assertThat(proposal(temp.resolve("x"))).as("it holds what is denied").isEmpty();
    }

    @Test
    void secretsMissingPlacesAndRootsAreNotProposed() throws Exception {
        Path ssh = Files.createDirectories(temp.resolve("home").resolve(".ssh"));

        assertThat(proposal(ssh.resolve("authorized_keys"))).isEmpty();
        assertThat(proposal(temp.resolve("missing").resolve("x"))).isEmpty();
        assertThat(proposal(temp.getRoot().resolve("x"))).isEmpty();
    }

    @Test
    void whatTheBackendCannotEnforceIsNotProposed() {
        backend.plans(Enforcement.none(Capability.FILE_WRITE, "a test wants this", "none"));

        assertThat(proposal(outside.resolve("new"))).isEmpty();
    }

    @Test
    void theNamedHostIsProposedBesidesTheOthers() {
        String stderr = "curl: (6) Could not resolve host: api.example.com";

        assertThat(of(stderr).orElseThrow().proposal().orElseThrow().network())
                .isEqualTo(NetworkAccess.allowHosts("api.example.com"));

        policy = policy.toBuilder()
                .network(NetworkAccess.allowHosts("*.example.org:22", "b.example.com"))
                .build();
        assertThat(of(stderr).orElseThrow().proposal().orElseThrow().network().hosts())
                .extracting(HostRule::toString)
                .contains("api.example.com:80,443", "*.example.org:22");
    }

    @Test
    void addressesAndTheWholeNetworkAreNotProposed() {
        assertThat(of("fatal: unable to access 'http://127.0.0.1:80/r.git/': Permission denied")
                        .orElseThrow()
                        .proposal())
                .isEmpty();
        assertThat(of("curl: (6) Could not resolve host: localhost")
                        .orElseThrow()
                        .proposal())
                .isEmpty();
        assertThat(of("connect: Network is unreachable").orElseThrow().proposal())
                .isEmpty();
    }

    @Test
    void withoutADenialThereIsNoQuestion() {
        assertThat(of("error: no such file")).isEmpty();
    }

    @Test
    void nothingRunsUnlessSomebodyDecides() throws Exception {
        Escalation escalation = of("touch: cannot touch '" + outside.resolve("x") + "': Permission denied")
                .orElseThrow();

        assertThat(runs).isEmpty();
        assertThat(escalation.rerun((denial, under) -> Optional.empty(), this::rerun))
                .isEmpty();
        assertThat(runs).isEmpty();
    }

    @Test
    void oneDecisionIsOneRun() throws Exception {
        Escalation escalation = of("touch: cannot touch '" + outside.resolve("x") + "': Permission denied")
                .orElseThrow();
        List<Object> asked = new ArrayList<>();

        Optional<SandboxResult> again = escalation.rerun(
                (denial, under) -> {
                    asked.add(denial);
                    asked.add(under);
                    return escalation.proposal();
                },
                this::rerun);

        assertThat(again.orElseThrow().succeeded()).isTrue();
        assertThat(asked).containsExactly(escalation.denial(), policy);
        assertThat(escalation.policy()).isEqualTo(policy);
        assertThat(runs).containsExactly(escalation.proposal().orElseThrow());
        assertThatIllegalStateException()
                .isThrownBy(() -> escalation.rerun((denial, under) -> escalation.proposal(), this::rerun))
                .withMessageContaining("decided already");
        assertThat(runs).hasSize(1);
    }

    @Test
    void theSamePolicyIsNoDecisionToWiden() throws Exception {
        Escalation escalation = of("touch: cannot touch '" + outside.resolve("x") + "': Permission denied")
                .orElseThrow();

        assertThat(escalation.rerun((denial, under) -> Optional.of(under), this::rerun))
                .isEmpty();
        assertThat(runs).isEmpty();
    }
}
