package io.cordon.sandbox.windows;

import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.Layer;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.edit.Settlement;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.ContainerCalls;
import io.cordon.sandbox.windows.win32.FileCalls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/** What sandboxes whose process is gone left behind, and what they were told to keep. */
final class LeftBehind {
    private static final System.Logger LOG = System.getLogger(LeftBehind.class.getName());

    private final FileCalls files;
    private final ContainerProfiles profiles;
    private final WindowsPlaces places;
    private final Sid user;

    LeftBehind(FileCalls files, ContainerCalls containers, WindowsPlaces places, Sid user) {
        this.files = files;
        this.profiles = new ContainerProfiles(containers);
        this.places = places;
        this.user = user;
    }

    /** Undoes what nobody needs; what cannot be undone is logged, and tried again the next time. */
    CleanUpReport undo(RegisterTransaction transaction) throws SandboxException {
        return undo(transaction, layer -> false);
    }

    /**
     * Undoes what was kept of a root.
     *
     * @throws SandboxException with {@link SandboxErrorCode#ROOT_IN_USE} if a sandbox is open that needs it
     */
    CleanUpReport undoKept(RegisterTransaction transaction, Path root) throws SandboxException {
        Set<UUID> kept = new HashSet<>();
        for (Layer layer : transaction.overlapping(List.of(root))) {
            if (layer.header().lifetime() == Lifetime.PERSISTENT) {
                kept.add(layer.id());
            }
        }
        for (Layer layer : transaction.neededByLeases()) {
            if (kept.contains(layer.id())) {
                throw new SandboxException(
                        SandboxErrorCode.ROOT_IN_USE,
                        "cleanUp(" + root + "): a sandbox with this root is open; close it first");
            }
        }
        return undo(transaction, layer -> kept.contains(layer.id()));
    }

    private CleanUpReport undo(RegisterTransaction transaction, Predicate<Layer> dropped) throws SandboxException {
        List<String> undone = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (Lease lease : transaction.deadLeases()) {
            PrivateDirectory directory = PrivateDirectory.named(files, places.home(), lease.privateDirectory());
            try {
                directory.delete();
                profiles.release(transaction, lease);
                transaction.removeLease(lease.sandbox());
                undone.add("the sandbox that process " + lease.owner().pid() + " opened at " + lease.since());
            } catch (SandboxException e) {
                left.add(directory.path() + ": " + e.getMessage());
            }
        }
        CleanUpReport settled = new Settlement(files, user).settle(transaction, dropped);
        undone.addAll(settled.undone());
        left.addAll(settled.left());
        if (!left.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "left behind by sandboxes that are gone: {0}", left);
        }
        return CleanUpReport.of(undone, left);
    }
}
