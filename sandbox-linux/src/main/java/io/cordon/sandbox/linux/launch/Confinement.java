package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.mediate.Supervisor;
import io.cordon.sandbox.linux.mediate.WritablePlaces;
import io.cordon.sandbox.linux.plan.Barrier;
import io.cordon.sandbox.linux.plan.LandlockAccess;
import io.cordon.sandbox.linux.plan.LinuxPlan;
import io.cordon.sandbox.linux.plan.Trial;
import io.cordon.sandbox.linux.syscall.NativeFilter;
import io.cordon.sandbox.linux.syscall.NativePath;
import io.cordon.sandbox.linux.syscall.OwnedFd;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A plan's Landlock ruleset and seccomp filter, made beforehand, and the order in which a thread takes them on. */
final class Confinement implements AutoCloseable {
    /** {@code LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP} of linux/landlock.h. */
    private static final long TCP = 1 | 2;
    /** {@code LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL}. */
    private static final long SCOPES = 1 | 2;

    private final SystemCalls calls;
    private final Optional<OwnedFd> ruleset;
    private final Optional<NativeFilter> filter;
    private final LinuxPlan plan;
    private final WritablePlaces places;

    private Confinement(
            SystemCalls calls,
            Optional<OwnedFd> ruleset,
            Optional<NativeFilter> filter,
            LinuxPlan plan,
            WritablePlaces places) {
        this.calls = calls;
        this.plan = plan;
        this.places = places;
        this.ruleset = ruleset;
        this.filter = filter;
    }

    static Confinement of(LinuxPlan plan, Path temp, SystemCalls calls) throws SandboxException {
        ImmutableSet<Path> writable = ImmutableSet.<Path>builder()
                .addAll(plan.writableRoots())
                .add(temp)
                .build();
        Optional<OwnedFd> ruleset = hasRules(plan) ? Optional.of(ruleset(plan, writable, calls)) : Optional.empty();
        boolean filtered = !plan.filter().isEmpty() && plan.barrier() == Barrier.LANDLOCK;
        Optional<NativeFilter> filter = filtered ? Optional.of(new NativeFilter(plan.filter())) : Optional.empty();
        return new Confinement(calls, ruleset, filter, plan, new WritablePlaces(writable, plan.carveOuts()));
    }

    private static boolean hasRules(LinuxPlan plan) {
        return !plan.handled().isEmpty() || plan.landlockDeniesTcp() || plan.landlockScopes();
    }

    private static OwnedFd ruleset(LinuxPlan plan, ImmutableSet<Path> writable, SystemCalls calls)
            throws SandboxException {
        OwnedFd ruleset = calls.createRuleset(
                LandlockAccess.mask(plan.handled()),
                plan.landlockDeniesTcp() ? TCP : 0,
                plan.landlockScopes() ? SCOPES : 0);
        try {
            if (!plan.handled().isEmpty()) {
                allowWriting(plan, writable, ruleset, calls);
            }
            if (plan.landlockDeniesTcp() && plan.proxyPort().isPresent()) {
                calls.allowConnecting(ruleset, plan.proxyPort().getAsInt());
            }
            return ruleset;
        } catch (SandboxException | RuntimeException e) {
            ruleset.close();
            throw e;
        }
    }

    private static void allowWriting(LinuxPlan plan, ImmutableSet<Path> writable, OwnedFd ruleset, SystemCalls calls)
            throws SandboxException {
        long inRoots = LandlockAccess.mask(plan.grantedInRoots());
        for (Path root : writable) {
            calls.allow(ruleset, root, inRoots);
        }
        long onDevices = LandlockAccess.mask(plan.grantedOnDevices());
        for (Path device : plan.writableDevices()) {
            if (Files.exists(device)) { // a container need not have all of them
                calls.allow(ruleset, device, onDevices);
            }
        }
    }

    /**
     * Confines the thread, and lets it try what it must not be able to do any more. The kernel takes Landlock and a
     * filter from an unprivileged thread only with no_new_privs; the filter comes last because it refuses some of the
     * calls before it.
     */
    Confined applyOn(LauncherThread launcher, Path canary) throws SandboxException {
        if (plan.barrier() == Barrier.BUBBLEWRAP) {
            launcher.call(this::confineThread); // what is left of files and network, a process in the namespaces tries
            return new Confined(Optional.empty(), Optional.empty());
        }
        try (NativePath outside = new NativePath(canary);
                PortCanary port = PortCanary.listen(calls, plan.allowsTcpSockets())) {
            requireControl(canary, "opening it for writing", calls.tryOpenForWriting(outside));
            requireControl(canary, "changing its mode", calls.tryChangingMode(outside));
            Optional<OwnedFd> listener = launcher.call(this::confineThread);
            Optional<Supervisor> supervisor = listener.isPresent()
                    ? Optional.of(
                            Supervisor.start(calls, listener.get(), plan.facts().architecture(), places))
                    : Optional.empty();
            try {
                Trial trial = launcher.call(() ->
                        new Trial(calls.tryOpenForWriting(outside), calls.tryChangingMode(outside), port.tryIt()));
                return new Confined(Optional.of(trial), supervisor);
            } catch (SandboxException | RuntimeException e) {
                supervisor.ifPresent(Supervisor::close);
                throw e;
            }
        }
    }

    /** The listener of the filter, if calls are mediated. */
    private Optional<OwnedFd> confineThread() throws NativeStepException {
        calls.setNoNewPrivileges();
        calls.dropCapabilities(plan.barrier() == Barrier.BUBBLEWRAP);
        if (ruleset.isPresent()) {
            calls.restrictSelf(ruleset.get());
        }
        if (filter.isPresent() && plan.mediatesMetadata()) {
            return Optional.of(calls.loadNotifyingFilter(filter.get()));
        }
        if (filter.isPresent()) {
            calls.loadFilter(filter.get());
        }
        return Optional.empty();
    }

    /**
     * What became of a thread.
     *
     * @param trial what it was answered; empty if it keeps its access to files, for bubblewrap
     * @param supervisor who makes changes to metadata for its children; to be closed when these are gone
     */
    record Confined(Optional<Trial> trial, Optional<Supervisor> supervisor) {}

    /** Without a write that succeeds unconfined, one that is denied proves nothing. */
    static void requireControl(Path canary, String what, int error) throws SandboxException {
        if (error != 0) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    what + " failed unconfined for the canary " + canary + " (errno " + error
                            + "), so that the confinement cannot be tried");
        }
    }

    /** Frees the ruleset and the filter; the thread keeps what it took on. */
    @Override
    public void close() {
        ruleset.ifPresent(OwnedFd::close);
        filter.ifPresent(NativeFilter::close);
    }
}
