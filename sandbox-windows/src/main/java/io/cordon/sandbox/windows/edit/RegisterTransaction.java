package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.TreeFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A look at the register and changes of it, while nobody else does either. Each method shows the files as they are when
 * it is called.
 *
 * <p>Only the thread that began it may use it; any other one, and any use after {@link #close}, gets an
 * IllegalStateException. Methods throw a {@link SandboxException} if a file cannot be read, written or moved.
 */
public final class RegisterTransaction implements AutoCloseable {
    private final RegisterFiles files;
    private final Owners owners;
    private final Thread thread = Thread.currentThread();
    private @Nullable RegisterLock lock;

    RegisterTransaction(RegisterFiles files, Owners owners, RegisterLock lock) {
        this.files = files;
        this.owners = owners;
        this.lock = lock;
    }

    private RegisterFiles files() {
        if (lock == null || Thread.currentThread() != thread) {
            throw new IllegalStateException("this transaction is closed, or belongs to another thread");
        }
        return files;
    }

    /** All layers, the oldest first. */
    public ImmutableList<Layer> layers() throws SandboxException {
        return files().layers();
    }

    /** All leases, those of dead owners too. */
    public ImmutableList<Lease> leases() throws SandboxException {
        return files().leases();
    }

    /** The leases whose owner is gone. */
    public ImmutableList<Lease> deadLeases() throws SandboxException {
        return leases().stream()
                .filter(lease -> !owners.isAlive(lease.owner()))
                .collect(ImmutableList.toImmutableList());
    }

    /**
     * The layers that must stay, the oldest first: those that a live lease needs, those that are persistent and complete,
     * and all that these lie on.
     */
    public ImmutableList<Layer> needed() throws SandboxException {
        ImmutableList<Layer> layers = layers();
        Set<UUID> ids = neededIds(layers, layer -> false);
        return layers.stream().filter(layer -> ids.contains(layer.id())).collect(ImmutableList.toImmutableList());
    }

    /** The layers that sandboxes need which are open, and those that these lie on; the oldest first. */
    public ImmutableList<Layer> neededByLeases() throws SandboxException {
        ImmutableList<Layer> layers = layers();
        Set<UUID> ids = neededIds(layers, layer -> true);
        return layers.stream().filter(layer -> ids.contains(layer.id())).collect(ImmutableList.toImmutableList());
    }

    /**
     * The layers that nobody needs, in the order in which they have to be undone: the youngest first. An unfinished one
     * is among them even if it was to be persistent, unless a live lease or a layer above needs it.
     *
     * @param dropped persistent layers that are not to be kept for their own sake
     */
    public ImmutableList<Layer> unneeded(Predicate<Layer> dropped) throws SandboxException {
        ImmutableList<Layer> layers = layers();
        Set<UUID> ids = neededIds(layers, dropped);
        return layers.reverse().stream()
                .filter(layer -> !ids.contains(layer.id()))
                .collect(ImmutableList.toImmutableList());
    }

    private Set<UUID> neededIds(ImmutableList<Layer> layers, Predicate<Layer> dropped) throws SandboxException {
        Map<UUID, Layer> byId = new HashMap<>();
        layers.forEach(layer -> byId.put(layer.id(), layer));
        Deque<UUID> open = new ArrayDeque<>();
        leases().stream().filter(lease -> owners.isAlive(lease.owner())).forEach(lease -> open.addAll(lease.layers()));
        layers.stream()
                .filter(layer ->
                        layer.isComplete() && layer.header().lifetime() == Lifetime.PERSISTENT && !dropped.test(layer))
                .forEach(layer -> open.add(layer.id()));
        Set<UUID> needed = new LinkedHashSet<>();
        while (!open.isEmpty()) {
            Layer layer = byId.get(open.remove());
            if (layer != null && needed.add(layer.id())) {
                open.addAll(layer.header().dependsOn());
            }
        }
        return needed;
    }

    /** The layers that change one of these final paths, something above it or something beneath it, the oldest first. */
    public ImmutableList<Layer> overlapping(Collection<Path> paths) throws SandboxException {
        return layers().stream().filter(layer -> layer.overlaps(paths)).collect(ImmutableList.toImmutableList());
    }

    /** What the youngest complete layer that went through this tree found there, with its stamp. */
    public Optional<TreeFacts> recorded(FileId top, String shape) throws SandboxException {
        return layers().reverse().stream()
                .flatMap(layer -> layer.completed().stream())
                .flatMap(List::stream)
                .filter(tree -> tree.object().equals(top) && tree.shape().equals(shape))
                .map(Stamped::found)
                .findFirst();
    }

    /** Whether a layer makes this directory, and what is in it, writable. */
    public boolean isOpened(FileId directory) throws SandboxException {
        return layers().stream().anyMatch(layer -> layer.opens(directory));
    }

    /**
     * Begins a layer of this process, younger than all others. It is unfinished until {@link JournalWriter#complete}, so
     * that the next transaction after this one finds it unneeded unless a lease names it.
     *
     * @param dependsOn the layers that it lies on
     * @return to be closed by the caller, before the layer is undone or deleted
     */
    public JournalWriter newLayer(Lifetime lifetime, Collection<UUID> dependsOn, List<Place> places)
            throws SandboxException {
        ImmutableList<Layer> layers = layers();
        long last =
                layers.isEmpty() ? 0 : layers.get(layers.size() - 1).header().sequence();
        if (last == LayerHeader.MAX_SEQUENCE) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "the journal in " + files.directory() + " has no number left behind " + last
                            + "; close all sandboxes and clean up");
        }
        LayerHeader header = new LayerHeader(
                UUID.randomUUID(),
                last + 1,
                Instant.now(),
                lifetime,
                Owner.current(),
                ImmutableSet.copyOf(dependsOn),
                ImmutableList.copyOf(places));
        return files.create(header);
    }

    /**
     * Opens a layer for undoing it.
     *
     * @throws JournalFormatException if it must not be applied; it is in quarantine then
     */
    public JournalReader open(Layer layer) throws JournalFormatException, SandboxException {
        return files().open(layer);
    }

    /** Deletes a layer, after it was undone. */
    public void delete(Layer layer) throws SandboxException {
        files().delete(layer);
    }

    /** Moves a layer to quarantine, where it is never applied. */
    public void quarantine(Layer layer, String reason) throws SandboxException {
        files().quarantine(layer.file(), reason);
    }

    /** Damaged and foreign files that were moved away; beside each is its {@code .reason.txt}. */
    public ImmutableList<Path> quarantined() throws SandboxException {
        return files().quarantined();
    }

    /** Writes a lease, or replaces the one of the same sandbox. */
    public void write(Lease lease) throws SandboxException {
        files().write(lease);
    }

    /** Removes the lease of a sandbox, if there is one. */
    public void removeLease(UUID sandbox) throws SandboxException {
        files().remove(sandbox);
    }

    /** Lets the next transaction begin. Does nothing the second time. */
    @Override
    public void close() throws SandboxException {
        if (lock == null) {
            return;
        }
        RegisterLock held = lock;
        files();
        lock = null;
        try {
            held.close();
        } catch (IOException e) {
            throw EditRegister.failure("the lock of the journal's directory " + files.directory(), e);
        }
    }
}
