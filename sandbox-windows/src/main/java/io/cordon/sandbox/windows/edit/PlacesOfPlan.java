package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a plan wants of which places, and whether that agrees with what others want of them. */
final class PlacesOfPlan {
    private PlacesOfPlan() {}

    static ImmutableList<Place> of(WindowsPlan plan, HostFacts facts) {
        Map<Path, Edit.SetLabel> labels = new HashMap<>();
        for (Edit edit : plan.edits()) {
            if (edit instanceof Edit.SetLabel label) {
                labels.put(label.path(), label);
            }
        }
        ImmutableList.Builder<Place> places = ImmutableList.builder();
        MandatoryLabel writable = new MandatoryLabel(plan.token().level(), MandatoryLabel.NO_WRITE_UP);
        for (Path path : plan.writable()) {
            labels.remove(path);
            places.add(new Place(path.toString(), id(facts, path), writable, true, true));
        }
        for (Path path : plan.boundaries()) {
            Edit.SetLabel label = labels.remove(path);
            places.add(new Place(
                    path.toString(),
                    id(facts, path),
                    label == null ? present(facts, path) : label.label(),
                    false,
                    label == null || label.tree()));
        }
        labels.forEach((path, label) ->
                places.add(new Place(path.toString(), id(facts, path), label.label(), false, label.tree())));
        return places.build();
    }

    private static Optional<FileId> id(HostFacts facts, Path path) {
        return Optional.ofNullable(facts.objects().get(path)).map(ObjectFacts::id);
    }

    private static MandatoryLabel present(HostFacts facts, Path path) {
        ObjectFacts object = facts.objects().get(path);
        return object == null ? MandatoryLabel.DEFAULT : MandatoryLabel.of(object.descriptor());
    }

    /**
     * The first place that a plan would give another label than somebody else relies on, as the beginning of a sentence.
     *
     * @param others what he wants of which places
     */
    static Optional<String> conflict(WindowsPlan plan, List<Place> others) {
        for (Edit edit : plan.edits()) {
            if (edit instanceof Edit.SetLabel label) {
                Optional<Place> around = others.stream()
                        .filter(other -> other.contains(label.path().toString()))
                        .max(Comparator.comparingInt(other -> other.path().length()));
                if (around.isPresent() && !around.get().label().equals(label.label())) {
                    return Optional.of(label.path() + " is to be " + label.label() + ", and is " + what(around.get()));
                }
                for (Place other : others) {
                    if (label.tree()
                            && reaches(plan, label, other)
                            && !other.label().equals(label.label())) {
                        return Optional.of(other.path() + " in " + label.path() + " is to be " + label.label()
                                + ", and is " + what(other));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static String what(Place place) {
        return (place.writable() ? "writable (" : "protected (") + place.label() + ")";
    }

    private static boolean reaches(WindowsPlan plan, Edit.SetLabel label, Place other) {
        return FinalPath.contains(label.path().toString(), other.path())
                && plan.boundaries().stream()
                        .filter(boundary -> !boundary.equals(label.path()) && boundary.startsWith(label.path()))
                        .noneMatch(boundary -> FinalPath.contains(boundary.toString(), other.path()));
    }
}
