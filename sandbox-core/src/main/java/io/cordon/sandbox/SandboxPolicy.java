package io.cordon.sandbox;

import com.google.common.collect.ImmutableSet;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.immutables.value.Value;

/**
 * What a sandboxed process tree may do: it reads almost anywhere unless {@link #allowRead()} limits that, writes only
 * beneath the writable roots, and reaches no network unless that is allowed.
 *
 * <pre>{@code
 * SandboxPolicy policy = SandboxPolicy.builder()
 *         .allowWrite(workspace)
 *         .limits(limits -> limits.timeout(Duration.ofMinutes(5)))
 *         .build();
 * }</pre>
 *
 * <p>A policy is a value: it can be compared, printed and reused, is immutable, and building it touches no file. Its
 * paths are absolute and normalised; whether they exist, and where links lead, is decided when a sandbox is opened.
 * What the machine cannot enforce makes {@link Sandbox#open(SandboxPolicy)} fail, unless it was accepted by name with
 * {@link Builder#acceptPartial(Capability...)} or {@link Builder#bestEffort(Capability...)}.
 */
@Value.Immutable
public abstract class SandboxPolicy {
    SandboxPolicy() {}

    /** The directories beneath which the tree may write. */
    public abstract ImmutableSet<Path> allowWrite();

    /** What stays as it is although it lies beneath a writable root. */
    public abstract ImmutableSet<Path> denyWrite();

    /** What cannot be read although the user could. */
    public abstract ImmutableSet<Path> denyRead();

    /**
     * If not empty, the tree reads only these files and directories with all that is beneath them, what is beneath the
     * writable roots, the private temp directory, and what the system needs to run programs. If empty, reads are not
     * limited.
     */
    public abstract ImmutableSet<Path> allowRead();

    /** Which network the tree may use. */
    @Value.Default
    public NetworkAccess network() {
        return NetworkAccess.NONE;
    }

    /** Whether windows, clipboard and desktop of the user are closed to the tree. */
    @Value.Default
    public boolean uiDenied() {
        return false;
    }

    /** Which environment variables the tree gets. */
    @Value.Default
    public EnvironmentPolicy environment() {
        return EnvironmentPolicy.builder().build();
    }

    /** How much the tree may use. */
    @Value.Default
    public ResourceLimits limits() {
        return ResourceLimits.builder().build();
    }

    /** The capabilities that may be enforced with gaps, but not {@link EnforcementLevel#NONE not at all}. */
    public abstract ImmutableSet<Capability> acceptPartial();

    /** The capabilities that may be enforced with gaps, or not at all. */
    public abstract ImmutableSet<Capability> bestEffort();

    /** Whether this policy may be run where {@code capability} is enforced as far as {@code level} says. */
    public final boolean accepts(Capability capability, EnforcementLevel level) {
        boolean anything = bestEffort().contains(capability);
        return switch (level) {
            case FULL, NOT_REQUESTED -> true;
            case PARTIAL -> anything || acceptPartial().contains(capability);
            case NONE -> anything;
        };
    }

    /** Whether a path can be read and written, by its name alone: links are not looked at. */
    final boolean leavesOpen(Path path) {
        return allowWrite().stream().anyMatch(path::startsWith)
                && denyWrite().stream().noneMatch(path::startsWith)
                && denyRead().stream().noneMatch(path::startsWith);
    }

    /** Whether it was said on purpose that nothing may be written. */
    abstract boolean writeNothing();

    /** Runs on every build, so that no policy exists that breaks a rule. */
    @Value.Check
    void check() {
        PolicyRules.check(this);
    }

