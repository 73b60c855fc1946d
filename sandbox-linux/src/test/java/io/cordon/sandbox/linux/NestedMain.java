package io.cordon.sandbox.linux;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.linux.launch.BubblewrapProbe;
import java.nio.file.Path;

/** Says what is found of bubblewrap where it runs; with a workspace, it opens a sandbox there and says what holds. */
public final class NestedMain {
    private NestedMain() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            SandboxPolicy policy = SandboxPolicy.builder()
                    .allowWrite(Path.of(arguments[0]))
                    .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE)
                    .build();
            try (Sandbox sandbox = Sandbox.open(policy, new LinuxSandboxBackend())) {
                System.out.println(sandbox.enforcement().level(Capability.FILE_WRITE) + " "
                        + sandbox.run("touch", "inner").exitCode() + " "
                        + sandbox.run("touch", "../outer").exitCode());
            }
            return;
        }
        System.out.println(BubblewrapProbe.probe());
    }
}
