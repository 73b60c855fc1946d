package io.cordon.sandbox.windows;

import static io.cordon.sandbox.windows.TwoWays.cmd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.cordon.sandbox.SandboxedProcess;
import io.cordon.sandbox.SandboxedProcessBuilder;
import io.cordon.sandbox.windows.TwoWays.Outcome;
import io.cordon.sandbox.windows.TwoWays.Way;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same commands by {@link ProcessBuilder} and by Cordon, in the same Windows JVM, and the same outcome. */
@Tag("windows")
@Timeout(120)
class ParityTest {
    private static final long SECONDS = 30;

    @TempDir
    Path temp;

    private Path root;
    private TwoWays ways;

    @BeforeEach
    void open() throws IOException {
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
        ways = TwoWays.open(root);
    }

    @AfterEach
    void close() throws IOException {
        ways.close();
    }

    @ParameterizedTest
    // the last one is STATUS_ACCESS_VIOLATION, as a program has it that crashed
    @ValueSource(ints = {0, 1, 255, 256, -1, 0xC0000005})
    void exitCodesAreTheSame(int code) throws Exception {
        assertThat(ways.sameOutcome(cmd("exit " + code))).isEqualTo(new Outcome(code, "", ""));
    }

    /**
     * 259 is STILL_ACTIVE: who asks for the exit code to learn whether there is one takes such a process for a running
     * one, as ProcessBuilder of JDK 17 does. This is where to be the same is not wanted.
     */
    @Test
    void anExitCodeThatStandsForARunningProcessIsOneAllTheSame() throws Exception {
        assertThat(Outcome.of(ways.confined(cmd("exit 259")))).isEqualTo(new Outcome(259, "", ""));
    }

    @Test
    void theWorkingDirectoryIsTheSame() throws Exception {
        Path inner = Files.createDirectory(root.resolve("with a blank"));
        assertThat(ways.sameOutcome(cmd("cd").directory(inner.toFile())).lines())
                .singleElement()
                .asString()
                .isEqualToIgnoringCase(inner.toString());
        // without one it is that of the JVM
        assertThat(ways.sameOutcome(cmd("cd")).lines())
                .singleElement()
                .asString()
                .isEqualToIgnoringCase(Path.of(System.getProperty("user.dir")).toString());
    }

