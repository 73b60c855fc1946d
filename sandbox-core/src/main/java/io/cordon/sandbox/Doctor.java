package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.cordon.sandbox.Diagnosis.Trial;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.SandboxBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Opens a sandbox for some policies, or, where one does not open, for the same policy with every gap accepted, and looks
 * at what it reports. It touches nothing but a directory of its own, which it deletes.
 */
final class Doctor {
    /** A policy for a root, and what it says. */
    private record Case(String words, UnaryOperator<SandboxPolicy.Builder> policy) {}

    private final Path root;

    private Doctor(Path root) {
        this.root = root;
    }

    static Diagnosis examine(BackendSelection.Found present) {
        ImmutableList.Builder<Diagnosis.Backend> found = ImmutableList.builder();
        Optional<SandboxBackend> works = Optional.empty();
        for (SandboxBackend backend : present.backends()) {
            BackendProbe probe = backend.probe();
            found.add(new Diagnosis.Backend(backend.name(), probe.available(), probe.detail()));
            if (works.isEmpty() && probe.available()) {
                works = Optional.of(backend);
            }
        }
        present.failures().forEach(failure -> found.add(new Diagnosis.Backend("?", false, failure)));
        return new Diagnosis(
                host(works), found.build(), works.map(Doctor::trials).orElse(ImmutableList.of()));
    }

    private static ImmutableMap<String, String> host(Optional<SandboxBackend> backend) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("architecture", System.getProperty("os.arch"));
        facts.put("Java", System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")");
        backend.ifPresent(works -> facts.putAll(works.hostFacts()));
        return ImmutableMap.copyOf(facts);
    }

    private static ImmutableList<Trial> trials(SandboxBackend backend) {
        ImmutableList.Builder<Trial> trials = ImmutableList.builder();
        @Nullable Path root = null;
        try {
            root = Files.createTempDirectory("cordon-doctor").toRealPath();
            Files.createDirectory(root.resolve("kept"));
            Files.createFile(root.resolve("hidden"));
            Doctor doctor = new Doctor(root);
            for (Case each : doctor.cases()) {
                trials.add(doctor.trial(backend, each));
            }
        } catch (IOException e) {
            trials.add(new Trial(
                    "any", Optional.empty(), ImmutableList.of(), "no directory to try in could be made: " + e));
        } finally {
            delete(root);
        }
        return trials.build();
    }

    private static void delete(@Nullable Path root) {
        if (root != null) {
            try {
                // Java has no secure way on Windows. No child ever ran in it, that could have put a link there.
                MoreFiles.deleteRecursively(root, RecursiveDeleteOption.ALLOW_INSECURE);
            } catch (IOException e) {
                System.getLogger(Doctor.class.getPackageName())
                        .log(
                                System.Logger.Level.WARNING,
                                "the directory of the doctor could not be deleted: " + root,
                                e);
            }
        }
    }

    /** The default first: the exit code of the command tells of it. */
    private ImmutableList<Case> cases() {
        return ImmutableList.of(
                new Case("the default: write in a workspace, no network", UnaryOperator.identity()),
                new Case(
                        "the default with carve-outs, denied reads, limits and no user interface",
                        policy -> policy.denyWrite(root.resolve("kept"))
                                .denyRead(root.resolve("hidden"))
                                .denyUi()
                                .limits(limits ->
                                        limits.processes(64).memory(1L << 30).cpuPercent(100))),
                new Case(
                        "the default with reading limited to the Java of this JVM",
                        policy -> policy.allowRead(Path.of(System.getProperty("java.home")))));
    }

    private Trial trial(SandboxBackend backend, Case tried) {
        SandboxPolicy strict = tried.policy()
                .apply(SandboxPolicy.workspaceWrite(root).toBuilder())
                .build();
        try {
            return new Trial(tried.words(), Optional.of(seen(backend, strict)), ImmutableList.of(), "");
        } catch (UnenforceablePolicyException e) {
            return new Trial(tried.words(), withGaps(backend, strict), e.unmet(), "");
        } catch (SandboxException e) {
            return new Trial(tried.words(), Optional.empty(), ImmutableList.of(), String.valueOf(e.getMessage()));
        }
    }

    private static EnforcementReport seen(SandboxBackend backend, SandboxPolicy policy) throws SandboxException {
        try (Sandbox sandbox = Sandbox.open(policy, backend)) {
            return sandbox.enforcement();
        }
    }

    /** What is enforced of it where every gap is accepted, if a backend has anything for that. */
    private static Optional<EnforcementReport> withGaps(SandboxBackend backend, SandboxPolicy strict) {
        SandboxPolicy lenient = strict.toBuilder()
                .bestEffort(strict.requested().toArray(new Capability[0]))
                .build();
        try {
            return Optional.of(seen(backend, lenient));
        } catch (SandboxException e) {
            return Optional.empty();
        }
    }
}
