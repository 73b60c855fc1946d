package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes a plan and its edits, in one transaction of the register: what other sandboxes have prepared is used, what they
 * rely on is not changed, and every edit is recorded before it is made.
 */
public final class PlanOpening {
    /** Facts and plan of one sandbox. */
    public interface Planner {
        /** Looks at the machine, and uses what is recorded. */
        Seen facts(RecordedTrees recorded) throws SandboxException;

        /** Makes the plan, or says why there is none. */
        WindowsPlan plan(HostFacts facts) throws SandboxException;
    }

    /**
     * What was seen of a machine.
     *
     * @param shape what {@link RecordedTrees#facts} is asked with
     */
    public record Seen(HostFacts facts, String shape) {}

    /**
     * A plan whose edits are made.
     *
     * @param outcome what became of the edits
     */
    public record Opened(WindowsPlan plan, HostFacts facts, PlanEditor.Outcome outcome) {}

    private final RegisterTransaction register;
    private final FileCalls files;
    private final Sid user;
    private final EditProgress progress;
    private final int batchSize;
    private final List<Unreached> unreached = new ArrayList<>();
    private final List<PlanEditor.Exposed> exposed = new ArrayList<>();

    /** @param user who makes the edits */
    public PlanOpening(RegisterTransaction register, FileCalls files, Sid user, EditProgress progress) {
        this(register, files, user, progress, EditBatch.SIZE);
    }

    /**
     * The same with batches of another size.
     *
     * @param batchSize how many changes are recorded together
     */
    public PlanOpening(RegisterTransaction register, FileCalls files, Sid user, EditProgress progress, int batchSize) {
        this.batchSize = batchSize;
        this.register = register;
        this.files = files;
        this.user = user;
        this.progress = progress;
    }

    /**
     * Plans and edits.
     *
     * @param lease that of the sandbox, which is written with the layers that it needs; removing it and {@linkplain
     *     Settlement settling} undoes the edits, also after a failure
     * @param lifetime of the edits of the roots' trees
     * @throws SandboxException if there is no plan, if another open sandbox relies on what would be changed, or if a step
     *     fails
     */
    public Opened open(Planner planner, Lease lease, Lifetime lifetime) throws SandboxException {
        Planned planned = plan(planner);
        WindowsPlan plan = planned.plan;
        ImmutableList<Place> places = PlacesOfPlan.of(plan, planned.facts);
        Set<UUID> needed = new LinkedHashSet<>();
        for (Layer layer : register.overlapping(paths(plan))) {
            needed.add(layer.id());
        }
        requireNoConflict(plan);

        ImmutableList<Edit> kept = lifetime == Lifetime.PERSISTENT ? keepable(plan) : ImmutableList.of();
        ImmutableList<Edit> others =
                plan.edits().stream().filter(edit -> !kept.contains(edit)).collect(ImmutableList.toImmutableList());
        register.write(lease.needing(needed));
        // What is kept must not keep what ends with the sandbox: both lie on what was there before.
        ImmutableSet<UUID> earlier = ImmutableSet.copyOf(needed);
        edit(planned, others, Lifetime.SESSION, without(places, kept), earlier, needed, lease);
        edit(planned, kept, Lifetime.PERSISTENT, without(places, others), earlier, needed, lease);
        return new Opened(
                plan,
                planned.facts,
                new PlanEditor.Outcome(ImmutableList.copyOf(unreached), ImmutableList.copyOf(exposed)));
    }

    private record Planned(HostFacts facts, String shape, WindowsPlan plan) {}

    /**
     * A tree that turns out to need edits is looked at whatever is recorded of it; and what was kept of a sandbox that is
     * closed, and does not suit this one, is undone first instead of being built upon.
     */
    private Planned plan(Planner planner) throws SandboxException {
        Set<FileId> stale = new HashSet<>();
        while (true) {
            Seen seen = planner.facts(recordedBut(stale));
            HostFacts facts = seen.facts();
            WindowsPlan plan = planner.plan(facts);
            Set<FileId> edited = new HashSet<>();
            for (Edit edit : plan.edits()) {
                if (isOfTree(edit) && facts.objects().containsKey(edit.path())) {
                    edited.add(facts.objects().get(edit.path()).id());
                }
            }
            boolean dropped = dropUnsuitable(plan);
            boolean unseen = edited.stream().anyMatch(top -> !stale.contains(top) && isRecorded(facts, top));
            if (!dropped && !unseen) {
                return new Planned(facts, seen.shape(), plan);
            }
            stale.addAll(edited);
        }
    }

    private RecordedTrees recordedBut(Set<FileId> stale) {
        return new RecordedTrees() {
            @Override
            public Optional<TreeFacts> facts(FileId top, String shape) throws SandboxException {
                return stale.contains(top) ? Optional.empty() : register.recorded(top, shape);
            }

            @Override
            public boolean isOpened(FileId directory) throws SandboxException {
                return register.isOpened(directory);
            }
        };
    }

    private static boolean isRecorded(HostFacts facts, FileId top) {
        return facts.objects().values().stream()
                .filter(object -> object.id().equals(top))
                .anyMatch(object -> facts.trees()
                        .getOrDefault(object.path(), TreeFacts.PLAIN)
                        .stamp()
                        .isPresent());
    }