    /**
     * The capabilities that this policy asks for: confinement of writes, tree and environment always, the others by
     * what the policy says.
     */
    @Value.Derived
    public ImmutableSet<Capability> requested() {
        Set<Capability> requested = EnumSet.of(Capability.FILE_WRITE, Capability.PROCESS_TREE, Capability.ENVIRONMENT);
        addIf(requested, !denyWrite().isEmpty(), Capability.FILE_WRITE_CARVE_OUT);
        addIf(requested, !denyRead().isEmpty(), Capability.FILE_READ_DENY);
        addIf(requested, !allowRead().isEmpty(), Capability.FILE_READ_LIMIT);
        addIf(requested, !network().equals(NetworkAccess.ALLOWED), Capability.NETWORK);
        addIf(requested, limits().memory().isPresent(), Capability.MEMORY);
        addIf(requested, limits().processes().isPresent(), Capability.PROCESS_COUNT);
        addIf(requested, limits().cpuPercent().isPresent(), Capability.CPU);
        addIf(requested, uiDenied(), Capability.UI);
        return ImmutableSet.copyOf(requested);
    }

    /**
     * The same with real paths for {@link #allowRead()} too.
     *
     * @throws SandboxException if two of them exclude each other
     */
    public void checkRealPaths(Set<Path> roots, Set<Path> carveOuts, Set<Path> denyRead, Set<Path> allowRead)
            throws SandboxException {
        checkRealPaths(roots, carveOuts, denyRead);
        throwIfAny(PolicyRules.readViolation(allowRead, denyRead));
    }

    /**
     * Checks the rules of a policy on the real paths that a backend found for its paths.
     *
     * @throws SandboxException if two of them exclude each other
     */
    public void checkRealPaths(Set<Path> roots, Set<Path> carveOuts, Set<Path> denyRead) throws SandboxException {
        throwIfAny(PolicyRules.violation(roots, carveOuts, denyRead));
    }

    private static void throwIfAny(Optional<PolicyRules.Violation> violation) throws SandboxException {
        if (violation.isPresent()) {
            throw new SandboxException(
                    violation.get().code(), violation.get().message() + " (these are the real paths, links resolved)");
        }
    }

    private static void addIf(Set<Capability> set, boolean condition, Capability capability) {
        if (condition) {
            set.add(capability);
        }
    }

    /** A policy under which nothing may be written but the sandbox's private temp directory. */
    public static SandboxPolicy readOnly() {
        return builder().writeNothing().build();
    }

    /**
     * A policy under which only the workspace may be written.
     *
     * @param workspace an absolute path
     * @throws InvalidPolicyException if the path is relative or must not become writable
     */
    public static SandboxPolicy workspaceWrite(Path workspace) {
        return builder().allowWrite(workspace).build();
    }

    /** An empty builder; at least {@link Builder#allowWrite} or {@link Builder#writeNothing} has to be called. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that holds what this policy says. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.allowWrite.addAll(allowWrite());
        builder.denyWrite.addAll(denyWrite());
        builder.denyRead.addAll(denyRead());
        builder.allowRead.addAll(allowRead());
        builder.acceptPartial.addAll(acceptPartial());
        builder.bestEffort.addAll(bestEffort());
        builder.network = network();
        builder.uiDenied = uiDenied();
        builder.environment = environment();
        builder.limits = limits();
        builder.writeNothing = writeNothing();
        return builder;
    }

    /** Collects the rules of a {@link SandboxPolicy}. Not safe for use by several threads. */
    public static final class Builder {
        private final Set<Path> allowWrite = new LinkedHashSet<>();
        private final Set<Path> denyWrite = new LinkedHashSet<>();
        private final Set<Path> denyRead = new LinkedHashSet<>();
        private final Set<Path> allowRead = new LinkedHashSet<>();
        private final Set<Capability> acceptPartial = EnumSet.noneOf(Capability.class);
        private final Set<Capability> bestEffort = EnumSet.noneOf(Capability.class);
        private NetworkAccess network = NetworkAccess.NONE;
        private EnvironmentPolicy environment = EnvironmentPolicy.builder().build();
        private ResourceLimits limits = ResourceLimits.builder().build();
        private boolean uiDenied;
        private boolean writeNothing;

        Builder() {}

        /** Makes these directories, and all that is beneath them, writable. */
        @CanIgnoreReturnValue
        public Builder allowWrite(Path... roots) {
            Collections.addAll(allowWrite, roots);
            return this;
        }

