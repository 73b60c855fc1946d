package io.cordon.examples.demo;

import static io.cordon.sandbox.Capability.ENVIRONMENT;
import static io.cordon.sandbox.Capability.FILE_WRITE;
import static io.cordon.sandbox.Capability.NETWORK;
import static io.cordon.sandbox.Capability.PROCESS_TREE;

import com.google.common.collect.ImmutableList;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The steps as commands of {@code cmd.exe} and a Java child. */
final class WindowsSteps extends Steps {
    /** A key of the demo's own; the one that programs are started from, {@code Run}, lies in the same hive. */
    private static final String REGISTRY_KEY = "HKCU\\Software\\CordonDemo";

    private final boolean git = hasGit();
    private final boolean compiler = hasCompiler();

    WindowsSteps(Listeners listeners) {
        super(listeners);
    }

    @Override
    void prepare(Stage stage) {
        // The files of the stage suffice.
    }

    @Override
    ImmutableList<String> leftOut() {
        ImmutableList.Builder<String> reasons = ImmutableList.builder();
        if (!git) {
            reasons.add("commit on a branch: git is not installed");
        }
        if (!compiler) {
            reasons.add("compile the project: this Java has no compiler");
        }
        return reasons.build();
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
                work(
                        "rename a file in the workspace",
                        "ren src\\Sum.java Total.java",
                        (stage, execution) -> Files.exists(stage.workspace().resolve("src/Total.java"))),
                work(
                        "delete a file in the workspace",
                        "del src\\SumTest.java",
                        (stage, execution) -> Files.notExists(stage.workspace().resolve("src/SumTest.java"))),
                Step.work("run a Java test", stage -> probe("test"), Step.prints("1 test passed")),
                work(
                        "write a report by way of a temp file",
                        "dir /b > \"%TEMP%\\r.txt\" && move \"%TEMP%\\r.txt\" report.txt",
                        (stage, execution) -> Stage.content(stage.workspace().resolve("report.txt"))
                                .contains("src")));
        if (compiler) {
            steps.add(Step.work(
                    "compile the project",
                    stage -> List.of(java("javac"), "-d", "out", "src\\Sum.java", "src\\SumTest.java"),
                    (stage, execution) -> Files.exists(stage.workspace().resolve("out/Sum.class"))));
        }
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
                        stage -> List.of("cmd", "/c", "cmd", "/c", "cmd", "/c", "echo x> ..\\sibling\\keep.txt"),
                        WindowsSteps::siblingChanged),
                attack("write the registry", "reg add " + REGISTRY_KEY + " /f", WindowsSteps::registryChanged));
        steps.add(
                connectsByTcp(),
                sendsByUdp(),
                Step.attack(
                        "connect from a grandchild",
                        NETWORK,
                        stage -> through("cmd", "/c", probe("tcp", tcpPort())),
                        this::reached),
                Step.attack(
                        "leave a process behind",
                        PROCESS_TREE,
                        stage -> through("cmd", "/c", "start", "/b", probe("sleep", "left.pid")),
                        survives("left.pid")));
        if (System.getenv(TOKEN) != null) {
            steps.add(Step.attack(
                    "find a token in the environment",
                    ENVIRONMENT,
                    stage -> List.of("cmd", "/c", "set " + TOKEN),
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
        return Step.work(title, stage -> List.of("cmd", "/c", line), effect);
    }

    private static Step attack(String title, String line, Step.Effect effect) {
        return Step.attack(title, FILE_WRITE, stage -> List.of("cmd", "/c", line), effect);
    }

    private static List<String> through(String first, String second, List<String> command) {
        return Stream.concat(Stream.of(first, second), command.stream()).toList();
    }

    private static List<String> through(
            String first, String second, String third, String fourth, List<String> command) {
        List<String> all = new ArrayList<>(List.of(first, second, third, fourth));
        all.addAll(command);
        return all;
    }
}
