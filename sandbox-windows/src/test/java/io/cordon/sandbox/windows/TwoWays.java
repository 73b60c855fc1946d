package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnvironmentPolicy;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxedProcessBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The two ways to start what a {@link ProcessBuilder} says: by itself, and confined. Gaps are accepted, because launching
 * is compared here and not what a child may do.
 */
final class TwoWays implements AutoCloseable {
    /** Starts what a builder says. */
    @FunctionalInterface
    interface Way {
        Process start(ProcessBuilder builder) throws IOException;
    }

    private final Sandbox sandbox;

    private TwoWays(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    static TwoWays open(Path root) throws SandboxException {
        return open(root, environment -> {});
    }

    static TwoWays open(Path root, Consumer<EnvironmentPolicy.Builder> environment) throws SandboxException {
        return new TwoWays(Sandbox.open(WindowsJvm.policy(root)
                .environment(environment)
                .bestEffort(Capability.values())
                .build()));
    }

    Sandbox sandbox() {
        return sandbox;
    }

    Process plain(ProcessBuilder builder) throws IOException {
        return builder.start();
    }

    Process confined(ProcessBuilder builder) throws IOException {
        return SandboxedProcessBuilder.from(builder, sandbox).start();
    }

    /** The plain way first. */
    ImmutableList<Way> both() {
        return ImmutableList.of(this::plain, this::confined);
    }

    /** The outcome of both ways, which is the same. */
    Outcome sameOutcome(ProcessBuilder builder) throws Exception {
        Outcome plain = Outcome.of(plain(builder));
        assertThat(Outcome.of(confined(builder)))
                .as("confined, compared with ProcessBuilder, of %s", builder.command())
                .isEqualTo(plain);
        return plain;
    }

    @Override
    public void close() throws SandboxException {
        sandbox.close();
    }

    /** {@code cmd.exe} with one command line. */
    static ProcessBuilder cmd(String line) {
        return new ProcessBuilder("cmd.exe", "/d", "/c", line);
    }

    /** What a caller sees of a process from outside: its exit code, and the two streams, byte for character. */
    record Outcome(int exitCode, String stdout, String stderr) {
        /** Closes the input at once. */
        static Outcome of(Process process) throws Exception {
            process.getOutputStream().close();
            CompletableFuture<byte[]> errors = readAll(process.getErrorStream());
            CompletableFuture<byte[]> output = readAll(process.getInputStream());
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.isAlive()).isFalse();
            return new Outcome(
                    process.exitValue(),
                    new String(output.get(60, TimeUnit.SECONDS), StandardCharsets.ISO_8859_1),
                    new String(errors.get(60, TimeUnit.SECONDS), StandardCharsets.ISO_8859_1));
        }

        List<String> lines() {
            return stdout.lines().toList();
        }
    }

    /** Reads to the end on a thread of its own, and closes the stream. */
    static CompletableFuture<byte[]> readAll(InputStream stream) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    try (stream) {
                        stream.transferTo(bytes);
                        result.complete(bytes.toByteArray());
                    } catch (IOException | RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                },
                "reader");
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
