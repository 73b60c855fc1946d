package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.linux.syscall.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every call that changes metadata, by the same program unconfined, confined inside and confined outside. */
@Timeout(120)
class LinuxMetadataTest {
    @TempDir
    Path directory;

    @TempDir
    Path controlDirectory;

    private Scene scene;
    private Scene control;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    @BeforeEach
    void build() throws Exception {
        scene = new Scene(directory);
        control = new Scene(controlDirectory);
        for (Scene each : List.of(scene, control)) {
            Files.createDirectory(each.workspace().resolve("tmp"));
            Files.writeString(each.workspace().resolve("file"), "inside\n");
        }
    }

    private static List<String> command(Scene scene, Path... arguments) {
        java.util.ArrayList<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djna.tmpdir=" + scene.workspace().resolve("tmp"),
                "-Djava.io.tmpdir=" + scene.workspace().resolve("tmp"),
                "-cp",
                System.getProperty("java.class.path"),
                MetadataProbe.class.getName()));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    private Map<String, String> unconfined(Path... arguments) throws Exception {
        Process process = new ProcessBuilder(command(control, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return NetworkProbe.parsed(process.getInputStream().readAllBytes());
    }

    private Map<String, String> confined(Path... arguments) throws Exception {
        try (Sandbox sandbox = Sandbox.open(scene.policy(), new LinuxSandboxBackend())) {
            SandboxResult result = sandbox.run(command(scene, arguments));
            assertThat(result.exitCode()).as(Scene.described(result)).isZero();
            return NetworkProbe.parsed(result.stdout().bytes());
        }
    }

    @Test
    void everyChangeOutsideIsDenied() throws Exception {
        var before = scene.outsideContents();
        Map<String, String> expected = unconfined(control.outside());
        assertThat(expected).hasSizeGreaterThan(40);

        Map<String, String> answers = confined(scene.outside());

        expected.forEach((name, error) -> {
            if (error.equals("0")) {
                assertThat(answers.get(name))
                        .as(name)
                        .isIn(String.valueOf(Errno.EACCES), String.valueOf(Errno.EPERM), String.valueOf(Errno.ENOSYS));
            }
        });
        assertThat(expected.values().stream().filter("0"::equals).count()).isGreaterThanOrEqualTo(25);
        assertThat(scene.outsideContents()).isEqualTo(before);
    }

    @Test
    void everyChangeInsideIsAnsweredAsTheKernelAnswersIt() throws Exception {
        Map<String, String> expected = unconfined(control.workspace());

        Map<String, String> answers = confined(scene.workspace());

        for (String refused : List.of("FS_IOC_SETFLAGS", "file_setattr")) {
            expected.remove(refused);
            answers.remove(refused);
        }
        assertThat(answers).isEqualTo(expected);
        for (String attribute : List.of("unix:mode", "lastModifiedTime", "unix:uid", "unix:gid")) {
            assertThat(Files.getAttribute(scene.workspace().resolve("file"), attribute))
                    .isEqualTo(Files.getAttribute(control.workspace().resolve("file"), attribute));
        }
    }

    @Test
    void whatIsSwappedInIsNotChanged() throws Exception {
        Path victim = control.outside().resolve("file");
        assertThat(unconfined(control.workspace(), victim)).containsEntry("changed", "5000");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
                .as("unconfined, the victim is changed")
                .isEqualTo("rw-r-----");
        var before = scene.outsideContents();

        Map<String, String> answers =
                confined(scene.workspace(), scene.outside().resolve("file"));

        assertThat(Integer.parseInt(answers.get("changed")))
                .as("what was inside at that moment was changed")
                .isBetween(1, 4999);
        assertThat(scene.outsideContents()).isEqualTo(before);
    }

    @Test
    void aDescriptorThatTheHostGaveIsNoWayEither() throws Exception {
        Path output = Files.writeString(scene.outside().resolve("output"), "");
        Files.setPosixFilePermissions(output, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(scene.runUnconfined("chmod 600 /proc/self/fd/1 > " + output)).isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-------");

        try (Sandbox sandbox = Sandbox.open(scene.policy(), new LinuxSandboxBackend())) {
            int code = sandbox.process("chmod", "644", "/proc/self/fd/1")
                    .redirectOutput(output.toFile())
                    .start()
                    .waitFor();

            assertThat(code).isNotZero();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(output)))
                .isEqualTo("rw-------");
    }

    @Test
    void aCarveOutIsNoPlaceForChangesOfMetadata() throws Exception {
        Path hooks = Files.createDirectories(scene.workspace().resolve("hooks"));
        Path hook = Files.writeString(hooks.resolve("hook"), "");
        var policy = scene.policy().toBuilder()
                .denyWrite(hooks)
                .bestEffort(io.cordon.sandbox.Capability.FILE_WRITE_CARVE_OUT)
                .build();
        try (Sandbox sandbox = Sandbox.open(policy, new LinuxSandboxBackend())) {
            assertThat(sandbox.run("chmod", "755", hook.toString()).exitCode()).isNotZero();
            assertThat(sandbox.run("chmod", "755", "src/a.txt").exitCode()).isZero();
        }
        assertThat(Files.isExecutable(hook)).isFalse();
    }

    /** A filter has one listener at most: the inner sandbox cannot mediate, says so, and confines what it can. */
    @Test
    void inASandboxASandboxIsOpenedThatNamesItsGap() throws Exception {
        Path inner = Files.createDirectory(scene.workspace().resolve("inner"));
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Djna.tmpdir=" + scene.workspace().resolve("tmp"),
                "-Djava.io.tmpdir=" + scene.workspace().resolve("tmp"),
                "-cp",
                System.getProperty("java.class.path"),
                NestedMain.class.getName(),
                inner.toString());
        Process unconfined =
                new ProcessBuilder(command).directory(inner.toFile()).start();
        assertThat(new String(unconfined.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("FULL 0 1\n");

        try (Sandbox sandbox = Sandbox.open(scene.policy(), new LinuxSandboxBackend())) {
            SandboxResult result = sandbox.process(command).directory(inner).run();

            assertThat(result.stdout().text()).as(Scene.described(result)).isEqualTo("PARTIAL 0 1\n");
        }
    }
}
