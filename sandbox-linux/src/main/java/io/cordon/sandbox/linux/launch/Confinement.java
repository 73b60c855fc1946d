package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
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
    private final boolean triesConnecting;

    private Confinement(
            SystemCalls calls, Optional<OwnedFd> ruleset, Optional<NativeFilter> filter, boolean triesConnecting) {
        this.calls = calls;
        this.triesConnecting = triesConnecting;
        this.ruleset = ruleset;
        this.filter = filter;
    }

    static Confinement of(LinuxPlan plan, Path temp, SystemCalls calls) throws SandboxException {
        Optional<OwnedFd> ruleset =
                plan.handled().isEmpty() ? Optional.empty() : Optional.of(ruleset(plan, temp, calls));
        Optional<NativeFilter> filter =
                plan.filter().isEmpty() ? Optional.empty() : Optional.of(new NativeFilter(plan.filter()));
        return new Confinement(calls, ruleset, filter, plan.allowsTcpSockets());
    }

    private static OwnedFd ruleset(LinuxPlan plan, Path temp, SystemCalls calls) throws SandboxException {
        OwnedFd ruleset = calls.createRuleset(
                LandlockAccess.mask(plan.handled()),
                plan.landlockDeniesTcp() ? TCP : 0,
                plan.landlockScopes() ? SCOPES : 0);
        try {
            long inRoots = LandlockAccess.mask(plan.grantedInRoots());
            for (Path root : ImmutableSet.<Path>builder()
                    .addAll(plan.writableRoots())
                    .add(temp)
                    .build()) {
                calls.allow(ruleset, root, inRoots);
            }
            if (plan.landlockDeniesTcp() && plan.proxyPort().isPresent()) {
                calls.allowConnecting(ruleset, plan.proxyPort().getAsInt());
            }
            long onDevices = LandlockAccess.mask(plan.grantedOnDevices());
            for (Path device : plan.writableDevices()) {
                if (Files.exists(device)) { // a container need not have all of them
                    calls.allow(ruleset, device, onDevices);
                }
            }
            return ruleset;
        } catch (SandboxException | RuntimeException e) {
            ruleset.close();
            throw e;
        }
    }

    /**
     * Confines the thread, and lets it try what it must not be able to do any more. The kernel takes Landlock and a
     * filter from an unprivileged thread only with no_new_privs; the filter comes last because it refuses some of the
     * calls before it.
     */
    Trial applyOn(LauncherThread launcher, Path canary) throws SandboxException {
        try (NativePath outside = new NativePath(canary);
                PortCanary port = PortCanary.listen(calls, triesConnecting)) {
            requireControl(canary, calls.tryOpenForWriting(outside));
            return launcher.call(() -> {
                calls.setNoNewPrivileges();
                calls.dropCapabilities();
                if (ruleset.isPresent()) {
                    calls.restrictSelf(ruleset.get());
                }
                if (filter.isPresent()) {
                    calls.loadFilter(filter.get());
                }
                return new Trial(calls.tryOpenForWriting(outside), port.tryIt());
            });
        }
    }

    /** Without a write that succeeds unconfined, one that is denied proves nothing. */
    private static void requireControl(Path canary, int error) throws SandboxException {
        if (error != 0) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "opening the canary " + canary + " for writing failed unconfined (errno " + error
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
