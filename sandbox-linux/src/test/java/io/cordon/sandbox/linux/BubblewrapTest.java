package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxEvent;
import io.cordon.sandbox.SandboxOptions;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.SandboxedProcess;
import io.cordon.sandbox.SandboxedProcessBuilder;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.linux.launch.BubblewrapProbe;
import io.cordon.sandbox.linux.plan.Bubblewrap;
import io.cordon.sandbox.linux.syscall.GlibcCalls;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a child in bubblewrap's namespaces can and cannot do. Every denial comes with the same script unconfined. */
@Timeout(60)
class BubblewrapTest {
    @TempDir
    Path directory;

    @TempDir
    Path controlDirectory;

    private Scene scene;
    private Scene control;

    @BeforeAll
    static void requireNamespaces() {
        LinuxHost.requireNamespaces();
    }

    @BeforeEach
    void build() throws Exception {
        scene = prepared(directory);
        control = prepared(controlDirectory);
    }

    private static Scene prepared(Path directory) throws Exception {
        Scene scene = new Scene(directory);
        Files.createDirectories(scene.workspace().resolve("repo/.git/hooks"));
        Files.writeString(scene.workspace().resolve("repo/.git/config"), "config\n");
        Files.writeString(scene.workspace().resolve("secret"), "in the workspace\n");
        Files.createDirectory(scene.outside().resolve("keys"));
        Files.writeString(scene.outside().resolve("keys/key"), "key\n");
        Files.writeString(scene.outside().resolve("token"), "token\n");
        return scene;
    }

    /** Nothing is accepted: every capability that is asked for must be FULL. */
    private SandboxPolicy policy() {
        return SandboxPolicy.builder()
                .allowWrite(scene.workspace())
                .denyWrite(scene.workspace().resolve("repo/.git"))
                .denyRead(
                        scene.outside().resolve("keys"),
                        scene.outside().resolve("token"),
                        scene.workspace().resolve("secret"))
                .build();
    }

    private SandboxResult run(Sandbox sandbox, String script) throws Exception {
        SandboxedProcessBuilder builder = sandbox.process("sh", "-c", script).directory(scene.workspace());
        builder.environment().putAll(scene.variables());
        return builder.run();
    }

    private static Sandbox open(SandboxPolicy policy) throws Exception {
        return Sandbox.open(policy, new LinuxSandboxBackend());
    }

    @Test
    void everythingThatIsAskedForIsFull() throws Exception {
        try (Sandbox sandbox = open(policy())) {
            for (Capability capability : policy().requested()) {
                assertThat(sandbox.enforcement().level(capability))
                        .as(capability.name())
                        .isEqualTo(EnforcementLevel.FULL);
            }
            assertThat(sandbox.enforcement()
                            .get(Capability.FILE_WRITE_CARVE_OUT)
                            .mechanism())
                    .contains("was tried and denied");
            assertThat(sandbox.enforcement().get(Capability.FILE_READ_DENY).mechanism())
                    .contains("was tried and denied");
        }
        assertThat(new LinuxSandboxBackend().plan(policy()).explain())
                .contains("a carve-out inside a root, a denied read, a guaranteed end of the tree")
                .contains("protected: " + scene.workspace().resolve("repo/.git"))
                .contains("pinned: " + scene.workspace().resolve("repo"))
                .contains("unreadable: " + scene.outside().resolve("keys"));
    }

    @Test
    void aThreadThatIsInterruptedFindsItAllTheSame() {
        Thread.currentThread().interrupt();
        assertThat(BubblewrapProbe.probe().problem()).isEmpty();
        assertThat(Thread.interrupted()).as("the interrupt is kept").isTrue();
    }

    @Test
    void tryingIsTimedAndNothingIsEdited() throws Exception {
        List<SandboxEvent> told = new CopyOnWriteArrayList<>();
        SandboxOptions options = SandboxOptions.builder()
                .backend(new LinuxSandboxBackend())
                .listener(told::add)
                .build();
        for (SandboxPolicy each : List.of(policy(), scene.policy())) {
            Sandbox.open(each, options).close();
        }
        assertThat(told)
                .filteredOn(SandboxEvent.Attested.class::isInstance)
                .hasSize(2)
                .allMatch(event -> ((SandboxEvent.Attested) event).took().toNanos() > 0);
        assertThat(told)
                .filteredOn(SandboxEvent.Edited.class::isInstance)
                .hasSize(2)
                .allMatch(event -> ((SandboxEvent.Edited) event).edits() == 0);
    }

