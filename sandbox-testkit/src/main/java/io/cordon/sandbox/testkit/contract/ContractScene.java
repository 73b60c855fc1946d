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
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of one rule, and the probe that is run among them, confined and unconfined. */
final class ContractScene {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final SandboxBackendContract contract;
    private final Path workspace;
    private final Path outside;
    private final Path control;
    private final Path probe;

    /** Makes the files in an empty directory. */
    ContractScene(SandboxBackendContract contract, Path directory) throws IOException {
        this.contract = contract;
        workspace = Files.createDirectory(directory.toRealPath().resolve("workspace"));
        outside = files(directory.toRealPath().resolve("outside"));
        control = files(directory.toRealPath().resolve("control"));
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

    /** A directory with what every operation finds something to work on. */
    static Path files(Path made) throws IOException {
        Files.createDirectory(made);
        for (String name : List.of("write", "append", "truncate", "rename", "take", "delete", "link", "read")) {
            Files.writeString(made.resolve(name), "before");
        }
        Files.createDirectory(made.resolve("directory"));
        return made;
    }

    /** All that is in a directory: names beneath it, with the contents of files. */
    static SortedMap<String, String> contents(Path top) throws IOException {
        SortedMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(top)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                String name = top.relativize(path).toString().replace('\\', '/');
                contents.put(
                        name, Files.isRegularFile(path) ? Files.readString(path, StandardCharsets.ISO_8859_1) : "-");
            }
        }
        return contents;
    }

    Path workspace() {
        return workspace;
    }

    /** What no child may change. */
    Path outside() {
        return outside;
    }

    /** The same, for the positive controls. */
    Path control() {
        return control;
    }

    /** A policy for a rule that is not about the network. */
    SandboxPolicy.Builder policy() {
        return policy(contract.network());
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
        int code = result.status() == SandboxResult.Status.EXITED ? result.exitCode() : Probe.OTHER;
        return Attempt.of(code, result.stdout().text())
                .and("; " + result.status() + ", errors: " + result.stderr().text());
    }

    /** The positive control. */
    Attempt unconfined(String... arguments) throws IOException, InterruptedException {
        return ended(unconfinedBuilder(arguments));
    }

    /** The same with these variables and no others, as far as the system lets a process have none. */
    Attempt unconfined(Map<String, String> variables, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = unconfinedBuilder(arguments);
        builder.environment().clear();
        builder.environment().putAll(variables);
        return ended(builder);
    }

    Process unconfinedProcess(String... arguments) throws IOException {
        return unconfinedBuilder(arguments).start();
    }

    private static Attempt ended(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return Attempt.of(process.waitFor(), output);
    }

    private ProcessBuilder unconfinedBuilder(String... arguments) {
        return new ProcessBuilder(command(arguments))
                .directory(workspace.toFile())
                .redirectErrorStream(true);
    }
}