    @Test
    void aDirectoryOrAProgramThatDoesNotExistIsAnIoException() {
        ProcessBuilder directory =
                cmd("exit 0").directory(root.resolve("missing").toFile());
        ProcessBuilder program = new ProcessBuilder(root.resolve("missing.exe").toString());
        for (Way way : ways.both()) {
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> way.start(directory));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> way.start(program));
        }
    }

    /** What {@code set} prints, without the temp directories, in which a sandbox has to differ. */
    private static Map<String, String> variables(Outcome outcome) {
        Map<String, String> variables = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String line : outcome.lines()) {
            int equals = line.indexOf('=', 1);
            variables.put(line.substring(0, equals), line.substring(equals + 1));
        }
        variables.keySet().removeAll(List.of("TEMP", "TMP", "TMPDIR"));
        return ImmutableSortedMap.copyOf(variables, String.CASE_INSENSITIVE_ORDER);
    }

    @Test
    void anEnvironmentThatInheritsEverythingIsThatOfProcessBuilder() throws Exception {
        try (TwoWays all = TwoWays.open(root, environment -> environment.inheritAll())) {
            ProcessBuilder builder = cmd("set");
            builder.environment().put("Given", "one = two  & %PATH% ^");
            builder.environment().put("EMPTY", "");
            builder.environment().remove("USERNAME");
            // positive control: it has to be taken away by the policy, which is no question of launching
            assertThat(builder.environment().keySet()).noneMatch(name -> name.contains("TOKEN"));

            Map<String, String> plain = variables(Outcome.of(all.plain(builder)));
            Map<String, String> confined = variables(Outcome.of(all.confined(builder)));

            assertThat(confined)
                    .isEqualTo(plain)
                    .containsEntry("GIVEN", "one = two  & %PATH% ^")
                    .containsKeys("PATH", "SystemRoot", "PATHEXT")
                    .doesNotContainKey("USERNAME");
        }
    }

    @Test
    void whatThePolicyLetsThroughIsAsProcessBuilderGivesIt() throws Exception {
        SandboxedProcessBuilder confinedBuilder = ways.sandbox().process("cmd.exe", "/d", "/c", "set");
        ProcessBuilder plainBuilder = cmd("set");
        // positive control: there is something that it does not let through
        assertThat(confinedBuilder.environment())
                .hasSizeLessThan(plainBuilder.environment().size());
        plainBuilder
                .environment()
                .keySet()
                .removeIf(name -> !confinedBuilder.environment().containsKey(name));
        plainBuilder.environment().put("ADDED", "\u00e4\u20ac");
        confinedBuilder.environment().put("ADDED", "\u00e4\u20ac");

        Map<String, String> plain = variables(Outcome.of(plainBuilder.start()));
        Map<String, String> confined = variables(Outcome.of(confinedBuilder.start()));

        assertThat(confined).isEqualTo(plain).containsKeys("ADDED", "PATH");
    }

    /** Says "ready" and waits for the end of its input. */
    private static ProcessBuilder waiting() {
        return cmd("echo ready& set /p x=");
    }

    private static void awaitReady(Process process) throws IOException {
        // Not closed: that would close the stream of the process.
        BufferedReader reader = process.inputReader();
        assertThat(reader.readLine()).isEqualTo("ready");
    }

    @Test
    void aRunningProcessAnswersTheSame() throws Exception {
        List<String> commands = new ArrayList<>();
        for (Way way : ways.both()) {
            Process process = way.start(waiting());
            try {
                awaitReady(process);
                assertThat(process.isAlive()).isTrue();
                assertThat(process.waitFor(50, TimeUnit.MILLISECONDS)).isFalse();
                assertThat(process.waitFor(0, TimeUnit.SECONDS)).isFalse();
                assertThatExceptionOfType(IllegalThreadStateException.class).isThrownBy(process::exitValue);
                assertThat(process.onExit()).isNotDone();
                assertThat(process.supportsNormalTermination()).isFalse();

                ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
                assertThat(process.toHandle()).isEqualTo(handle);
                assertThat(handle.parent()).contains(ProcessHandle.current());
                assertThat(ProcessHandle.current().children()).contains(handle);
                assertThat(process.info().startInstant())
                        .isPresent()
                        .isEqualTo(handle.info().startInstant());
                commands.add(process.info().command().orElseThrow());
            } finally {
                process.getOutputStream().close();
            }
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.onExit().get(SECONDS, TimeUnit.SECONDS)).isSameAs(process);
            assertThat(process.isAlive()).isFalse();
            assertThat(process.toHandle().isAlive()).isFalse();
            assertThat(process.waitFor()).isEqualTo(process.exitValue());
            process.getInputStream().close();
            process.getErrorStream().close();
        }
        assertThat(commands.get(1)).isEqualTo(commands.get(0)).endsWithIgnoringCase("\\cmd.exe");
    }

    @Test
    void aFutureOfTheExitIsToldOnceItIsThere() throws Exception {
        for (Way way : ways.both()) {
            Process process = way.start(waiting());
            awaitReady(process);
            CompletableFuture<Integer> told = process.onExit().thenApply(Process::exitValue);
            assertThat(told).isNotDone();
            process.destroy();
            assertThat(told.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
            close(process);
        }
    }

    @Test
    void anInterruptedWaitLeavesTheProcessAlone() throws Exception {
        for (Way way : ways.both()) {
            Process process = way.start(waiting());
            awaitReady(process);
            CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
            Thread waiter = new Thread(() -> {
                try {
                    process.waitFor();
                    interrupted.complete(false);
                } catch (InterruptedException e) {
                    // the flag is cleared, as whoever throws this has to
                    interrupted.complete(!Thread.currentThread().isInterrupted());
                }
            });
            waiter.start();
            Thread.sleep(100);
            assertThat(interrupted).isNotDone();

            waiter.interrupt();

            assertThat(interrupted.get(SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.isAlive()).isTrue();
            // and it can be waited for again
            process.getOutputStream().close();
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
            close(process);
        }
    }

    private static void close(Process process) throws IOException {
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
    }

    @Test
    void aProcessIsEndedWithTheSameCode() throws Exception {
        for (Way way : ways.both()) {
            for (boolean forcibly : new boolean[] {false, true}) {
                Process process = way.start(waiting());
                awaitReady(process);
                if (forcibly) {
                    assertThat(process.destroyForcibly()).isSameAs(process);
                } else {
                    process.destroy();
                }
                assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(1);
                process.destroyForcibly(); // of what has ended, which does nothing
                close(process);
            }
        }
    }

    @Test
    void childrenAndDescendantsAreTheSameButOnlyATreeEndsAsOne() throws Exception {
        for (Way way : ways.both()) {
            Process process = way.start(new ProcessBuilder(Sleepers.nested()));
            ImmutableList<Long> descendants = Sleepers.awaitDescendants(process.toHandle(), 2);
            assertThat(Sleepers.programs(process.descendants())).containsExactlyInAnyOrderElementsOf(descendants);
            assertThat(Sleepers.programs(process.children())).hasSize(1).allMatch(descendants::contains);

            process.destroyForcibly();
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();

            if (process instanceof SandboxedProcess) {
                // at once, not some time later: the exit is told when the whole tree has ended
                assertThat(descendants).noneMatch(Sleepers::isAlive);
            } else {
                // this is where ProcessBuilder leaves everything but the root behind
                assertThat(descendants).allMatch(Sleepers::isAlive);
                Sleepers.end(descendants);
            }
            close(process);
        }
    }

    @Test
    void twoHundredProcessesAtOnceEndEachWithItsOwnCode() throws Exception {
        int count = 200;
        List<Process> processes = new ArrayList<>();
        long start = System.nanoTime();
        try {
            for (int i = 0; i < count; i++) {
                processes.add(ways.confined(cmd("set /p x=& exit " + i).redirectErrorStream(true)));
            }
            assertThat(processes).allMatch(Process::isAlive);
            assertThat(processes.stream().map(Process::pid).distinct()).hasSize(count);
        } finally {
            for (Process process : processes) {
                process.getOutputStream().close(); // lets it go on
            }
        }
        for (int i = 0; i < count; i++) {
            Process process = processes.get(i);
            assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS))
                    .as("process %s of %s", i, count)
                    .isTrue();
            assertThat(process.exitValue()).isEqualTo(i);
            assertThat(process.getInputStream().read()).isEqualTo(-1);
            process.getInputStream().close();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(90));
    }
}