    @Test
    void rootDoesNotChangeTheSettingsOfTheKernel() throws Exception {
        String script = "for f in kernel/core_pattern kernel/modprobe vm/overcommit_memory; do "
                + "(: >> /proc/sys/$f) 2> /dev/null && echo opened $f; done; exit 0";
        assumeTrue(
                scene.runUnconfined(": >> /proc/sys/kernel/core_pattern") == 0,
                "the control: whoever is not root cannot open them");
        try (Sandbox sandbox = open(policy())) {
            assertThat(run(sandbox, script).stdout().text()).isEmpty();
        }
        try (Sandbox sandbox = open(SandboxPolicy.builder()
                .allowWrite(scene.workspace())
                .allowRead(Path.of("/usr"))
                .build())) {
            assertThat(run(sandbox, script).stdout().text()).isEmpty();
        }
    }

    @Test
    void theSimplestPolicyOpensWithoutAcceptingAnything() throws Exception {
        try (Sandbox sandbox = open(SandboxPolicy.workspaceWrite(scene.workspace()))) {
            assertThat(run(sandbox, "echo hello > new && cat new").stdout().text())
                    .isEqualTo("hello\n");
        }
        assertThat(scene.workspace().resolve("new")).hasContent("hello\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo x > src/new && chmod 755 src/new && touch -d 2001-01-01 src/new && rm src/new",
                "mkdir -p a/b && mv src/a.txt a/b && ln a/b/a.txt hard",
                "cat repo/.git/config && ls repo/.git/hooks",
                "echo x > repo/file && mkdir repo/dir",
                "cat \"$OUT/file\" && ls / /etc /usr",
                "echo x > \"$TMPDIR/t\" && mktemp",
                "echo x > /dev/null && head -c 1 /dev/urandom && echo x > /dev/shm/x",
                "test \"$(pwd)\" = \"$WS\"",
                "test \"$(ls /proc/self/fd | tr '\\n' ' ')\" = '0 1 2 3 '",
            })
    void workOfAnAgentSucceeds(String script) throws Exception {
        try (Sandbox sandbox = open(policy())) {
            SandboxResult result = run(sandbox, script);

            assertThat(result.exitCode()).as(Scene.described(result)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo x > \"$OUT/new\"",
                "echo x > link-to-file",
                "rm \"$OUT/file\"",
                "mv \"$OUT/dir\" \"$OUT/renamed\"",
                "chmod 600 \"$OUT/file\"",
                "touch -d 2001-01-01 \"$OUT/file\"",
                "ln \"$OUT/file\" hard && echo x >> hard",
                "echo x > repo/.git/config",
                "echo x > repo/.git/hooks/pre-commit",
                "rm -r repo/.git",
                "mv repo/.git repo/.git2",
                "mv repo moved && mkdir -p repo/.git",
                "rm repo/.git/config",
                "chmod 777 repo/.git",
                "ln repo/.git/config c && echo x >> c",
                "ln -s repo r && echo x > r/.git/config",
                "cd repo/.git && echo x > config",
                "mkdir r && mv r/../repo/.git/config r",
                "cat \"$OUT/keys/key\" > stolen",
                "ls \"$OUT/keys\" > stolen",
                "cat \"$OUT/token\" > stolen",
                "cat secret > stolen",
                "ln secret s && cat s > stolen",
                "chmod 644 \"$OUT/token\" && cat \"$OUT/token\" > stolen",
                "cat \"/proc/self/root$OUT/keys/key\" > stolen",
                "mv secret s && cat s > stolen",
                "cat /proc/1/root\"$OUT/token\" > stolen",
                "cat /proc/" + "$JVM/environ > stolen",
                "kill -0 $JVM",
            })
    void whatThePolicyDeniesIsDenied(String script) throws Exception {
        String real =
                script.replace("$JVM", String.valueOf(ProcessHandle.current().pid()));
        assertThat(control.runUnconfined(real.replace("/proc/1/root", "")))
                .as("unconfined, the script succeeds")
                .isZero();
        var before = scene.outsideContents();

        try (Sandbox sandbox = open(policy())) {
            SandboxResult result = run(sandbox, real);

            assertThat(result.exitCode()).as(Scene.described(result)).isNotZero();
        }
        assertThat(scene.outsideContents()).isEqualTo(before);
        assertThat(scene.workspace().resolve("repo/.git/config")).hasContent("config\n");
        assertThat(scene.workspace().resolve("repo/.git/hooks")).isEmptyDirectory();
        if (Files.exists(scene.workspace().resolve("stolen"))) {
            assertThat(scene.workspace().resolve("stolen")).isEmptyFile();
        }
    }

    /** A child that renamed a directory above could put a link there, for the mounts of the next child. */
    @Test
    void noLinkForTheNextLaunchIsPlantedAboveACarveOut() throws Exception {
        try (Sandbox sandbox = open(policy())) {
            assertThat(run(sandbox, "mv repo r2 && ln -s \"$OUT\" repo").exitCode())
                    .isNotZero();
            assertThat(run(sandbox, "echo x > repo/.git/config").exitCode()).isNotZero();
        }
        assertThat(scene.workspace().resolve("repo")).isDirectory();
        assertThat(Files.isSymbolicLink(scene.workspace().resolve("repo"))).isFalse();
    }

    @Test
    void nothingIsLeftInTheWorkspace() throws Exception {
        SandboxPolicy policy = policy().toBuilder()
                .denyWrite(scene.workspace().resolve("missing/.git"))
                .acceptPartial(Capability.FILE_WRITE_CARVE_OUT)
                .build();
        try (Sandbox sandbox = open(policy)) {
            assertThat(sandbox.run("true").succeeded()).isTrue();
            assertThat(sandbox.enforcement().get(Capability.FILE_WRITE_CARVE_OUT))
                    .satisfies(entry -> {
                        assertThat(entry.level()).isEqualTo(EnforcementLevel.PARTIAL);
                        assertThat(entry.reason()).contains("missing/.git").contains("a child can make it");
                    });
            assertThat(sandbox.run("mkdir", "-p", scene.workspace() + "/missing/.git")
                            .violations())
                    .containsExactly(scene.workspace().resolve("missing/.git"));
            Files.delete(scene.workspace().resolve("missing/.git"));
            Files.delete(scene.workspace().resolve("missing"));
        }
        try (var files = Files.list(scene.workspace())) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("src", "repo", "secret", "link-to-file", "link-to-dir");
        }
    }