    private boolean dropUnsuitable(WindowsPlan plan) throws SandboxException {
        List<Path> tops = plan.edits().stream()
                .filter(PlanOpening::isOfTree)
                .map(Edit::path)
                .toList();
        if (tops.isEmpty()) {
            return false;
        }
        Set<UUID> inUse = ids(register.neededByLeases());
        Set<UUID> unsuitable = new HashSet<>();
        for (Layer layer : register.overlapping(tops)) {
            if (layer.header().lifetime() == Lifetime.PERSISTENT && !inUse.contains(layer.id())) {
                unsuitable.add(layer.id());
            }
        }
        return !unsuitable.isEmpty()
                && !new Settlement(files, user)
                        .settle(register, layer -> unsuitable.contains(layer.id()))
                        .undone()
                        .isEmpty();
    }

    private static ImmutableSet<UUID> ids(List<Layer> layers) {
        return layers.stream().map(Layer::id).collect(ImmutableSet.toImmutableSet());
    }

    private static boolean isOfTree(Edit edit) {
        return (edit instanceof Edit.SetLabel label && label.tree()) || (edit instanceof Edit.AddAce add && add.tree());
    }

    private static ImmutableSet<Path> paths(WindowsPlan plan) {
        ImmutableSet.Builder<Path> paths = ImmutableSet.builder();
        paths.addAll(plan.writable())
                .addAll(plan.readable())
                .addAll(plan.boundaries())
                .addAll(plan.fences());
        plan.edits().forEach(edit -> paths.add(edit.path()));
        return paths.build();
    }

    /** The edits of the roots' trees: what holds places where they are, and what denies reading, ends with the sandbox. */
    private static ImmutableList<Edit> keepable(WindowsPlan plan) {
        Path temp = plan.writable().asList().get(plan.writable().size() - 1);
        return plan.edits().stream()
                .filter(edit -> isOfTree(edit)
                        && plan.writable().contains(edit.path())
                        && !edit.path().equals(temp))
                .collect(ImmutableList.toImmutableList());
    }

    /** The places but for writable ones whose trees these edits change. */
    private static ImmutableList<Place> without(ImmutableList<Place> places, ImmutableList<Edit> edits) {
        Set<Path> tops = new HashSet<>();
        edits.stream().filter(PlanOpening::isOfTree).forEach(edit -> tops.add(edit.path()));
        return places.stream()
                .filter(place -> !place.writable() || !tops.contains(Path.of(place.path())))
                .collect(ImmutableList.toImmutableList());
    }

    private void requireNoConflict(WindowsPlan plan) throws SandboxException {
        for (Layer other : register.neededByLeases()) {
            Optional<String> conflict =
                    PlacesOfPlan.conflict(plan, other.header().places());
            if (conflict.isPresent()) {
                throw new SandboxException(
                        SandboxErrorCode.ROOT_IN_USE,
                        conflict.get() + " for a sandbox that process "
                                + other.header().owner().pid() + " opened at "
                                + other.header().created()
                                + "; close that one first, or open both with the same rules for this place");
            }
        }
    }

    private void edit(
            Planned planned,
            ImmutableList<Edit> edits,
            Lifetime lifetime,
            ImmutableList<Place> places,
            ImmutableSet<UUID> earlier,
            Set<UUID> needed,
            Lease lease)
            throws SandboxException {
        if (edits.isEmpty()) {
            return;
        }
        try (JournalWriter journal = register.newLayer(lifetime, earlier, places)) {
            needed.add(journal.id());
            register.write(lease.needing(needed));
            PlanEditor.Outcome outcome = new PlanEditor(files, journal::append, planned.facts, progress, batchSize)
                    .apply(planned.plan.replacingEdits(edits));
            unreached.addAll(outcome.unreached());
            exposed.addAll(outcome.exposed());
            journal.complete(stamps(planned, edits, outcome));
        }
    }

    /** What the next opening may rely on: trees whose top took its label, and in which nothing is exposed. */
    private ImmutableList<Stamped> stamps(Planned planned, ImmutableList<Edit> edits, PlanEditor.Outcome outcome)
            throws SandboxException {
        Set<String> untrusted = new HashSet<>();
        outcome.unreached().forEach(object -> untrusted.add(object.path()));
        outcome.exposed().forEach(object -> untrusted.add(object.edit().path().toString()));
        ImmutableList.Builder<Stamped> stamps = ImmutableList.builder();
        for (Edit edit : edits) {
            String stamp = planned.plan.stamps().get(edit.path());
            // The label of a tree is set last, after what is granted in it; an AppContainer's tree has no label.
            boolean last = planned.plan.token().container().isPresent() || edit instanceof Edit.SetLabel;
            if (last
                    && isOfTree(edit)
                    && stamp != null
                    && !untrusted.contains(edit.path().toString())) {
                TreeFacts found = planned.facts.trees().getOrDefault(edit.path(), TreeFacts.PLAIN);
                stamps.add(new Stamped(edit.path().toString(), id(edit.path()), planned.shape, stamp, found));
            }
        }
        return stamps.build();
    }

    private FileId id(Path path) throws SandboxException {
        try (FileTree.Entry entry = new FileTree(files).open(FileTree.extended(path), 0)) {
            return entry.id();
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, path.toString());
        }
    }
}
