package io.cordon.sandbox.testkit.contract;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The files of one rule, and the probe that is run among them, confined and unconfined. */
final class ContractScene {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SandboxBackendContract contract;
    private final Path workspace;
    private final Path probe;

    /** Makes the files in an empty directory. */
    ContractScene(SandboxBackendContract contract, Path directory) throws IOException {
        this.contract = contract;
        workspace = Files.createDirectory(directory.toRealPath().resolve("workspace"));
        // In the workspace, because under whatever policy that is what a child can read.
        probe = Files.createDirectory(workspace.resolve("probe"));
        for (Class<?> type : Probe.CLASSES) {
            String name = type.getName().replace('.', '/') + ".class";
            Path copy = probe.resolve(name);
            Files.createDirectories(copy.getParent());
            try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
                if (in == null) {
                    throw new IOException("the class path has no " + name + " for the probe");
                }
                Files.copy(in, copy);
            }
        }
    }

    /** A policy for the workspace, with what the backend needs and with its declared gaps accepted. */
    SandboxPolicy.Builder policy(NetworkAccess network) {
        return policy(network, contract.declared().partial());
    }

    /** The same with these gaps accepted, and no others. */
    SandboxPolicy.Builder policy(NetworkAccess network, Set<Capability> partial) {
        SandboxPolicy.Builder policy = SandboxPolicy.builder()
                .allowWrite(workspace)
                .network(network)
                .environment(environment -> environment.inheritCore())
                .limits(limits -> limits.timeout(PATIENCE))
                .acceptPartial(partial.toArray(new Capability[0]));
        contract.prepare(policy, network);
        return policy;
    }

    Sandbox open(SandboxPolicy policy) throws SandboxException {
        return policy.network().hosts().isEmpty()
                ? Sandbox.open(policy, contract.backend())
                : Sandbox.open(policy, contract.backend(), contract.proxies());
    }

    Sandbox open(NetworkAccess network) throws SandboxException {
        return open(policy(network).build());
    }

    List<String> command(String... arguments) {
        return ProbeCommand.of(probe.toString(), List.of(arguments));
    }

    Attempt confined(Sandbox sandbox, String... arguments) throws SandboxException, InterruptedException {
        SandboxResult result = sandbox.process(command(arguments)).run();
        return Attempt.of(
                result.status() == SandboxResult.Status.EXITED ? result.exitCode() : Probe.OTHER,
                result.stdout().text() + result.stderr().text());
    }

    /** The positive control. */
    Attempt unconfined(String... arguments) throws IOException, InterruptedException {
        Process process = unconfinedProcess(arguments);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Attempt.of(process.waitFor(), output);
    }

    Process unconfinedProcess(String... arguments) throws IOException {
        return new ProcessBuilder(command(arguments))
                .directory(workspace.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
