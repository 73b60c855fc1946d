package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.hash.Hashing;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Works out the changes. What protects comes before what opens: when a root becomes writable, everything in it that is
 * to stay as it is does so already.
 */
final class EditPlanning {
    /**
     * Modify without FILE_DELETE_CHILD: what is below has DELETE by inheritance, and carve-outs must not have it
     * through their parent.
     */
    static final AccessMask GRANT = AccessMask.FILE_GENERIC_READ
            .or(AccessMask.FILE_GENERIC_WRITE)
            .or(AccessMask.FILE_GENERIC_EXECUTE)
            .or(AccessMask.DELETE);

    /** What an AppContainer needs to read files, list directories, and run programs. */
    static final AccessMask READ = AccessMask.FILE_GENERIC_READ.or(AccessMask.FILE_GENERIC_EXECUTE);

    private final HostFacts facts;
    private final PlanOptions options;
    private final RegionPlanning regions;
    private final ConfinementChoice choice;
    private final Sid principal;
    private final boolean isolated;
    private final List<Gap> gaps;
    private final List<String> warnings;
    private final List<Edit> edits = new ArrayList<>();
    private final Map<Path, String> stamps = new LinkedHashMap<>();

    EditPlanning(
            HostFacts facts,
            PlanOptions options,
            RegionPlanning regions,
            ConfinementChoice choice,
            Sid principal,
            boolean isolated,
            List<Gap> gaps,
            List<String> warnings) {
        this.facts = facts;
        this.options = options;
        this.regions = regions;
        this.choice = choice;
        this.principal = principal;
        this.isolated = isolated;
        this.gaps = gaps;
        this.warnings = warnings;
    }

    List<Edit> edits() {
        return edits;
    }

    Map<Path, String> stamps() {
        return stamps;
    }

    void gather() {
        makeDirectories();
        SetMultimap<Path, Path> boundariesByTop = boundariesByTop();
        regions.labels().forEach((path, label) -> protect(path, label, boundariesByTop));
        shield();
        holdInPlace();
        MandatoryLabel writable = new MandatoryLabel(options.level(), MandatoryLabel.NO_WRITE_UP);
        for (Path directory : regions.writable()) {
            open(directory, writable, boundariesByTop);
        }
    }

    /**
     * An AppContainer gets nothing that is not granted to its package, so that what is protected needs no change: the
     * grants stop there. No label is set, because below and at Medium none holds an AppContainer.
     *
     * <p>It is granted neither WRITE_DAC nor FILE_DELETE_CHILD, so that a denied DELETE holds what must stay in place.
     *
     * @param readable what it is to read, besides what is writable
     */
    void gatherForContainer(ImmutableSet<Path> readable) {
        Sid packageSid = facts.appContainer().orElseThrow();
        makeDirectories();
        holdInPlace();
        new ContainerEdits(facts, regions, packageSid, gaps, edits, stamps).gather(readable);
    }

    private void makeDirectories() {
        if (!facts.objects().containsKey(facts.temp())) {
            edits.add(new Edit.CreateDirectory(facts.temp(), "the child's private temp directory"));
        }
        for (Path path : regions.missing()) {
            edits.add(new Edit.CreateDirectory(path, "a carve-out that does not exist could be made by the child"));
        }
    }

    private void protect(Path path, MandatoryLabel label, SetMultimap<Path, Path> boundariesByTop) {
        boolean unreadable = label.policy().equals(MandatoryLabel.NO_ACCESS_UP);
        ObjectFacts object = facts.objects().get(path);
        boolean tree = object == null ? regions.missing().contains(path) : object.directory() && !object.reparsePoint();
        String reason = unreadable
                ? "what is labelled above the child's level without read or execute cannot be read by it"
                : "what is labelled above the child's level cannot be changed by it";
        if (object != null && !object.labelWritable()) {
            return; // reported as a gap where it matters; without a label an object is Medium as it is
        }
        addTree(new Edit.SetLabel(path, label, tree, reason), Optional.empty(), boundariesByTop);
    }

    private void shield() {
        for (ObjectFacts object : facts.exposed()) {
            MandatoryLabel label = MandatoryLabel.of(object.descriptor());
            boolean refuse = options.exposedPlaces() == PlanOptions.ExposedPlaces.REFUSE;
            if (refuse || !object.labelWritable()) {
                gaps.add(Gap.partial(
                        Capability.FILE_WRITE,
                        object.path() + " is labelled " + label + ", so that the child at " + options.level()
                                + " can change it",
                        refuse ? "use ExposedPlaces.SHIELD" : "let its owner raise its label"));
                continue;
            }
            // What the child could read by the old label stays readable; what the old label kept from it stays kept.
            AccessMask kept = options.level().dominates(label.level()) ? AccessMask.NONE : label.policy();
            MandatoryLabel shield =
                    new MandatoryLabel(MandatoryLabel.DEFAULT.level(), kept.or(MandatoryLabel.NO_WRITE_UP));
            edits.add(new Edit.SetLabel(
                    object.path(),
                    shield,
                    false,
                    "it lies outside of every root, and its label " + label + " lets the child change it"));
            warnings.add(
                    "while the sandbox is open, low-integrity programs of the user cannot change " + object.path());
        }
    }

