package io.cordon.sandbox.linux;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import java.nio.file.Path;

/** Starts a child with daemons in a sandbox, says so, and waits to be killed. */
public final class KilledJvmMain {
    private KilledJvmMain() {}

    /** The arguments are a workspace, whether the end of the tree must be guaranteed, and how long the daemons sleep. */
    public static void main(String[] arguments) throws Exception {
        SandboxPolicy.Builder policy = SandboxPolicy.builder().allowWrite(Path.of(arguments[0]));
        if (!Boolean.parseBoolean(arguments[1])) {
            policy.acceptPartial(Capability.PROCESS_TREE);
        }
        String sleep = "sleep " + arguments[2];
        try (Sandbox sandbox = Sandbox.open(policy.build(), new LinuxSandboxBackend())) {
            Process process = sandbox.process(
                            "sh",
                            "-c",
                            sleep + " & setsid " + sleep + " & env -i setsid " + sleep
                                    + " </dev/null >/dev/null 2>&1 & echo up; " + sleep)
                    .start();
            process.inputReader().readLine();
            System.out.println("up");
            process.waitFor();
        }
    }
}
