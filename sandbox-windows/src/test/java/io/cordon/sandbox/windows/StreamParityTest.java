package io.cordon.sandbox.windows;

import static io.cordon.sandbox.windows.TwoWays.cmd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import com.google.common.io.MoreFiles;
import io.cordon.sandbox.windows.TwoWays.Outcome;
import io.cordon.sandbox.windows.TwoWays.Way;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Streams and redirects by {@link ProcessBuilder} and by Cordon, in the same Windows JVM. */
@Tag("windows")
@Timeout(120)
class StreamParityTest {
    private static final long SECONDS = 60;
    private static final String CRLF = "\r\n";

    @TempDir
    Path temp;

    private TwoWays ways;

    @BeforeEach
    void open() throws IOException {
        ways = TwoWays.open(Files.createDirectory(temp.toRealPath().resolve("root")));
    }

    @AfterEach
    void close() throws IOException {
        ways.close();
    }

    private File file(String name) {
        return temp.resolve(name).toFile();
    }

    private static ProcessBuilder bothStreams() {
        return cmd("echo out& echo err 1>&2& exit 3");
    }

    @Test
    void pipesAreApartOrMerged() throws Exception {
        assertThat(ways.sameOutcome(bothStreams())).isEqualTo(new Outcome(3, "out" + CRLF, "err " + CRLF));
        assertThat(ways.sameOutcome(bothStreams().redirectErrorStream(true)))
                .isEqualTo(new Outcome(3, "out" + CRLF + "err " + CRLF, ""));
    }

    @Test
    void filesAreWrittenOverOrAppendedTo() throws Exception {
        for (Way way : ways.both()) {
            Path output = Files.writeString(temp.resolve("output"), "longer than what comes");
            Path errors = Files.writeString(temp.resolve("errors"), "before ");

            Outcome outcome = Outcome.of(way.start(
                    bothStreams().redirectOutput(output.toFile()).redirectError(Redirect.appendTo(errors.toFile()))));

            assertThat(outcome).isEqualTo(new Outcome(3, "", ""));
            assertThat(output).hasContent("out" + CRLF);
            assertThat(errors).hasContent("before err " + CRLF);
        }
    }

    @Test
    void bothStreamsGoToOneFile() throws Exception {
        for (Way way : ways.both()) {
            Path merged = temp.resolve("merged");
            assertThat(Outcome.of(
                            way.start(bothStreams().redirectErrorStream(true).redirectOutput(merged.toFile()))))
                    .isEqualTo(new Outcome(3, "", ""));
            assertThat(merged).hasContent("out" + CRLF + "err " + CRLF);

            Path appended = Files.writeString(temp.resolve("appended"), "x");
            way.start(bothStreams()
                            .redirectOutput(Redirect.appendTo(appended.toFile()))
                            .redirectError(Redirect.appendTo(appended.toFile())))
                    .waitFor();
            assertThat(appended).hasContent("xout" + CRLF + "err " + CRLF);
        }
    }

    @Test
    void whatIsDiscardedIsGone() throws Exception {
        assertThat(ways.sameOutcome(bothStreams().redirectOutput(Redirect.DISCARD)))
                .isEqualTo(new Outcome(3, "", "err " + CRLF));
        assertThat(ways.sameOutcome(bothStreams().redirectError(Redirect.DISCARD)))
                .isEqualTo(new Outcome(3, "out" + CRLF, ""));
    }

    @Test
    void inputComesFromAFileOrIsAtItsEnd() throws Exception {
        Path input = Files.writeString(temp.resolve("input"), "typed" + CRLF);
        ProcessBuilder line = cmd("set /p x=& set x");
        assertThat(ways.sameOutcome(line.redirectInput(input.toFile())).lines()).contains("x=typed");
        // closed at once: nothing is read, and nobody waits
        assertThat(ways.sameOutcome(line.redirectInput(Redirect.PIPE)).lines()).doesNotContain("x=typed");
    }

    @Test
    void aFileThatCannotBeOpenedIsAnIoException() {
        for (Way way : ways.both()) {
            for (ProcessBuilder builder : ImmutableList.of(
                    cmd("exit 0").redirectInput(file("missing")),
                    cmd("exit 0").redirectOutput(new File(file("missing"), "file")))) {
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> way.start(builder));
            }
        }
    }

    /** Every value of a byte next to every other: what a text mode would change is in it. */
    private static byte[] everyPair() {
        byte[] bytes = new byte[2 << 16];
        for (int i = 0; i < 1 << 16; i++) {
            bytes[2 * i] = (byte) (i >> 8);
            bytes[2 * i + 1] = (byte) i;
        }
        return bytes;
    }

    @Test
    void bytesComeBackAsTheyWereWritten() throws Exception {
        byte[] pairs = everyPair();
        int times = 32; // 4 MiB
        for (Way way : ways.both()) {
            Process process = way.start(new ProcessBuilder(WindowsJvm.attempts("cat", "-")));
            CompletableFuture<byte[]> read = TwoWays.readAll(process.getInputStream());
            try (OutputStream stdin = process.getOutputStream()) {
                for (int i = 0; i < times; i++) {
                    stdin.write(pairs);
                }
                stdin.write('!');
            }
            byte[] bytes = read.get(SECONDS, TimeUnit.SECONDS);
            assertThat(bytes).hasSize(times * pairs.length + 1);
            for (int i = 0; i < times; i++) {
                assertThat(Arrays.equals(bytes, i * pairs.length, (i + 1) * pairs.length, pairs, 0, pairs.length))
                        .as("repetition %s", i)
                        .isTrue();
            }
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            process.getErrorStream().close();
        }
    }

    @Test
    void sixtyFourMebibytesArriveWhole() throws Exception {
        int size = 64 << 20;
        Path input = temp.resolve("input");
        byte[] pairs = everyPair();
        try (OutputStream out = Files.newOutputStream(input)) {
            for (int i = 0; i < size / pairs.length; i++) {
                pairs[0] = (byte) i;
                out.write(pairs);
            }
        }
        String expected = MoreFiles.asByteSource(input).hash(Hashing.sha256()).toString();
        for (Way way : ways.both()) {
            Process process =
                    way.start(new ProcessBuilder(WindowsJvm.attempts("cat", "-")).redirectInput(input.toFile()));
            try (InputStream stdout = process.getInputStream()) {
                HashingInputStream hashing = new HashingInputStream(Hashing.sha256(), stdout);
                assertThat(hashing.transferTo(OutputStream.nullOutputStream())).isEqualTo(size);
                assertThat(hashing.hash()).hasToString(expected);
            }
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            process.getErrorStream().close();
        }
    }

    /** The streams of this JVM may be anything; those of one that the test starts are what it gives it. */
    @Test
    void aChildInheritsTheStreamsOfTheJvm() throws Exception {
        for (String kind : ImmutableList.of("plain", "sandbox")) {
            // files for input and errors, a pipe for the output
            Path input = Files.writeString(temp.resolve("input"), "typed" + CRLF);
            Path errors = temp.resolve("errors-" + kind);
            Path root = Files.createDirectory(temp.resolve("root-" + kind));
            Process jvm = new ProcessBuilder(WindowsJvm.java(InheritParityMain.class, kind, root.toString()))
                    .redirectInput(input.toFile())
                    .redirectError(errors.toFile())
                    .start();

            Outcome outcome = Outcome.of(jvm);

            assertThat(errors).as(kind).hasContent("err " + CRLF);
            assertThat(outcome)
                    .as(kind)
                    .isEqualTo(new Outcome(7, "JVM" + CRLF + "x=typed" + CRLF + "JVM again" + CRLF, ""));
        }
    }
}
