package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.linux.launch.BubblewrapProbe;
import io.cordon.sandbox.linux.plan.Bubblewrap;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Machines whose kernel or whose bubblewrap takes every step of the confinement, says that it was taken, and ignores one:
 * no sandbox opens there, and the exception names the capability.
 */
@Timeout(120)
class BrokenHostsTest {
    @TempDir
    Path directory;

    @BeforeAll
    static void requireLinux() {
        LinuxHost.require();
    }

    private enum Kernel {
        WITHOUT_LANDLOCK("restrictSelf", Capability.FILE_WRITE),
        WITHOUT_SECCOMP("loadFilter", Capability.NETWORK),
        WITHOUT_SUPERVISOR("loadNotifyingFilter", Capability.FILE_WRITE);

        private final String ignored;
        private final Capability missing;

        Kernel(String ignored, Capability missing) {
            this.ignored = ignored;
            this.missing = missing;
        }

        /** The real calls, but for the one that is ignored. */
        SystemCalls calls() {
            SystemCalls real = LinuxHost.calls();
            return (SystemCalls) Proxy.newProxyInstance(
                    SystemCalls.class.getClassLoader(),
                    new Class<?>[] {SystemCalls.class},
                    (self, method, arguments) -> {
                        if (this == WITHOUT_SECCOMP && method.getName().equals("notifies")) {
                            return false; // else the other filter is taken
                        }
                        if (method.getName().equals(ignored)) {
                            // Of a filter that asks: a descriptor that nobody ever asks by.
                            return method.getReturnType() == void.class
                                    ? null
                                    : real.pipe().readEnd();
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }
    }

    private static UnenforceablePolicyException refused(SandboxPolicy policy, LinuxSandboxBackend backend) {
        return catchThrowableOfType(
                UnenforceablePolicyException.class,
                () -> Sandbox.open(policy, backend).close());
    }

    private static void assertRefused(String host, UnenforceablePolicyException refused, Capability missing) {
        assertThat(refused).as(host).isNotNull();
        assertThat(refused.unmet()).as(host).extracting(Enforcement::capability).contains(missing);
        assertThat(refused.unmet())
                .as(host)
                .filteredOn(gap -> gap.capability() == missing)
                .singleElement()
                .satisfies(gap -> {
                    assertThat(gap.level()).isEqualTo(EnforcementLevel.NONE);
                    assertThat(gap.reason()).contains("was tried and succeeded");
                });
        System.out.println("broken host: " + host + " -> refused, "
                + refused.unmet().stream().map(Enforcement::capability).toList());
    }

    @ParameterizedTest
    @EnumSource(Kernel.class)
    void aKernelThatIgnoresAMechanismIsRefused(Kernel kernel) throws Exception {
        SandboxPolicy policy = new Scene(directory)
                .policy().toBuilder().acceptPartial(Capability.FILE_WRITE).build(); // without a supervisor it is
        LinuxSandboxBackend sound =
                new LinuxSandboxBackend(architecture -> LinuxHost.calls(), () -> Bubblewrap.missing("a test's"));
        assertThatCode(() -> Sandbox.open(policy, sound).close())
                .as("the control")
                .doesNotThrowAnyException();

        LinuxSandboxBackend broken =
                new LinuxSandboxBackend(architecture -> kernel.calls(), () -> Bubblewrap.missing("a test's"));
        assertRefused(kernel.name(), refused(policy, broken), kernel.missing);
    }

    private enum Wrapper {
        WRITABLE_ROOT("--ro-bind", "/", "--bind", Capability.FILE_WRITE),
        CARVE_OUTS_IGNORED("--ro-bind", "kept", "--bind", Capability.FILE_WRITE_CARVE_OUT),
        DENIED_READS_IGNORED("--ro-bind", "hidden", "", Capability.FILE_READ_DENY),
        NETWORK_SHARED("--unshare-net", "", "", Capability.NETWORK),
        FILTER_IGNORED("--seccomp", "", "", Capability.NETWORK),
        PROCESSES_SHARED("--unshare-pid", "", "", Capability.PROCESS_TREE);

        private final String option;
        /** How the path ends that the option is about; empty if it is about none. */
        private final String path;
        /** What is said instead; empty for nothing. */
        private final String instead;

        private final Capability missing;

        Wrapper(String option, String path, String instead, Capability missing) {
            this.option = option;
            this.path = path;
            this.instead = instead;
            this.missing = missing;
        }

        /** A program that runs bubblewrap with other arguments. */
        Path program(Path directory, Path bubblewrap) throws Exception {
            String script = """
                    #!/bin/bash
                    arguments=()
                    while [ $# -gt 0 ]; do
                      if [ "$1" = -- ]; then break; fi
                      case "$1 $3" in
                      "%1$s "*%2$s)
                        case "$1" in
                        --ro-bind) %3$s shift 3 ;;
                        --seccomp) shift 2 ;;
                        *) shift ;;
                        esac ;;
                      *) arguments+=("$1"); shift ;;
                      esac
                    done
                    exec %4$s "${arguments[@]}" "$@"
                    """.formatted(
                    option, path, instead.isEmpty() ? "" : "arguments+=(" + instead + " \"$2\" \"$3\");", bubblewrap);
            Path program = Files.writeString(directory.resolve("bwrap"), script);
            return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @ParameterizedTest
    @EnumSource(Wrapper.class)
    void aBubblewrapThatIgnoresAnOptionIsRefused(Wrapper wrapper) throws Exception {
        Bubblewrap real = BubblewrapProbe.probe();
        assumeTrue(real.program().isPresent(), "bubblewrap works here: " + real.problem());
        Scene scene = new Scene(directory);
        Path kept = Files.createDirectory(scene.workspace().resolve("kept"));
        Path hidden = Files.writeString(scene.outside().resolve("hidden"), "secret");
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(scene.workspace())
                .denyWrite(kept)
                .denyRead(hidden)
                .build();
        assertThatCode(() -> Sandbox.open(
                                policy, new LinuxSandboxBackend(architecture -> LinuxHost.calls(), () -> real))
                        .close())
                .as("the control")
                .doesNotThrowAnyException();

        Path broken = wrapper.program(directory.toRealPath(), real.program().get());
        LinuxSandboxBackend backend =
                new LinuxSandboxBackend(architecture -> LinuxHost.calls(), () -> Bubblewrap.at(broken));
        assertRefused(wrapper.name(), refused(policy, backend), wrapper.missing);
    }
}
