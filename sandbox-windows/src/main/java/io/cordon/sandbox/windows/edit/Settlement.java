package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;

/** Undoes the layers of edits that no sandbox needs any more, the youngest first. */
public final class Settlement {
    private final FileCalls files;
    private final Sid user;
    private final List<String> undone = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    /** Layers beneath one that could not be undone: what it would be put back to is what they made. */
    private final Set<UUID> blocked = new HashSet<>();

    /** @param user the user who made the edits, and who undoes them */
    public Settlement(FileCalls files, Sid user) {
        this.files = files;
        this.user = user;
    }

    /**
     * Undoes what is not needed.
     *
     * @param dropped persistent layers that are not to be kept, unless an open sandbox needs them
     */
    public CleanUpReport settle(RegisterTransaction register, Predicate<Layer> dropped) throws SandboxException {
        UndoGrants grants = new UndoGrants(register);
        try (grants) {
            for (Layer layer : register.unneeded(dropped)) {
                if (blocked.contains(layer.id())) {
                    left.add(describe(layer) + ": a younger one that lies on it could not be undone");
                    blocked.addAll(layer.header().dependsOn());
                } else if (undo(register, layer, grants)) {
                    undone.add(describe(layer));
                }
            }
        }
        for (Layer layer : register.layers()) {
            if (grants.isOf(layer)) {
                undo(register, layer, EditLog.NONE);
            }
        }
        return CleanUpReport.of(undone, left);
    }

    private boolean undo(RegisterTransaction register, Layer layer, EditLog grants) throws SandboxException {
        ImmutableList<Unreached> failures;
        try (JournalReader journal = register.open(layer)) {
            failures = undo(journal, register.layers(), grants);
        } catch (JournalFormatException e) {
            left.add(describe(layer) + ": its journal is damaged, so that it was put into quarantine: "
                    + e.getMessage());
            return false;
        } catch (SandboxException e) {
            throw e;
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.CLOSE_FAILED, "the journal " + layer.file() + " cannot be read: " + e, e);
        }
        if (failures.isEmpty()) {
            register.delete(layer);
            return true;
        }
        blocked.addAll(layer.header().dependsOn());
        failures.forEach(failure -> left.add(failure.toString()));
        return false;
    }

    private ImmutableList<Unreached> undo(JournalReader journal, ImmutableList<Layer> layers, EditLog grants)
            throws IOException {
        List<Place> others = layers.stream()
                .filter(layer -> !layer.id().equals(journal.header().id()))
                .flatMap(layer -> layer.header().places().stream())
                .toList();
        ImmutableList<Place> swept = swept(journal, others);
        RecordUndo records = new RecordUndo(files, user, grants);
        List<Unreached> unswept = new ArrayList<>();
        ResidueSweep residue = new ResidueSweep(files, user, grants, unswept);
        for (ImmutableList<EditRecord> batch = journal.previous(); !batch.isEmpty(); batch = journal.previous()) {
            for (EditRecord record : batch) {
                if (!swept.isEmpty()) {
                    residue.learn(record);
                }
                records.undo(record);
            }
        }
        for (Place place : swept) {
            residue.sweep(place, untouched(place, journal.header().places(), others));
        }
        return ImmutableList.<Unreached>builder()
                .addAll(records.left())
                .addAll(unswept)
                .build();
    }

    /**
     * The trees that are gone through again. No child runs before every edit is made, so that in what an unfinished layer
     * made writable there is nothing of one; and what it did not come to keeps the labels that it has.
     */
    private static ImmutableList<Place> swept(JournalReader journal, List<Place> others) {
        return journal.completed().isEmpty()
                ? ImmutableList.of()
                : journal.header().places().stream()
                        .filter(place -> place.writable()
                                && others.stream().noneMatch(other -> other.writable() && other.contains(place.path())))
                        .collect(ImmutableList.toImmutableList());
    }

    private static Set<String> untouched(Place place, List<Place> own, List<Place> others) {
        Set<String> untouched = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        own.stream().filter(other -> !other.writable()).forEach(other -> untouched.add(other.path()));
        others.forEach(other -> untouched.add(other.path()));
        untouched.remove(place.path());
        return untouched;
    }

    private static String describe(Layer layer) {
        StringBuilder text =
                new StringBuilder("the edits of ").append(layer.header().created());
        layer.header().places().stream()
                .filter(Place::writable)
                .forEach(place -> text.append(", on ").append(place.path()));
        return text.toString();
    }
}
