package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.linux.plan.Architecture;
import io.cordon.sandbox.linux.plan.Syscall;
import io.cordon.sandbox.linux.syscall.GlibcCalls;

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

    /** The C library's calls. */
    public static GlibcCalls calls() {
        Architecture architecture =
                Architecture.of(System.getProperty("os.arch")).orElseThrow();
        return new GlibcCalls(Syscall.CAPGET.number(architecture), Syscall.CAPSET.number(architecture));
    }
}