        /** Says that the tree is meant to write nothing but its private temp directory. */
        @CanIgnoreReturnValue
        public Builder writeNothing() {
            writeNothing = true;
            return this;
        }

        /** Takes {@link #writeNothing()} back, for a policy that is made wider. */
        @CanIgnoreReturnValue
        Builder writeSomething() {
            writeNothing = false;
            return this;
        }

        /** Keeps these paths, which lie beneath a writable root, as they are. */
        @CanIgnoreReturnValue
        public Builder denyWrite(Path... carveOuts) {
            Collections.addAll(denyWrite, carveOuts);
            return this;
        }

        /** Makes these paths, and all that is beneath them, unreadable. */
        @CanIgnoreReturnValue
        public Builder denyRead(Path... paths) {
            Collections.addAll(denyRead, paths);
            return this;
        }

        /**
         * Limits reading to these paths with all that is beneath them, the writable roots, the private temp directory,
         * and what the system needs to run programs. What they hold and {@link #denyRead} names stays unreadable.
         * Without this, reads are not limited.
         *
         * <p>Programs have to be readable too: a JDK, interpreters and caches in the user's own directories have to be
         * named.
         */
        @CanIgnoreReturnValue
        public Builder allowRead(Path... paths) {
            Collections.addAll(allowRead, paths);
            return this;
        }

        /** Sets which network the tree may use; {@link NetworkAccess#NONE} unless this is called. */
        @CanIgnoreReturnValue
        public Builder network(NetworkAccess access) {
            network = access;
            return this;
        }

        /** Closes windows, clipboard and desktop of the user to the tree. */
        @CanIgnoreReturnValue
        public Builder denyUi() {
            uiDenied = true;
            return this;
        }

        /** Changes which environment variables the tree gets, beginning with what this builder already holds. */
        @CanIgnoreReturnValue
        public Builder environment(Consumer<? super EnvironmentPolicy.Builder> change) {
            EnvironmentPolicy.Builder builder = environment.toBuilder();
            change.accept(builder);
            environment = builder.build();
            return this;
        }

        /** Changes how much the tree may use, beginning with what this builder already holds. */
        @CanIgnoreReturnValue
        public Builder limits(Consumer<? super ResourceLimits.Builder> change) {
            ResourceLimits.Builder builder = limits.toBuilder();
            change.accept(builder);
            limits = builder.build();
            return this;
        }

        /**
         * Accepts that these capabilities are enforced with gaps, which the report names. On a machine that does not
         * enforce one of them at all, the sandbox still does not open.
         */
        @CanIgnoreReturnValue
        public Builder acceptPartial(Capability... capabilities) {
            Collections.addAll(acceptPartial, capabilities);
            return this;
        }

        /**
         * Accepts that these capabilities are enforced only as far as the machine can, be it not at all. Without this
         * or
         * {@link #acceptPartial}, a sandbox whose policy the machine cannot enforce completely does not open.
         */
        @CanIgnoreReturnValue
        public Builder bestEffort(Capability... capabilities) {
            Collections.addAll(bestEffort, capabilities);
            return this;
        }

        /**
         * The policy.
         *
         * @throws InvalidPolicyException if it is empty, contradicts itself, or names a path that is relative or must
         *     not become writable
         */
        public SandboxPolicy build() {
            return new ImmutableSandboxPolicy.Builder()
                    .addAllAllowWrite(PolicyRules.normalized("allowWrite", allowWrite))
                    .addAllDenyWrite(PolicyRules.normalized("denyWrite", denyWrite))
                    .addAllDenyRead(PolicyRules.normalized("denyRead", denyRead))
                    .addAllAllowRead(PolicyRules.normalized("allowRead", allowRead))
                    .network(network)
                    .uiDenied(uiDenied)
                    .environment(environment)
                    .limits(limits)
                    .addAllAcceptPartial(acceptPartial)
                    .addAllBestEffort(bestEffort)
                    .writeNothing(writeNothing)
                    .build();
        }
    }
}
