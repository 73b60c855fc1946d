package io.cordon.sandbox.linux.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.BackendPlan;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.immutables.value.Value;

/** What the launcher thread takes away from itself, and so from every child, before it starts one. A value. */
@Value.Immutable
public abstract class LinuxPlan implements BackendPlan {
    LinuxPlan() {}

    /** The policy. */
    public abstract SandboxPolicy policy();

    /** The facts that the plan was made for. */
    public abstract LinuxHostFacts facts();

    /** What keeps the children from the user's files. */
    public abstract Barrier barrier();

    /** What of the policy is more than Landlock can do; empty if nothing is. */
    abstract String beyondLandlock();

    /** What is mounted where, by bubblewrap; empty without it. */
    public abstract ImmutableList<Mount> mounts();

    /** The rights that Landlock takes away everywhere; empty where there is no Landlock. */
    public abstract ImmutableSet<LandlockAccess> handled();

    /** The real paths of the directories beneath which changes are allowed; the private temp directory joins them. */
    public abstract ImmutableSet<Path> writableRoots();

    /** What lies beneath them and stays as it is; Landlock has no such rule, so that the supervisor alone knows it. */
    public abstract ImmutableSet<Path> carveOuts();

    /** What must not be read. */
    public abstract ImmutableSet<Path> denyRead();

    /** The rights that are granted beneath them. */
    public abstract ImmutableSet<LandlockAccess> grantedInRoots();

    /** The devices that may be written: what goes into them changes nothing. */
    public abstract ImmutableSet<Path> writableDevices();

    /** The rights that are granted on them. */
    public abstract ImmutableSet<LandlockAccess> grantedOnDevices();

    abstract NetworkMode network();

    /** Whether the children get a network namespace without any device. */
    public boolean separatesNetwork() {
        return barrier() == Barrier.BUBBLEWRAP && network() == NetworkMode.NONE;
    }

    /** Whether Landlock takes away binding and connecting TCP sockets, besides what the filter does. */
    public abstract boolean landlockDeniesTcp();

    /** The one TCP port that Landlock grants connecting to, on whatever host. */
    public abstract OptionalInt proxyPort();

    /** Whether TCP sockets can be made, so that what they cannot do has to be tried. */
    public boolean allowsTcpSockets() {
        return network() != NetworkMode.NONE;
    }

    /** Whether Landlock keeps signals and connections to abstract sockets inside the sandbox. */
    public abstract boolean landlockScopes();

    /** Whether a supervisor makes the changes to metadata, and only beneath the writable roots. */
    public abstract boolean mediatesMetadata();

    /** The seccomp filter; empty where the kernel takes none. */
    public abstract ImmutableList<BpfInstruction> filter();

    @Override
    @Value.Derived
    public EnforcementReport expected() {
        return barrier() == Barrier.BUBBLEWRAP ? BubblewrapEnforcement.expected(this) : LinuxEnforcement.expected(this);
    }

    /** What is enforced, after the confined thread tried what it must not do. */
    public EnforcementReport observed(Trial trial) {
        return LinuxEnforcement.observed(this, trial);
    }

    /** What is enforced, after a process in the namespaces tried what it must not do. */
    public EnforcementReport observed(NamespaceTrial trial) {
        return BubblewrapEnforcement.observed(this, trial);
    }

    @Override
    public String explain() {
        StringBuilder text = new StringBuilder("Linux: Landlock ABI ")
                .append(facts().landlockAbi())
                .append(", seccomp ")
                .append(facts().seccomp() ? "yes" : "no")
                .append(", ")
                .append(facts().architecture())
                .append('\n');
        text.append(choice());
        text.append("On a thread that starts the children, and that nothing else runs on:\n");
        text.append("  no_new_privs: set-user-ID programs give no rights\n");
        text.append("  capabilities: dropped, but for those that root needs to work with files of others\n");
        if (!handled().isEmpty()) {
            text.append("  Landlock takes away everywhere: ")
                    .append(names(handled()))
                    .append('\n');
            for (Path root : writableRoots()) {
                text.append("    but grants beneath ")
                        .append(root)
                        .append(": ")
                        .append(names(grantedInRoots()))
                        .append('\n');
            }
            text.append("    and the same beneath a private temp directory\n");
            text.append("    and on ")
                    .append(writableDevices().stream().map(Path::toString).collect(Collectors.joining(", ")))
                    .append(": ")
                    .append(names(grantedOnDevices()))
                    .append('\n');
        }
        if (landlockDeniesTcp()) {
            text.append("  Landlock takes away binding and connecting by TCP")
                    .append(port())
                    .append('\n');
        }
        if (landlockScopes()) {
            text.append("  Landlock keeps signals and abstract sockets inside the sandbox\n");
        }
        if (!filter().isEmpty()) {
            text.append(
                            "  a seccomp filter refuses: namespaces, mounts, tracing, io_uring, modules, keys, shared memory, file flags, ")
                    .append(
                            switch (network()) {
                                case NONE -> "every socket";
                                case PROXY -> "sockets other than TCP clients, TCP Fast Open";
                                case ALLOWED -> "sockets other than IPv4 and IPv6";
                            })
                    .append('\n');
        }
        if (mediatesMetadata()) {
            text.append(
                    "  mode, owner, times and extended attributes are changed by a supervisor in this JVM, which the "
                            + "kernel asks for each such call, and which refuses files outside\n");
        }
        return text.toString();
    }

    private String choice() {
        if (barrier() == Barrier.BUBBLEWRAP) {
            String places = mounts().stream()
                    .map(mount ->
                            "  " + mount.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + mount.path()
                                    + "\n")
                    .collect(Collectors.joining());
            return "Every child is started by " + facts().bubblewrap().program().orElseThrow()
                    + ", in namespaces of its own, because the policy asks for what Landlock cannot do: "
                    + beyondLandlock() + "\n" + places;
        }
        if (beyondLandlock().isEmpty()) {
            return "Landlock suffices for this policy, so that no other program takes part\n";
        }
        return "Landlock cannot do all of this policy (" + beyondLandlock() + "), and bubblewrap is of no use here: "
                + facts().bubblewrap().problem() + "\n";
    }

    private String port() {
        return proxyPort().isPresent() ? ", but to port " + proxyPort().getAsInt() : "";
    }

    private static String names(ImmutableSet<LandlockAccess> rights) {
        return rights.stream()
                .map(right -> right.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "));
    }
}
