package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.Layer;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.Owner;
import io.cordon.sandbox.windows.edit.Owners;
import io.cordon.sandbox.windows.edit.Place;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.plan.Lifetime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** What is stamped on this machine, who needs it, and what nobody takes care of any more; for a person to read. */
final class StampStatus {
    private final ImmutableList<Layer> layers;
    private final ImmutableList<Lease> leases;
    private final ImmutableSet<UUID> kept;
    private final ImmutableList<Path> quarantined;
    private final Owners owners;

    StampStatus(RegisterTransaction register, Owners owners) throws SandboxException {
        this.owners = owners;
        this.layers = register.layers();
        this.leases = register.leases();
        this.kept = register.needed().stream().map(Layer::id).collect(ImmutableSet.toImmutableSet());
        this.quarantined = register.quarantined();
    }

    /**
     * Prints it.
     *
     * @return whether nothing is left behind
     */
    boolean print(PrintStream out) {
        List<Lease> dead = leases.stream().filter(lease -> !isOpen(lease)).toList();
        List<Layer> unneeded =
                layers.stream().filter(layer -> !kept.contains(layer.id())).toList();
        leases.stream().filter(this::isOpen).forEach(lease -> out.println("open: sandbox " + describe(lease)));
        for (Layer layer : layers) {
            print(out, layer);
        }
        dead.forEach(lease -> out.println("left behind: sandbox " + describe(lease)
                + ", which is gone; 'recover' deletes its private directory " + lease.privateDirectory()));
        quarantined.forEach(file -> out.println("in quarantine, never applied: " + file + ": " + reason(file)));
        if (layers.isEmpty() && leases.isEmpty() && quarantined.isEmpty()) {
            out.println("nothing is stamped, and nothing is left behind");
        }
        return dead.isEmpty() && unneeded.isEmpty() && quarantined.isEmpty();
    }

    private boolean isOpen(Lease lease) {
        return owners.isAlive(lease.owner());
    }

    private static String describe(Lease lease) {
        return lease.sandbox() + " since " + lease.since() + " of process "
                + lease.owner().pid();
    }

    private void print(PrintStream out, Layer layer) {
        Owner owner = layer.header().owner();
        out.println("stamped: since " + layer.header().created() + " by process " + owner.pid()
                + (owners.isAlive(owner) ? ", which runs" : ", which is gone") + "; "
                + (layer.header().lifetime() == Lifetime.PERSISTENT
                        ? "kept until 'cleanup'"
                        : "taken back with the last sandbox that needs it")
                + (layer.isComplete() ? "" : "; unfinished"));
        for (Place place : layer.header().places()) {
            out.println("  " + (place.writable() ? "writable " : "protected ") + place.path()
                    + (place.tree() ? " and what is in it" : "") + ", label " + place.label());
        }
        out.println("  needed by " + needers(layer));
    }

    private String needers(Layer layer) {
        String sandboxes = leases.stream()
                .filter(lease -> isOpen(lease) && needed(lease).contains(layer.id()))
                .map(StampStatus::describe)
                .collect(Collectors.joining(", "));
        if (!sandboxes.isEmpty()) {
            return sandboxes;
        }
        return kept.contains(layer.id()) ? "no open sandbox" : "nobody: left behind; 'recover' takes it back";
    }

    private Set<UUID> needed(Lease lease) {
        Set<UUID> needed = new HashSet<>();
        Deque<UUID> open = new ArrayDeque<>(lease.layers());
        while (!open.isEmpty()) {
            UUID id = open.remove();
            if (needed.add(id)) {
                layers.stream()
                        .filter(layer -> layer.id().equals(id))
                        .forEach(layer -> open.addAll(layer.header().dependsOn()));
            }
        }
        return needed;
    }

    private static String reason(Path file) {
        try {
            return Files.readString(file.resolveSibling(file.getFileName() + ".reason.txt"))
                    .strip();
        } catch (IOException e) {
            return "the reason cannot be read: " + e;
        }
    }
}
