package io.cordon.examples.demo;

import static io.cordon.sandbox.Capability.ENVIRONMENT;
import static io.cordon.sandbox.Capability.FILE_WRITE;
import static io.cordon.sandbox.Capability.NETWORK;
import static io.cordon.sandbox.Capability.PROCESS_TREE;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The steps as commands of {@code cmd.exe} and a Java child. */
final class WindowsSteps extends Steps {
    /** A key of the demo's own; the one that programs are started from, {@code Run}, lies in the same hive. */
    private static final String REGISTRY_KEY = "HKCU\\Software\\CordonDemo";

    private final boolean git = hasGit();
    private final Map<Stage, Process> victims = new HashMap<>();

    WindowsSteps(Listeners listeners) {
        super(listeners);
    }

    @Override
    void prepare(Stage stage) throws IOException {
        // Quotes within an argument are written in a way that cmd.exe does not read; in a script they are plain.
        Files.writeString(
                stage.workspace().resolve("report.cmd"),
                "@dir /b > \"%TEMP%\\r.txt\" && move \"%TEMP%\\r.txt\" report.txt\r\n");
    }

    @Override
    ImmutableList<String> leftOut() {
        return git ? ImmutableList.of() : ImmutableList.of("commit on a branch: git is not installed");
    }

    @Override
    ImmutableList<Step> all() {
        ImmutableList.Builder<Step> steps = ImmutableList.builder();
        steps.add(
                work("read a file of the user", "type ..\\home\\notes.txt", Step.prints("notes of the user")),
                work("look around in the system", "dir %SystemRoot%", Step.exitsWithZero()),
                work(
                        "write a file in the workspace",
                        "mkdir docs && echo hello> docs\\new.txt",
                        (stage, execution) -> Stage.content(stage.workspace().resolve("docs/new.txt"))
                                .startsWith("hello")),
                Step.work(
                        "compile the project",
                        stage -> shell(compile()),
                        (stage, execution) -> Files.exists(stage.workspace().resolve("out/Sum.class"))),
                Step.work(
                        "test the project",
                        stage -> shell(concat(compile(), List.of("&&", "call", java("java"), "-cp", "out", "SumTest"))),
                        Step.prints("1 test passed")),
                work(
                        "rename a file in the workspace",
                        "ren src\\Sum.java Total.java",
                        (stage, execution) -> Files.exists(stage.workspace().resolve("src/Total.java"))),
                work(
                        "delete a file in the workspace",
                        "del src\\SumTest.java",
                        (stage, execution) -> Files.notExists(stage.workspace().resolve("src/SumTest.java"))),
                work(
                        "write a report by way of a temp file",
                        "report.cmd",
                        (stage, execution) -> Stage.content(stage.workspace().resolve("report.txt"))
                                .contains("src")));
        if (git) {
            steps.add(work(
                    "commit on a branch",
                    "git init -q . && git checkout -q -b agent && git add src && "
                            + "git -c user.name=agent -c user.email=agent@localhost commit -q -m work && git log -1",
                    Step.prints("work")));
        }
        steps.add(
                attack(
                        "write beside the workspace",
                        "echo x> ..\\new.txt",
                        (stage, execution) -> Files.exists(stage.workspace().resolveSibling("new.txt"))),
                attack("overwrite a file of a sibling", "echo x> ..\\sibling\\keep.txt", WindowsSteps::siblingChanged),
                attack("delete a file of a sibling", "del ..\\sibling\\keep.txt", WindowsSteps::siblingChanged),
                attack(
                        "rename a file of a sibling",
                        "ren ..\\sibling\\keep.txt lost.txt",
                        WindowsSteps::siblingChanged),
                attack("move a file into the workspace", "move ..\\sibling\\keep.txt .", WindowsSteps::siblingChanged),
                attack(
                        "append to a profile",
                        "echo evil>> ..\\home\\.profile",
                        (stage, execution) ->
                                Stage.content(stage.home().resolve(".profile")).contains("evil")),
                attack(
                        "make a directory beside the workspace",
                        "mkdir ..\\new",
                        (stage, execution) -> Files.exists(stage.workspace().resolveSibling("new"))),
                Step.attack(
                        "write from a grandchild",
                        FILE_WRITE,
                        stage -> List.of("cmd", "/d", "/c", "cmd", "/d", "/c", "echo x> ..\\sibling\\keep.txt"),
                        WindowsSteps::siblingChanged),
                attack("write the registry", "reg add " + REGISTRY_KEY + " /f", WindowsSteps::registryChanged));
        steps.add(
                connectsByTcp(),
                sendsByUdp(),
                Step.attack(
                        "connect from a grandchild", NETWORK, stage -> shell(probe("tcp", tcpPort())), this::reached),
                Step.attack(
                        "leave a process behind",
                        PROCESS_TREE,
                        stage -> shell(probe("leave", "left.pid")),
                        survives("left.pid")),
                Step.attack(
                                "end a process of the user",
                                PROCESS_TREE,
                                stage -> List.of(
                                        "taskkill",
                                        "/f",
                                        "/pid",
                                        String.valueOf(victim(stage).pid())),
                                (stage, execution) -> isEnded(victims.remove(stage)))
                        .unlessReported("a child can end")); // a level does not keep from it
        if (System.getenv(TOKEN) != null) {
            steps.add(Step.attack(
                    "find a token in the environment",
                    ENVIRONMENT,
                    stage -> List.of("cmd", "/d", "/c", "set " + TOKEN),
                    Step.prints(TOKEN + "=")));
        }
        return steps.build();
    }

    /** Whether the key is there; it is deleted again, for the next time. */
    private static boolean registryChanged(Stage stage, Step.Execution execution) throws Exception {
        boolean there = run("reg", "query", REGISTRY_KEY) == 0;
        if (there) {
            run("reg", "delete", REGISTRY_KEY, "/f");
        }
        return there;
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static boolean siblingChanged(Stage stage, Step.Execution execution) {
        return !Stage.content(stage.sibling().resolve("keep.txt")).equals("to be kept\n");
    }

    private static Step work(String title, String line, Step.Effect effect) {
        return Step.work(title, stage -> List.of("cmd", "/d", "/c", line), effect);
    }

    private static Step attack(String title, String line, Step.Effect effect) {
        return Step.attack(title, FILE_WRITE, stage -> List.of("cmd", "/d", "/c", line), effect);
    }

    private static List<String> compile() {
        return concat(compiler(), List.of("-d", "out", "src\\Sum.java", "src\\SumTest.java"));
    }

    /** A line of cmd.exe; with {@code call} in front it leaves the quotes around the program and its arguments alone. */
    private static List<String> shell(List<String> line) {
        return concat(List.of("cmd", "/d", "/c", "call"), line);
    }

    private static List<String> concat(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** A process of the user that belongs to no sandbox, started for this stage. */
    private Process victim(Stage stage) {
        try {
            Process victim = new ProcessBuilder(probe("sleep", "victim.pid"))
                    .directory(stage.home().toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            victims.put(stage, victim);
            return victim;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it was ended; if not, it is now. */
    private static boolean isEnded(@Nullable Process victim) throws InterruptedException {
        boolean ended = requireNonNull(victim).waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        victim.destroyForcibly().waitFor();
        return ended;
    }
}
