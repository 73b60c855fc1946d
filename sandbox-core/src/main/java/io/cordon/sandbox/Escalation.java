package io.cordon.sandbox;

import com.google.common.collect.ImmutableSet;
import com.google.common.net.HostAndPort;
import io.cordon.sandbox.spi.SandboxBackend;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A failed command that was likely denied something, and the question whether to run it again under a wider policy.
 * Never automatic: somebody decides, and one decision is one run.
 *
 * <pre>{@code
 * SandboxResult result = sandbox.run("make", "install");
 * Optional<Escalation> escalation = Escalation.of(result, sandbox.policy());
 * if (escalation.isPresent()) {
 *     Escalation question = escalation.get();
 *     result = question.rerun(
 *                     (denial, policy) -> user.agrees(denial, question.proposal()) ? question.proposal() : Optional.empty(),
 *                     wider -> runIn(wider))
 *             .orElse(result);
 * }
 * }</pre>
 *
 * <p><b>The child chose the words.</b> What is proposed is what its output names, and a hostile child names what it would
 * like to have: show the user the path or the host, not the sentence. Nothing is proposed where the evidence names
 * nothing. Safe for use by several threads.
 */
public final class Escalation {
    /** Directories of the user in which secrets lie, or what is run later by others. */
    private static final ImmutableSet<String> NEVER_PROPOSED = ImmutableSet.of(
            ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".git", ".password-store", "autostart");

    private final LikelyDenial denial;
    private final SandboxPolicy policy;
    private final Optional<SandboxPolicy> proposal;
    private final AtomicBoolean asked = new AtomicBoolean();

    private Escalation(LikelyDenial denial, SandboxPolicy policy, Optional<SandboxPolicy> proposal) {
        this.denial = denial;
        this.policy = policy;
        this.proposal = proposal;
    }

    /** Who decides about a wider policy: the user, or whoever speaks for him. */
    @FunctionalInterface
    public interface Decision {
        /**
         * Decides.
         *
         * @param denial what was likely denied
         * @param policy the policy under which it was
         * @return the policy to run the command under again, or nothing if it is not run again
         */
        Optional<SandboxPolicy> decide(LikelyDenial denial, SandboxPolicy policy);
    }

    /** How the command is run again. */
    @FunctionalInterface
    public interface Rerun {
        /**
         * Runs the command of the result again, in a sandbox of this policy.
         *
         * @throws SandboxException if the sandbox cannot be opened, or the command not be started
         * @throws InterruptedException if the calling thread is interrupted
         */
        SandboxResult run(SandboxPolicy wider) throws SandboxException, InterruptedException;
    }

    /**
     * The question that a result raises; none if the command was not likely denied anything.
     *
     * @param policy the policy under which the command ran
     * @throws SandboxException if no backend works here
     */
    public static Optional<Escalation> of(SandboxResult result, SandboxPolicy policy) throws SandboxException {
        return of(result, policy, BackendSelection.select());
    }

    /**
     * The question that a result raises.
     *
     * @param backend what says which roots are forbidden
     */
    public static Optional<Escalation> of(SandboxResult result, SandboxPolicy policy, SandboxBackend backend) {
        return result.denial(policy)
                .map(denial -> new Escalation(
                        denial, policy, proposal(denial, policy).filter(wider -> isPossible(wider, backend))));
    }

    private static Optional<SandboxPolicy> proposal(LikelyDenial denial, SandboxPolicy policy) {
        try {
            if (denial.capability().equals(Optional.of(Capability.FILE_WRITE))) {
                return denial.path().flatMap(path -> withRoot(path, policy));
            }
            if (denial.capability().equals(Optional.of(Capability.NETWORK))) {
                return denial.host().flatMap(DenialSubject::hostAndPort).flatMap(host -> withHost(host, policy));
            }
            return Optional.empty();
        } catch (InvalidPolicyException e) {
            // Such as a root in a root, which is a carve-out, or in what is denied for reading: that was on purpose.
            return Optional.empty();
        }
    }

    private static Optional<SandboxPolicy> withRoot(Path path, SandboxPolicy policy) {
        Path root = Files.isDirectory(path) ? path : path.getParent();
        if (root == null || !Files.isDirectory(root) || !Files.isWritable(root)) { // the user himself may not
            return Optional.empty();
        }
        for (Path name : root) {
            if (NEVER_PROPOSED.contains(name.toString())) {
                return Optional.empty();
            }
        }
        return Optional.of(policy.toBuilder().writeSomething().allowWrite(root).build());
    }

    private static Optional<SandboxPolicy> withHost(HostAndPort host, SandboxPolicy policy) {
        if (host.getHost().indexOf('.') < 0 || policy.network().equals(NetworkAccess.ALLOWED)) {
            return Optional.empty(); // localhost and names of the intranet are no hosts of the internet
        }
        List<String> rules = new ArrayList<>();
        for (HostRule rule : policy.network().hosts()) {
            rule.ports().forEach(port -> rules.add((rule.subdomains() ? "*." : "") + rule.name() + ":" + port));
        }
        rules.add(host.toString());
        NetworkAccess access = NetworkAccess.allowHosts(rules.toArray(new String[0]));
        return Optional.of(policy.toBuilder()
                .network(policy.network().privateAddresses() ? access.withPrivateAddresses() : access)
                .build());
    }

    private static boolean isPossible(SandboxPolicy wider, SandboxBackend backend) {
        try {
            // A plan changes nothing, and is refused where a root is forbidden.
            return backend.plan(wider).expected().unmet(wider).isEmpty();
        } catch (SandboxException e) {
            return false;
        }
    }

    /** What was likely denied. */
    public LikelyDenial denial() {
        return denial;
    }

    /** The policy under which the command ran. */
    public SandboxPolicy policy() {
        return policy;
    }

    /**
     * The policy with the one root or host more that the evidence names; none if it names nothing, or what may not be
     * allowed: what the policy itself denies, what the backend forbids or cannot enforce, directories like {@code .ssh},
     * places that the user may not write either, addresses in place of names. Never the whole network.
     */
    public Optional<SandboxPolicy> proposal() {
        return proposal;
    }

    /**
     * Asks once, and runs the command again once if the answer is another policy.
     *
     * @return how that run ended; nothing if the answer was no, or the same policy
     * @throws SandboxException as {@link Rerun#run}
     * @throws InterruptedException as {@link Rerun#run}
     * @throws IllegalStateException if it was asked before: another run is another decision, about its own result
     */
    public Optional<SandboxResult> rerun(Decision decision, Rerun rerun) throws SandboxException, InterruptedException {
        if (!asked.compareAndSet(false, true)) {
            throw new IllegalStateException("this escalation was decided already; make one of the result of that run");
        }
        Optional<SandboxPolicy> wider = decision.decide(denial, policy).filter(decided -> !decided.equals(policy));
        return wider.isPresent() ? Optional.of(rerun.run(wider.get())) : Optional.empty();
    }
}
