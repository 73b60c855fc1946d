package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.SandboxedProcessBuilder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a confined child can and cannot do on this kernel. Every denial comes with the same script unconfined. */
class LinuxConfinementTest {
    @TempDir
    Path confinedDirectory;

    @TempDir
    Path controlDirectory;

    private Scene scene;
    private Sandbox sandbox;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @BeforeEach
    void open() throws Exception {
        scene = new Scene(confinedDirectory);
        sandbox = Sandbox.open(scene.policy(), new LinuxSandboxBackend());
    }

    @AfterEach
    void close() throws Exception {
        sandbox.close();
    }

    private SandboxResult run(String script) throws Exception {
        SandboxedProcessBuilder builder = sandbox.process("sh", "-c", script);
        builder.environment().putAll(scene.variables());
        return builder.run();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo x > src/new",
                "echo x >> src/a.txt",
                ": > src/a.txt",
                "mkdir -p a/b/c && rmdir a/b/c",
                "mv src/a.txt src/b.txt",
                "mkdir d && mv src/a.txt d/ && ln d/a.txt src/hard",
                "rm src/a.txt",
                "ln -s src/a.txt s",
                "mkfifo f",
                "chmod +x src/a.txt",
                "truncate -s 3 src/a.txt",
                "cp /etc/passwd src/copy",
                "cat \"$OUT/file\"",
                "ls / /etc /usr",
                "echo x > \"$TMPDIR/t\" && mktemp",
                "echo x > /dev/null && head -c 1 /dev/urandom",
                "sh -c 'sh -c \"echo x > src/deep\"'",
                "sleep 0 & wait",
                "touch -d 2001-01-01 src/a.txt src && chown $(id -u):$(id -g) src/a.txt",
                "cp -p src/a.txt src/copy && install -m 755 src/a.txt src/program && test -x src/program",
                "chmod 700 . && chmod -R go-rwx src && tar cf t.tar src && tar xpf t.tar && ls -l src",
                "exec 3<src/a.txt && chmod 711 /proc/self/fd/3 /dev/fd/3 && test -x src/a.txt",
                "ln -s src/a.txt l && chmod 700 l && touch -h -d 2001-01-01 l && test -x src/a.txt",
            })
    void workOfAnAgentSucceeds(String script) throws Exception {
        SandboxResult result = run(script);

        assertThat(result.exitCode()).as(Scene.described(result)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo x > \"$OUT/new\"",
                "echo x > \"$OUT/file\"",
                "echo x >> \"$OUT/file\"",
                "truncate -s 0 \"$OUT/file\"",
                "mkdir \"$OUT/new\"",
                "rmdir \"$OUT/empty\"",
                "rm \"$OUT/file\"",
                "mv \"$OUT/file\" \"$OUT/renamed\"",
                "mv \"$OUT/dir\" \"$OUT/renamed\"",
                "mv \"$OUT/file\" stolen",
                "cp src/a.txt \"$OUT/dir/a\"",
                "mv src/a.txt \"$OUT/dir/a\"",
                "ln src/a.txt \"$OUT/hard\"",
                "ln \"$OUT/file\" hard && echo x >> hard",
                "ln -s a \"$OUT/symlink\"",
                "mkfifo \"$OUT/fifo\"",
                "echo x > link-to-file",
                "echo x > link-to-dir/new",
                "rm link-to-file/../../outside/file || rm ../outside/file",
                "echo x > ../outside/new",
                "cd / && echo x > \"$OUT/new\"",
                "sh -c 'sh -c \"echo x > \\\"$OUT/new\\\"\"'",
                "(setsid sh -c 'echo x > \"$OUT/new\"' &) ; sleep 0.3; test -e \"$OUT/new\"",
                "exec 3<\"$OUT/dir\"; echo x > /proc/self/fd/3/new",
                "exec 3<\"$OUT/file\"; echo x > /proc/self/fd/3",
                "mkdir m; mv \"$OUT\" m/",
                "chmod 600 \"$OUT/file\"",
                "chmod 700 \"$OUT\"",
                "chmod 600 link-to-file",
                "chmod 600 ../outside/file",
                "chmod 600 src/../link-to-dir/../file",
                "exec 3<\"$OUT/file\"; chmod 600 /proc/self/fd/3",
                "exec 3<\"$OUT/file\"; chmod 600 /dev/fd/3",
                "exec 3<\"$OUT/file\"; chmod 600 /proc/$$/fd/3",
                "exec 3<\"$OUT/dir\"; chmod 600 /proc/thread-self/fd/3/../file",
                "cd \"$OUT\"; chmod 600 file",
                "cd \"$OUT\"; chmod 600 /proc/self/cwd/file",
                "chmod 600 /proc/self/root/\"$OUT/file\"",
                "touch \"$OUT/file\"",
                "touch -d 2001-01-01 \"$OUT/file\"",
                "touch -r src/a.txt \"$OUT/dir\"",
                "touch -d 2001-01-01 link-to-file",
                "exec 3<\"$OUT/file\"; touch -d 2001-01-01 /proc/self/fd/3",
            })
    void changesOutsideAreDenied(String script) throws Exception {
        var before = scene.outsideContents();
        Scene control = new Scene(controlDirectory);
        assertThat(control.outsideContents()).isEqualTo(before);
        assertThat(control.runUnconfined(script))
                .as("unconfined, the script succeeds")
                .isZero();
        assertThat(control.outsideContents())
                .as("unconfined, it changes something")
                .isNotEqualTo(before);

        SandboxResult result = run(script);

        assertThat(result.exitCode()).as(Scene.described(result)).isNotZero();
        assertThat(scene.outsideContents()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mknod b b 7 0", "mknod c c 1 3"})
    void deviceNodesAreDeniedEvenInTheWorkspace(String script) throws Exception {
        assumeTrue(System.getProperty("user.name").equals("root"), "only root makes device nodes");
        assertThat(new Scene(controlDirectory).runUnconfined(script)).isZero();

        assertThat(run(script).exitCode()).isNotZero();
    }

    @Test
    void theEnvironmentOfTheJvmIsClosed() throws Exception {
        String script = "cat /proc/" + ProcessHandle.current().pid() + "/environ > /dev/null";
        assertThat(scene.runUnconfined(script)).isZero();

        assertThat(run(script).exitCode()).isNotZero();
    }

    @Test
    void theJvmGetsNoSignal() throws Exception {
        assumeTrue(LinuxHost.calls().landlockAbi() >= 6, "Landlock ABI 6");
        String script = "kill -0 " + ProcessHandle.current().pid();
        assertThat(scene.runUnconfined(script)).isZero();

        assertThat(run(script).exitCode()).isNotZero();
    }

    @Test
    void setUserIdProgramsAndCapabilitiesGiveNothing() throws Exception {
        SandboxResult result = run("grep -E 'NoNewPrivs|Seccomp:|CapBnd|CapEff' /proc/self/status");

        assertThat(result.stdout().text()).containsPattern("NoNewPrivs:\\s+1").containsPattern("Seccomp:\\s+2");
        if (System.getProperty("user.name").equals("root")) {
            assertThat(result.stdout().text()).containsPattern("CapBnd:\\s+000000000000001b");
        } else {
            assertThat(result.stdout().text()).containsPattern("CapEff:\\s+0000000000000000");
        }
    }

    @Test
    void noDescriptorOfTheJvmIsInherited() throws Exception {
        SandboxResult result = run("ls /proc/self/fd");

        // 0, 1, 2, and the directory that ls itself reads
        assertThat(result.stdout().text().lines()).containsExactly("0", "1", "2", "3");
    }

    @Test
    void theReportSaysWhatIsEnforcedAndNamesTheGaps() {
        assertThat(sandbox.enforcement().level(Capability.NETWORK)).isEqualTo(EnforcementLevel.FULL);
        assertThat(sandbox.enforcement().level(Capability.ENVIRONMENT)).isEqualTo(EnforcementLevel.FULL);
        assertThat(sandbox.enforcement().get(Capability.FILE_WRITE)).satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(EnforcementLevel.FULL);
            assertThat(entry.mechanism())
                    .contains("a write outside was tried and denied")
                    .contains("a change of mode outside was tried and denied");
        });
        assertThat(sandbox.enforcement().get(Capability.PROCESS_TREE)).satisfies(entry -> {
            assertThat(entry.level()).isEqualTo(EnforcementLevel.PARTIAL);
            assertThat(entry.reason()).contains("daemon");
        });
    }
}
