package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.edit.Owners;
import io.cordon.sandbox.windows.edit.StepListener;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM that opens a sandbox, uses it and closes it, and halts at one step of the journal. Arguments: the library's home,
 * the file of its {@link MutationTrail}, the number of the step; prints how many steps the opening and all took if there
 * is no such step.
 */
final class HaltingChild implements StepListener {
    static final int HALTED = 42;
    static final boolean RESTRICTED = true;

    private final int last;
    private int count;

    private HaltingChild(int last) {
        this.last = last;
    }

    @Override
    public void step(String name) {
        count++;
        if (count == last) {
            Runtime.getRuntime().halt(HALTED);
        }
    }

    /** Runs one to its end, and returns its exit code. */
    static int run(Path home, Path trail, int step) throws Exception {
        boolean windows = File.separatorChar == '\\';
        Path java = Path.of(System.getProperty("java.home"), "bin", windows ? "java.exe" : "java");
        Process process = new ProcessBuilder(List.of(
                        java.toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HaltingChild.class.getName(),
                        home.toString(),
                        trail.toString(),
                        Integer.toString(step)))
                .inheritIO()
                .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                throw new AssertionError("the child did not end");
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    public static void main(String[] arguments) throws Exception {
        HaltingChild steps = new HaltingChild(Integer.parseInt(arguments[2]));
        EditorRig rig = new EditorRig(EveryEdit.host(!RESTRICTED), Path.of(arguments[0]), Owners.SYSTEM, steps);
        MutationTrail trail = new MutationTrail(Path.of(arguments[1]));
        trail.follow(rig.calls);
        EditorRig.Sandbox sandbox = rig.sandbox("t1", EveryEdit.policy(), EveryEdit.options(RESTRICTED));
        sandbox.open();
        EveryEdit.use(sandbox.host, sandbox.plan());
        trail.used();
        sandbox.close();
    }
}
