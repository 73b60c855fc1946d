package io.cordon.examples.demo;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.UnenforceablePolicyException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Runs an agent session, first each step unconfined in a scratch copy, then in a sandbox, and prints what happened.
 * Exits with 0 only if everything was as expected.
 */
public final class Demo {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final Steps steps;
    private final StepTable table;
    private final PrintStream out;

    private Demo(Steps steps, PrintStream out) {
        this.steps = steps;
        this.out = out;
        this.table = new StepTable(out);
    }

    /**
     * Runs the demo. The exit code is 0 if every step was as expected, 1 if one was not, and 3 if the sandbox did not open,
     * because this machine does not enforce the policy.
     */
    public static void main(String[] arguments) throws Exception {
        System.exit(runInTemporaryDirectory());
    }

    private static int runInTemporaryDirectory() throws Exception {
        try (TemporaryDirectory directory = new TemporaryDirectory();
                Listeners listeners = new Listeners()) {
            return new Demo(Steps.forThisSystem(listeners), System.out).run(directory.path) ? 0 : 1;
        } catch (UnenforceablePolicyException e) {
            System.out.println("refused: " + e.getMessage());
            return 3;
        }
    }

    /** Is deleted with all that is in it, whatever happened in it. */
    private static final class TemporaryDirectory implements AutoCloseable {
        private final Path path = Files.createTempDirectory("cordon-demo-");

        TemporaryDirectory() throws IOException {}

        @Override
        public void close() throws IOException {
            MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
        }
    }

    private boolean run(Path directory) throws Exception {
        Stage stage = stage(directory.resolve("confined"));
        SandboxPolicy policy = policy(stage);
        ImmutableList<Step> all = steps.all();
        int asExpected = 0;
        try (Sandbox sandbox = Sandbox.open(policy)) {
            table.printHeader();
            for (int i = 0; i < all.size(); i++) {
                Outcome outcome = outcome(all.get(i), sandbox, stage, stage(directory.resolve("control-" + i)));
                table.print(outcome);
                asExpected += outcome.asExpected() ? 1 : 0;
            }
            out.println();
            out.println("What the operating system of this machine enforces:");
            out.print(sandbox.enforcement());
            out.println();
        }
        steps.leftOut().forEach(reason -> out.println("left out: " + reason));
        out.println(asExpected + " of " + all.size() + " as expected");
        return asExpected == all.size();
    }

    private Stage stage(Path directory) throws IOException, InterruptedException {
        Stage stage = Stage.build(directory);
        steps.prepare(stage);
        return stage;
    }

    /** The gaps that the backend of this system has are accepted by name; without that, the sandbox does not open. */
    private static SandboxPolicy policy(Stage stage) {
        SandboxPolicy.Builder policy = SandboxPolicy.builder()
                .allowWrite(stage.workspace())
                .limits(limits -> limits.timeout(TIMEOUT))
                .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE);
        if (System.getProperty("os.name").startsWith("Windows")) {
            policy.bestEffort(Capability.NETWORK);
        }
        return policy.build();
    }

    private static Outcome outcome(Step step, Sandbox sandbox, Stage stage, Stage control) throws Exception {
        boolean unconfined = step.effect().happened(control, runUnconfined(step, control));
        SandboxResult result = sandbox.process(step.commandFor(stage))
                .redirectErrorStream(true)
                .run();
        Step.Execution confined =
                new Step.Execution(result.exitCode(), result.stdout().text());
        return new Outcome(
                step,
                unconfined,
                step.effect().happened(stage, confined),
                confined.output(),
                Outcome.isExpected(step, sandbox.enforcement()),
                result.duration());
    }

    private static Step.Execution runUnconfined(Step step, Stage control) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(step.commandFor(control))
                .directory(control.workspace().toFile())
                .redirectErrorStream(true)
                .redirectOutput(control.workspace().resolveSibling("output").toFile())
                .start();
        process.getOutputStream().close();
        int exitCode = process.waitFor();
        return new Step.Execution(
                exitCode, Files.readString(control.workspace().resolveSibling("output"), StandardCharsets.ISO_8859_1));
    }
}
