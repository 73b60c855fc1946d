package io.cordon.sandbox.windows;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code INHERIT} hands on what the host's JVM has: a file, a pipe, or a console. Each host is a JVM of its own. */
@Tag("windows")
@Timeout(120)
class InheritedStreamsTest {
    @TempDir
    Path temp;

    private Path root;
    private Path report;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        report = temp.resolve("report");
    }

    private ProcessBuilder host(String mode) {
        return new ProcessBuilder(ImmutableList.of(
                Path.of(System.getProperty("java.home"), "bin", "java.exe").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                InheritMain.class.getName(),
                mode,
                root.toString(),
                report.toString()));
    }

    private static void await(Process host) throws InterruptedException {
        boolean ended = host.waitFor(90, TimeUnit.SECONDS);
        host.destroyForcibly();
        assertThat(ended).as("the host has ended").isTrue();
    }

    @Test
    void filesAreHandedOn() throws Exception {
        Path input = Files.writeString(temp.resolve("input"), "from the file of the host");
        Path output = temp.resolve("output");

        await(host("inherit")
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(temp.resolve("errors").toFile())
                .start());

        assertThat(report).hasContent("exit 0");
        assertThat(output).hasContent("from the file of the host");
    }

    @Test
    void pipesAreHandedOn() throws Exception {
        Process host =
                host("inherit").redirectError(temp.resolve("errors").toFile()).start();
        try (var stdin = host.getOutputStream()) {
            stdin.write("through the pipes of the host".getBytes(UTF_8));
        }
        String output = new String(host.getInputStream().readAllBytes(), UTF_8);

        await(host);
        assertThat(report).hasContent("exit 0");
        assertThat(output).isEqualTo("through the pipes of the host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"console", "none"})
    void aConsoleAndNoStreamAtAllAreRefusedWithTheRemedy(String mode) throws Exception {
        // No files: the program that draws a console inherits them, and outlives the host for a moment.
        await(host(mode)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());

        assertThat(report).isRegularFile();
        assumeFalse(
                Files.readString(report).equals(InheritMain.NO_CONSOLE),
                "a console does not work here (Wine without a display)");
        assertThat(Files.readString(report))
                .startsWith("REDIRECT_FAILED: INHERIT for standard output")
                .contains("use PIPE and copy the stream");
    }
}
