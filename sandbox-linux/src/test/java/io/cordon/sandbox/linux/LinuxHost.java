package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import io.cordon.sandbox.linux.launch.BubblewrapProbe;
import io.cordon.sandbox.linux.plan.Architecture;
import io.cordon.sandbox.linux.syscall.GlibcCalls;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this machine can confine, which {@code -Dcordon.test.require=linux} turns from a wish into a demand. */
public final class LinuxHost {
    private LinuxHost() {}

    /** Skips the test where the kernel cannot confine; fails it where that was demanded. */
    public static void require() {
        boolean linux = System.getProperty("os.name").equals("Linux");
        boolean confines = linux && new LinuxSandboxBackend().probe().available() && calls().landlockAbi() > 0;
        if (System.getProperty("cordon.test.require", "").contains("linux")) {
            assertThat(confines)
                    .as("this machine confines by Landlock and seccomp")
                    .isTrue();
        }
        assumeTrue(confines, "this machine does not confine by Landlock and seccomp");
    }

    /** The same for kernels that mediate TCP: since Linux 6.7. */
    public static void requireTcpRules() {
        require();
        demand(calls().landlockAbi() >= 4, "this kernel mediates TCP by Landlock");
    }

    /** The same for namespaces that bubblewrap makes, which {@code -Dcordon.test.require=bubblewrap} demands. */
    public static void requireNamespaces() {
        require();
        demand(
                "bubblewrap",
                BubblewrapProbe.probe().program().isPresent(),
                BubblewrapProbe.probe() + " makes namespaces");
    }

    /** The same for a program. */
    public static void requireProgram(String name) {
        demand(
                Splitter.on(File.pathSeparatorChar)
                        .splitToStream(System.getenv("PATH"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name))),
                name + " is installed");
    }

    private static void demand(boolean condition, String what) {
        demand("linux", condition, what);
    }

    private static void demand(String required, boolean condition, String what) {
        if (System.getProperty("cordon.test.require", "").contains(required)) {
            assertThat(condition).as(what).isTrue();
        }
        assumeTrue(condition, "it does not hold that " + what);
    }

    /** The C library's calls. */
    public static GlibcCalls calls() {
        return new GlibcCalls(Architecture.of(System.getProperty("os.arch")).orElseThrow());
    }
}