    @Test
    void whereReadingIsLimitedNothingElseIsThere() throws Exception {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(scene.workspace())
                .allowRead(scene.outside().resolve("dir"))
                .build();
        Files.writeString(scene.outside().resolve("dir/readable"), "readable\n");
        assertThat(scene.runUnconfined("cat \"$OUT/file\" && ls /home /root /var"))
                .isZero();

        try (Sandbox sandbox = open(policy)) {
            assertThat(sandbox.enforcement().level(Capability.FILE_READ_LIMIT)).isEqualTo(EnforcementLevel.FULL);
            assertThat(run(sandbox, "cat \"$OUT/dir/readable\" && echo x > src/new && cat src/new")
                            .exitCode())
                    .isZero();
            assertThat(run(sandbox, "cat \"$OUT/file\"").exitCode()).isNotZero();
            assertThat(run(sandbox, "ls /home").exitCode()).isNotZero();
            assertThat(run(sandbox, "ls /root").exitCode()).isNotZero();
            assertThat(run(sandbox, "mkdir /new").exitCode()).isNotZero();
        }
    }

    @Test
    void theNetworkIsADeviceLess() throws Exception {
        assertThat(scene.runUnconfined("test $(wc -l < /proc/net/dev) -gt 3")).isZero();
        try (Sandbox sandbox = open(policy())) {
            assertThat(run(sandbox, "test $(wc -l < /proc/net/dev) -gt 3").exitCode())
                    .isNotZero();
            assertThat(run(sandbox, "grep -E 'Seccomp:|NoNewPrivs|CapEff|CapBnd' /proc/self/status")
                            .stdout()
                            .text())
                    .containsPattern("Seccomp:\\s+2")
                    .containsPattern("NoNewPrivs:\\s+1")
                    .containsPattern("CapEff:\\s+0000000000000000")
                    .containsPattern("CapBnd:\\s+0000000000000000");
        }
        try (Sandbox sandbox =
                open(policy().toBuilder().network(NetworkAccess.ALLOWED).build())) {
            assertThat(run(sandbox, "test $(wc -l < /proc/net/dev) -gt 3").exitCode())
                    .isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 42, 255})
    void theExitCodeIsTheChilds(int code) throws Exception {
        try (Sandbox sandbox = open(policy())) {
            assertThat(sandbox.run("sh", "-c", "exit " + code).exitCode()).isEqualTo(code);
            assertThat(sandbox.run("sh", "-c", "kill -TERM $$").exitCode()).isEqualTo(128 + 15);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sleep 61 &",
                "setsid sleep 61 &",
                "env -i setsid sleep 61 &",
                "(env -i setsid sh -c '(sleep 61; :) & exit' </dev/null >/dev/null 2>&1 &)",
            })
    void noDaemonOutlivesItsRoot(String script) throws Exception {
        assertThat(scene.runUnconfined(script + "\n sleep 0.3")).isZero();
        assertThat(sleepers()).as("unconfined, it survives").isPositive();
        endSleepers();

        try (Sandbox sandbox = open(policy())) {
            assertThat(run(sandbox, script + "\n sleep 0.3").exitCode()).isZero();
            assertThat(sleepersAfterAWhile()).isZero();

            SandboxedProcess process =
                    sandbox.process("sh", "-c", script + "\n echo up; sleep 60").start();
            new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)).readLine();
            process.destroyForcibly();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(sleepersAfterAWhile()).isZero();
        }
    }

    private static long sleepers() {
        return ProcessHandle.allProcesses()
                .filter(handle -> handle.info().commandLine().orElse("").endsWith("sleep 61"))
                .count();
    }

    private static long sleepersAfterAWhile() throws Exception {
        for (int i = 0; i < 50 && sleepers() > 0; i++) {
            Thread.sleep(100);
        }
        return sleepers();
    }

    private static void endSleepers() {
        ProcessHandle.allProcesses()
                .filter(handle -> handle.info().commandLine().orElse("").endsWith("sleep 61"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void destroyingNormallyLetsTheTreeCleanUp() throws Exception {
        try (Sandbox sandbox = open(policy())) {
            SandboxedProcess process = sandbox.process(
                            "sh", "-c", "trap 'echo bye; exit 3' TERM; echo up; sleep 60 & wait")
                    .start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            assertThat(output.readLine()).isEqualTo("up");

            process.destroy();

            assertThat(process.waitFor()).isEqualTo(3);
            assertThat(output.readLine()).isEqualTo("bye");
        }
    }

    @Test
    void withoutBubblewrapSuchAPolicyIsRefusedWithThePackageToInstall() {
        LinuxSandboxBackend without =
                new LinuxSandboxBackend(GlibcCalls::new, () -> Bubblewrap.missing("install the package bubblewrap"));

        assertThatThrownBy(() -> Sandbox.open(policy(), without))
                .isInstanceOf(UnenforceablePolicyException.class)
                .hasMessageContaining("FILE_WRITE_CARVE_OUT")
                .hasMessageContaining("FILE_READ_DENY")
                .hasMessageContaining("PROCESS_TREE")
                .hasMessageContaining("install the package bubblewrap");
    }

    /** As in a container whose seccomp profile forbids namespaces; such a profile is simulated by a sandbox itself. */
    @Test
    void whereNamespacesAreForbiddenTheProbeSaysSoWithBubblewrapsWords() throws Exception {
        String[] command = {
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            NestedMain.class.getName()
        };
        Process unconfined = new ProcessBuilder(command).start();
        assertThat(new String(unconfined.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("problem=]");

        try (Sandbox sandbox = open(scene.policy())) {
            SandboxResult result = sandbox.run(command);

            assertThat(result.stdout().text())
                    .as(Scene.described(result))
                    .contains("Optional.empty")
                    .contains("let /usr/bin/bwrap make user namespaces")
                    .contains("it says 'bwrap: ");
        }
    }

    @Test
    void manyLaunchesLeaveNothing() throws Exception {
        try (Sandbox sandbox = open(policy())) {
            for (int i = 0; i < 10; i++) {
                sandbox.run("true");
            }
            HostResources before = HostResources.now();
            for (int i = 0; i < 100; i++) {
                assertThat(sandbox.run("echo", "" + i).stdout().text()).isEqualTo(i + "\n");
            }
            HostResources.awaitAtMost(before);
        }
    }
}
