package io.cordon.sandbox.linux;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.linux.launch.BubblewrapProbe;
import io.cordon.sandbox.linux.launch.LinuxSandbox;
import io.cordon.sandbox.linux.plan.Architecture;
import io.cordon.sandbox.linux.plan.Barrier;
import io.cordon.sandbox.linux.plan.Bubblewrap;
import io.cordon.sandbox.linux.plan.LinuxHostFacts;
import io.cordon.sandbox.linux.plan.LinuxPlan;
import io.cordon.sandbox.linux.plan.LinuxPlanner;
import io.cordon.sandbox.linux.syscall.GlibcCalls;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.ForbiddenRoots;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.ProxyConfiningBackend;
import io.cordon.sandbox.spi.ResolvedPolicy;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Confines by Landlock and seccomp, on x86_64 and aarch64 with glibc 2.34 or later. No external program takes part, and
 * no privilege is needed. What the kernel lacks, the report says.
 *
 * <p>Sources of the rules: landlock(7), seccomp(2), capabilities(7).
 */
public final class LinuxSandboxBackend implements ProxyConfiningBackend {
    /** Asked once: it starts a process. */
    private static final Supplier<Bubblewrap> BUBBLEWRAP = Suppliers.memoize(BubblewrapProbe::probe);

    private final Optional<Architecture> architecture = Architecture.of(System.getProperty("os.arch"));
    private final CallsFactory callsFactory;
    private final Supplier<Bubblewrap> bubblewrap;

    /** Makes the calls when they are needed first: on another system there is nothing to load. */
    @FunctionalInterface
    interface CallsFactory {
        SystemCalls calls(Architecture architecture);
    }

    /** For {@link java.util.ServiceLoader}. */
    public LinuxSandboxBackend() {
        this(GlibcCalls::new, BUBBLEWRAP);
    }

    /** For tests, which let calls fail. */
    LinuxSandboxBackend(CallsFactory callsFactory) {
        this(callsFactory, BUBBLEWRAP);
    }

    /** For tests of machines without bubblewrap. */
    LinuxSandboxBackend(CallsFactory callsFactory, Supplier<Bubblewrap> bubblewrap) {
        this.callsFactory = callsFactory;
        this.bubblewrap = bubblewrap;
    }

    @Override
    public String name() {
        return "linux";
    }

    @Override
    public BackendProbe probe() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return BackendProbe.unavailable("this is not Linux");
        }
        if (architecture.isEmpty()) {
            return BackendProbe.unavailable(
                    "the system call numbers of " + System.getProperty("os.arch") + " are not known to this backend");
        }
        try {
            SystemCalls calls = callsFactory.calls(architecture.get());
            if (!calls.spawnsWithClosedDescriptors()) {
                return BackendProbe.unavailable(
                        "the C library has no posix_spawn_file_actions_addclosefrom_np; use glibc 2.34 or later");
            }
            if (!calls.waitsByDescriptor()) {
                return BackendProbe.unavailable("the kernel has no pidfd_open; use Linux 5.3 or later");
            }
            return BackendProbe.available("Landlock ABI " + calls.landlockAbi() + ", seccomp "
                    + (calls.takesFilters() ? "yes" : "no") + ", " + architecture.get());
        } catch (LinkageError e) {
            return BackendProbe.unavailable("the C library cannot be called: " + e);
        }
    }

    private LinuxHostFacts facts(ResolvedPolicy policy, SystemCalls calls) {
        return new LinuxHostFacts(
                architecture.orElseThrow(),
                calls.landlockAbi(),
                calls.takesFilters(),
                calls.notifies(),
                Barrier.isMoreThanLandlock(policy.policy()) ? bubblewrap.get() : Bubblewrap.notNeeded(),
                Stream.of(policy.carveOuts(), policy.denyRead(), policy.allowRead())
                        .flatMap(Set::stream)
                        .filter(path -> !Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                        .collect(ImmutableSet.toImmutableSet()));
    }

    @Override
    public ImmutableMap<String, String> hostFacts() {
        return architecture
                .map(known -> HostDescription.of(callsFactory.calls(known)))
                .orElse(ImmutableMap.of());
    }

    @Override
    public BackendPlan plan(SandboxPolicy policy) throws SandboxException {
        return plan(policy, OptionalInt.empty(), calls());
    }

    private LinuxPlan plan(SandboxPolicy policy, OptionalInt proxyPort, SystemCalls calls) throws SandboxException {
        ResolvedPolicy resolved = ResolvedPolicy.resolve(policy, forbiddenRoots());
        return LinuxPlanner.plan(resolved, facts(resolved, calls), proxyPort);
    }

    @Override
    public PreparedSandbox prepare(SandboxPolicy policy) throws SandboxException {
        return prepare(policy, OptionalInt.empty());
    }

    @Override
    public PreparedSandbox prepare(SandboxPolicy policy, int proxyPort) throws SandboxException {
        return prepare(policy, OptionalInt.of(proxyPort));
    }

    private PreparedSandbox prepare(SandboxPolicy policy, OptionalInt proxyPort) throws SandboxException {
        SystemCalls calls = calls();
        return LinuxSandbox.prepare(plan(policy, proxyPort, calls), calls);
    }

    private SystemCalls calls() throws SandboxException {
        BackendProbe probe = probe();
        if (!probe.available()) {
            throw new SandboxException(SandboxErrorCode.BACKEND_UNAVAILABLE, "the Linux backend: " + probe.detail());
        }
        return callsFactory.calls(architecture.orElseThrow());
    }

    private static ForbiddenRoots forbiddenRoots() {
        Stream<String> sealed = Stream.of(
                "/bin",
                "/boot",
                "/dev",
                "/etc",
                "/lib",
                "/lib32",
                "/lib64",
                "/libx32",
                "/proc",
                "/run",
                "/sbin",
                "/sys",
                "/usr/bin",
                "/usr/lib",
                "/usr/lib32",
                "/usr/lib64",
                "/usr/libexec",
                "/usr/sbin");
        Stream<String> shared = Stream.of(
                "/home",
                "/mnt",
                "/opt",
                "/root",
                "/srv",
                "/tmp",
                "/usr",
                "/usr/local",
                "/var",
                "/var/tmp",
                System.getProperty("user.home"),
                System.getProperty("java.io.tmpdir"));
        return ForbiddenRoots.of(paths(sealed), paths(shared));
    }

    private static List<Path> paths(Stream<String> names) {
        return names.map(Path::of).collect(ImmutableList.toImmutableList());
    }
}
