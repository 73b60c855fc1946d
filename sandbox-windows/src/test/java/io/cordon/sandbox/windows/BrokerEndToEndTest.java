package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinNT;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.Shell;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.windows.broker.Broker;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The broker as another user. Needs an account, which an administrator has to make before: {@code run-account.sh}. */
@Tag("windows-account")
@Timeout(300)
class BrokerEndToEndTest {
    private static final int ERROR_ACCESS_DENIED = 5;
    private static final int ERROR_INVALID_PARAMETER = 87;
    private static final int PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
    private static final ImmutableMap<String, String> ENVIRONMENT =
            ImmutableMap.of("SystemRoot", String.valueOf(System.getenv("SystemRoot")), "GREETING", "héllo");

    private final AtomicInteger logons = new AtomicInteger();
    private Path directory;
    private Broker broker;

    @BeforeEach
    void open() throws Exception {
        directory = BrokerRig.granted("cordon-broker");
        broker = BrokerRig.open(counting(), directory);
    }

    @AfterEach
    void close() throws SandboxException {
        if (broker != null) {
            broker.close();
        }
    }

    private BrokerCalls counting() {
        BrokerCalls real = BrokerCalls.windows();
        return (BrokerCalls) Proxy.newProxyInstance(
                BrokerCalls.class.getClassLoader(), new Class<?>[] {BrokerCalls.class}, (self, method, arguments) -> {
                    if (method.getName().equals("createWithLogon")) {
                        logons.incrementAndGet();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private record Result(int code, String output) {}

    private LaunchedProcess cmd(String script) throws SandboxException {
        return broker.launcher(BrokerRig.shape())
                .launch(LaunchRequest.of(Shell.CMD, script, Path.of("C:\\"), ENVIRONMENT), ENVIRONMENT);
    }

    private static Result result(LaunchedProcess process) throws Exception {
        process.stdin().close();
        String output = new String(process.stdout().readAllBytes(), StandardCharsets.UTF_8);
        process.stderr().readAllBytes();
        return new Result(
                process.exit().get(60, TimeUnit.SECONDS),
                output.replace("\r", "").strip());
    }

    private Result java(Class<?> main, String... arguments) throws Exception {
        ImmutableList<String> command = WindowsJvm.java(main, arguments);
        // As the broker itself: Java has no random numbers for such an account on Wine, and JNA wants one to unpack.
        ImmutableMap<String, String> environment = ImmutableMap.<String, String>builder()
                .putAll(ENVIRONMENT)
                .put("JAVA_TOOL_OPTIONS", "-Djna.nounpack=true -Djna.boot.library.path=" + directory)
                .build();
        return result(broker.launcher(BrokerRig.shape())
                .launch(LaunchRequest.of(command, Path.of("C:\\"), environment), environment));
    }

    @Test
    void aCommandHasItsOutputItsInputAndItsExitCode() throws Exception {
        assertThat(result(cmd("echo hello& exit 7"))).isEqualTo(new Result(7, "hello"));

        // Input, and its end: sort writes nothing before it.
        LaunchedProcess process = cmd("more");
        process.stdin().write("one\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(result(process).output()).isEqualTo("one");
    }

    @Test
    void itReadsAndWritesFilesThatTheHostHasOpened() throws Exception {
        Path input = Files.writeString(Files.createTempFile("cordon", ".in"), "from a file\r\n");
        Path output = Files.createTempFile("cordon", ".out");
        LaunchRequest pipes = LaunchRequest.of(Shell.CMD, "more& echo errors>&2", Path.of("C:\\"), ENVIRONMENT);
        LaunchRequest files = new LaunchRequest(
                pipes.command(),
                pipes.shell(),
                pipes.directory(),
                pipes.environment(),
                Redirect.from(input.toFile()),
                Redirect.appendTo(output.toFile()),
                Redirect.PIPE,
                true,
                Optional.empty());

        LaunchedProcess process = broker.launcher(BrokerRig.shape()).launch(files, ENVIRONMENT);

        assertThat(process.exit().get(60, TimeUnit.SECONDS)).isZero();
        assertThat(Files.readString(output).lines().filter(line -> !line.isBlank()))
                .containsExactly("from a file", "errors");
    }

    @Test
    void aProgramThatIsNoneIsToldWithItsStep() throws Exception {
        Path text = Files.writeString(directory.resolve("text.exe"), "no program");
        NativeStepException failure = catchThrowableOfType(
                NativeStepException.class,
                () -> broker.launcher(BrokerRig.shape())
                        .launch(
                                LaunchRequest.of(ImmutableList.of(text.toString()), Path.of("C:\\"), ENVIRONMENT),
                                ENVIRONMENT));
        assertThat(failure.systemCode()).isEqualTo(193);
        assertThat(result(cmd("exit 3")).code()).as("the broker goes on").isEqualTo(3);
    }

    @Test
    void itRunsAsTheAccountBelowMediumInOneLogonForTwentyCommands() throws Exception {
        Set<String> seen = new HashSet<>();
        seen.add(java(WhoMain.class).output());
        for (int i = 0; i < 20; i++) {
            assertThat(result(cmd("exit " + i)).code()).isEqualTo(i);
        }
        seen.add(java(WhoMain.class).output());

        assertThat(seen).hasSize(1);
        assertThat(seen.iterator().next()).startsWith(BrokerRig.account().sid() + " 1800 S-1-5-5-");
        assertThat(WindowsSandboxBackend.user(NativeCalls.windows()))
                .isNotEqualTo(BrokerRig.account().sid());
        assertThat(logons).hasValue(1);
    }

    @Test
    void itWritesWhereItsLevelMayAndNowhereElse() throws Exception {
        Path workspace = BrokerRig.labelled(BrokerRig.granted("cordon-workspace"));
        Path foreign = Files.createTempDirectory(Path.of("C:\\"), "cordon-foreign");

        // The control: the account may by the access list of both directories, and in one by its level too.
        result(cmd("echo x> " + workspace.resolve("made")));
        assertThat(workspace.resolve("made")).exists();
        result(cmd("echo x> " + directory.resolve("made")));
        assertThat(directory.resolve("made")).doesNotExist();
        assertThat(directory.toFile().list())
                .as("the library of JNA, which no child may replace")
                .isNotEmpty();
        result(cmd("echo x> " + foreign.resolve("made")));
        assertThat(foreign.resolve("made")).doesNotExist();
    }

    @Test
    void itReachesNoNetwork() throws Exception {
        try (LoopbackHost host = LoopbackHost.open()) {
            Result denied = java(NetworkMain.class, host.arguments());
            assertThat(denied.output() + "\n").isEqualTo(host.expected("DENIED"));
            assertThat(host.reached()).isZero();

            Process control = new ProcessBuilder(WindowsJvm.java(NetworkMain.class, host.arguments())).start();
            String output = new String(control.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(output.replace("\r", "")).isEqualTo(host.expected("OK"));
        }
    }

    @Test
    void itCannotOpenTheBroker() throws Exception {
        List<String> attempts = List.of("0x1", "0x8", "0x10", "0x40", "0x400", "0x1000", "0x40000", "0x20000");
        String[] arguments = attempts.stream()
                .map(mask -> "process," + broker.pid() + "," + mask)
                .toArray(String[]::new);
        assertThat(java(ReachMain.class, arguments).output().lines())
                .hasSameSizeAs(attempts)
                .allMatch(line -> line.endsWith(" " + ERROR_ACCESS_DENIED));
        assertThat(java(ReachMain.class, "own-process,0x1000").output())
                .as("the control")
                .endsWith(",0x1000 0");
    }

    @Test
    void aTreeIsEndedByKillAndTheOthersGoOn() throws Exception {
        LaunchedProcess waits = cmd("pause");
        LaunchedProcess other = cmd("pause");
        assertThat(alive(waits.pid())).isTrue();
        waits.kill();
        assertThat(waits.exit().get(30, TimeUnit.SECONDS)).isEqualTo(1);
        awaitGone(waits.pid());
        assertThat(alive(other.pid())).isTrue();
        other.kill();
        assertThat(other.exit().get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }

    @Test
    void aBrokerThatIsKilledTakesItsTreesAlongAndSaysSo() throws Exception {
        LaunchedProcess waits = cmd("pause");
        // As the host may: its own entry in the access list of the broker lets it.
        Kernel32 kernel = Kernel32.INSTANCE;
        WinNT.HANDLE process = kernel.OpenProcess(WinNT.PROCESS_TERMINATE, false, (int) broker.pid());
        assertThat(process).as("error %s", kernel.GetLastError()).isNotNull();
        assertThat(kernel.TerminateProcess(process, 9)).isTrue();
        kernel.CloseHandle(process);
        ExecutionException failure = catchThrowableOfType(
                ExecutionException.class, () -> waits.exit().get(30, TimeUnit.SECONDS));
        assertThat(failure).hasMessageContaining("has ended");
        awaitGone(waits.pid());
        assertThat(catchThrowableOfType(SandboxException.class, () -> cmd("exit 0")))
                .hasMessageContaining("has ended");
    }

    @Test
    void aJvmThatIsKilledLeavesNothing() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(ImmutableList.<String>builder()
                .add(Path.of(System.getProperty("java.home"), "bin", "java.exe").toString())
                .add("-Dcordon.wine.enforcing=" + System.getProperty("cordon.wine.enforcing"))
                .add("-cp", System.getProperty("java.class.path"), BrokerHostMain.class.getName())
                .add(BrokerRig.granted("cordon-broker").toString())
                .build());
        Process host = builder.redirectErrorStream(true).start();
        List<String> ids;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
            ids = Splitter.on(' ').splitToList(String.valueOf(reader.readLine()));
            assertThat(ids)
                    .hasSize(2)
                    .allSatisfy(
                            id -> assertThat(alive(Long.parseLong(id))).as(id).isTrue());
            host.destroyForcibly().waitFor();
        }
        awaitGone(Long.parseLong(ids.get(0)));
        awaitGone(Long.parseLong(ids.get(1)));
    }

    /** The user may not open processes of the account; of one that is gone, Windows says so. */
    private static boolean alive(long pid) {
        return NativeCalls.windows().processes().attemptOpen(pid, PROCESS_QUERY_LIMITED_INFORMATION)
                != ERROR_INVALID_PARAMETER;
    }

    private static void awaitGone(long pid) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (alive(pid) && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }
        assertThat(alive(pid)).as("process %s is alive", pid).isFalse();
    }
}
