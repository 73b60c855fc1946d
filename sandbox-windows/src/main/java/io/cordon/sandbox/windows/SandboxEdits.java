package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.Fences;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.Owner;
import io.cordon.sandbox.windows.edit.PlanOpening;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.edit.Settlement;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.ContainerCalls;
import io.cordon.sandbox.windows.win32.FileCalls;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What a sandbox changed on the machine while it is open: its private directory, the edits of its plan, and the handles
 * that hold places where they are. Closing takes it back, as far as no other sandbox needs it.
 */
final class SandboxEdits {
    private final FileCalls files;
    private final ContainerProfiles profiles;
    private final EditRegister register;
    private final Sid user;
    private final Lease lease;
    private final PrivateDirectory directory;
    private final PlanOpening.Opened opened;

    private SandboxEdits(
            FileCalls files,
            ContainerProfiles profiles,
            EditRegister register,
            Sid user,
            Lease lease,
            PrivateDirectory directory,
            PlanOpening.Opened opened) {
        this.files = files;
        this.profiles = profiles;
        this.register = register;
        this.user = user;
        this.lease = lease;
        this.directory = directory;
        this.opened = opened;
    }

    /**
     * Undoes what dead sandboxes left behind, plans, and makes the edits of the plan.
     *
     * @throws SandboxException if there is no plan or a step fails; then everything is as before
     */
    static SandboxEdits open(
            FileCalls files,
            ContainerCalls containers,
            EditRegister register,
            WindowsPlaces places,
            Sid user,
            HostPlanner planner,
            Lifetime lifetime)
            throws SandboxException {
        try (RegisterTransaction transaction = register.begin()) {
            CleanUpReport unused = new LeftBehind(files, containers, places, user).undo(transaction);
            ContainerProfiles profiles = new ContainerProfiles(containers);
            Optional<String> profile = planner.profile();
            UUID sandbox = UUID.randomUUID();
            Lease lease = new Lease(
                    sandbox, Owner.current(), sandbox.toString(), Instant.now(), ImmutableSet.of(), profile.orElse(""));
            // Before there is anything to be undone: whoever finds the lease of a dead process cleans up behind it.
            transaction.write(lease);
            PrivateDirectory directory = PrivateDirectory.named(files, places.home(), lease.privateDirectory());
            try {
                directory.make();
                if (profile.isPresent()) {
                    profiles.make(profile.get());
                }
                PlanOpening.Opened opened = new PlanOpening(transaction, files, user, planner.progress())
                        .open(planner.with(directory.realTemp()), lease, lifetime);
                return new SandboxEdits(files, profiles, register, user, lease, directory, opened);
            } catch (SandboxException | RuntimeException | Error e) {
                try {
                    takeBack(transaction, files, profiles, user, lease, directory);
                } catch (SandboxException | RuntimeException second) {
                    e.addSuppressed(second);
                }
                throw e;
            }
        }
    }

    /** The plan, what it was made from, and what became of it. */
    PlanOpening.Opened opened() {
        return opened;
    }

    /** The sandbox's own directory. */
    PrivateDirectory directory() {
        return directory;
    }

    /** Holds the places of the plan; to be closed before this. */
    Fences fences() {
        return Fences.hold(files, opened.plan().fences());
    }

    /**
     * Takes everything back that no other sandbox needs.
     *
     * @throws SandboxException if something is left; it is tried again when the next sandbox is opened
     */
    void close() throws SandboxException {
        try (RegisterTransaction transaction = register.begin()) {
            takeBack(transaction, files, profiles, user, lease, directory);
        }
    }

    private static void takeBack(
            RegisterTransaction transaction,
            FileCalls files,
            ContainerProfiles profiles,
            Sid user,
            Lease lease,
            PrivateDirectory directory)
            throws SandboxException {
        SandboxException failure = null;
        try {
            directory.delete();
            profiles.release(transaction, lease);
            transaction.removeLease(lease.sandbox());
        } catch (SandboxException e) {
            failure = e;
            // It stays known that the directory is there.
            transaction.write(lease.needing(ImmutableSet.of()));
        }
        ImmutableList<String> left =
                new Settlement(files, user).settle(transaction, layer -> false).left();
        if (!left.isEmpty()) {
            SandboxException unsettled = new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED,
                    "not everything could be put back as it was; it is tried again when the next sandbox is opened, or by "
                            + "Sandbox.recover(): " + String.join("; ", left));
            if (failure != null) {
                unsettled.addSuppressed(failure);
            }
            failure = unsettled;
        }
        if (failure != null) {
            throw failure;
        }
    }
}