    /**
     * Roots, and directories that hold a carve-out, must not be deleted or renamed, and what is in the latter only by
     * its own DELETE.
     *
     * <p>The entries name the user, because a deny for a restricting SID does not count for FILE_DELETE_CHILD under
     * WRITE_RESTRICTED, and a process can drop a restricting SID but not its user. They hold for the one directory and
     * are not inherited.
     */
    private void holdInPlace() {
        Set<Path> writablePlaces = regions.writable();
        for (Path directory : regions.fences()) {
            boolean ancestor = regions.ancestors().contains(directory);
            boolean writable = writablePlaces.contains(directory);
            if (!ancestor && !writable) {
                continue; // the carve-out itself: its label takes DELETE from the child
            }
            ObjectFacts object = facts.objects().get(directory);
            boolean contained = choice.confinement() == Confinement.APP_CONTAINER;
            boolean denyChildren =
                    ancestor && !isolated && !contained && (object == null || !object.childrenNeedDeleteChild());
            if (ancestor && !contained && object != null && object.childrenNeedDeleteChild()) {
                warnings.add(
                        "in " + directory
                                + " something can be deleted only through the directory, so that the carve-outs in it are held by open handles alone");
            }
            if (object != null && !object.daclWritable()) {
                warnings.add("the DACL of " + directory
                        + " cannot be changed by the user: an open handle alone keeps it in place");
                continue;
            }
            AccessMask mask = denyChildren ? AccessMask.DELETE.or(AccessMask.FILE_DELETE_CHILD) : AccessMask.DELETE;
            AccessAce ace = AccessAce.deny(mask, principal);
            if (object == null || !AceChange.isIn(object.descriptor(), ace)) {
                edits.add(new Edit.AddAce(
                        directory,
                        ace,
                        false,
                        ancestor
                                ? "it holds a carve-out, which must not be moved or deleted, nor its ancestors"
                                : "a writable directory must not be moved or deleted itself"));
            }
        }
    }

    private void open(Path directory, MandatoryLabel label, SetMultimap<Path, Path> boundariesByTop) {
        Optional<Sid> grantee = choice.confinement() == Confinement.ACCOUNT
                ? Optional.of(principal)
                : options.writeRestricted()
                        ? Optional.ofNullable(facts.capabilities().get(directory))
                        : Optional.empty();
        if (grantee.isPresent() && regions.tree(directory).passesOnNothing()) {
            gaps.add(Gap.fatal(
                    Capability.FILE_WRITE,
                    "a directory in " + directory
                            + " passes nothing on to new files or directories; with the grant for " + grantee.get()
                            + " they would get nothing else, and their owner would be locked out",
                    "give the user an inheritable entry there",
                    "plan without writeRestricted"));
        }
        Edit.SetLabel edit = new Edit.SetLabel(
                directory, label, true, "it is writable: the child writes only what is labelled at its level or below");
        addTree(edit, grantee, boundariesByTop);
    }

    /** Adds the changes of a tree, unless its stamp says that they were made and its top still shows it. */
    private void addTree(Edit.SetLabel edit, Optional<Sid> grantee, SetMultimap<Path, Path> boundariesByTop) {
        Path top = edit.path();
        String stamp = stamp(edit, grantee, boundariesByTop);
        if (edit.tree()) {
            stamps.put(top, stamp);
        }
        ObjectFacts object = facts.objects().get(top);
        if (object != null && isStamped(edit, object, stamp)) {
            return;
        }
        if (isolated && isWritable(top)) {
            edits.add(
                    new Edit.AddAce(
                            top,
                            AccessAce.deny(AceFlags.CONTAINER_INHERIT, AccessMask.FILE_DELETE_CHILD, principal),
                            true,
                            "FILE_DELETE_CHILD is no write right to a write-restricted token: without this, other sandboxes could delete here"));
        }
        grantee.ifPresent(sid -> edits.add(new Edit.AddAce(
                top,
                AccessAce.allow(AceFlags.INHERIT, GRANT, sid),
                true,
                "it is writable: the child's token needs a grant for " + sid)));
        edits.add(edit);
    }

    private boolean isWritable(Path top) {
        return top.equals(facts.temp()) || regions.roots().contains(top);
    }

    private boolean isStamped(Edit.SetLabel edit, ObjectFacts object, String stamp) {
        LabelAce present = MandatoryLabel.aceOf(object.descriptor());
        boolean shows = edit.ace(true, object.directory()).equals(present);
        if (!shows && present != null && !isWritable(edit.path())) {
            // A file with several names shows the strictest of the labels that are meant for it.
            shows = !object.directory()
                    && present.level().dominates(edit.label().level())
                    && present.mask().contains(edit.label().policy());
        }
        return shows
                && (!edit.tree()
                        || regions.tree(edit.path())
                                .stamp()
                                .filter(stamp::equals)
                                .isPresent());
    }

    private String stamp(Edit.SetLabel edit, Optional<Sid> grantee, SetMultimap<Path, Path> boundariesByTop) {
        StringBuilder text = new StringBuilder();
        text.append(edit.label()).append('\n').append(edit.tree()).append('\n');
        text.append(isolated).append('\n').append(grantee).append('\n');
        for (Path boundary : new TreeSet<>(boundariesByTop.get(edit.path()))) {
            text.append(boundary).append('\n');
        }
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    }

    /** Each boundary under the top of the tree that it cuts: the nearest writable or protected place above it. */
    private SetMultimap<Path, Path> boundariesByTop() {
        SetMultimap<Path, Path> result = LinkedHashMultimap.create();
        for (Path boundary : regions.boundaries()) {
            Path top = topAbove(boundary);
            if (top != null) {
                result.put(top, boundary);
            }
        }
        return result;
    }

    private @Nullable Path topAbove(Path path) {
        for (Path up = path.getParent(); up != null; up = up.getParent()) {
            if (regions.labels().containsKey(up) || regions.roots().contains(up)) {
                return up;
            }
        }
        return null;
    }
}
