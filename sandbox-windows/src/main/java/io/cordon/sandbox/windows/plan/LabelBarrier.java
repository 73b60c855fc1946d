package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Objects are above the level of the child, unless they are labelled for it. */
final class LabelBarrier implements Barrier {
    private final IntegrityLevel level;
    private final ImmutableSet<Long> aclVolumes;

    /**
     * A barrier.
     *
     * @param level that of the child
     * @param aclVolumes the serial numbers of volumes that keep labels
     */
    LabelBarrier(IntegrityLevel level, ImmutableSet<Long> aclVolumes) {
        this.level = level;
        this.aclVolumes = aclVolumes;
    }

    @Override
    public Optional<Gap> againstOpening(String rule, ObjectFacts root) {
        return root.labelWritable()
                ? Optional.empty()
                : Optional.of(Gap.fatal(
                        Capability.FILE_WRITE,
                        rule
                                + " cannot be labelled: the user has neither WRITE_OWNER nor WRITE_DAC on it, or its label "
                                + MandatoryLabel.of(root.descriptor()) + " is above his level",
                        "grant the user full control of it",
                        "use a directory that the user owns"));
    }

    @Override
    public Optional<Gap> againstMaking(String rule, @Nullable ObjectFacts parent) {
        return Optional.empty(); // it is labelled as soon as it is made
    }

    @Override
    public Optional<Gap> againstCarvingOut(String rule, ObjectFacts carveOut) {
        if (carveOut.labelWritable()) {
            return Optional.empty();
        }
        String what =
                rule + " has the label " + MandatoryLabel.of(carveOut.descriptor()) + ", which the user may not change";
        if (isOpen(carveOut)) {
            return Optional.of(Gap.partial(Capability.FILE_WRITE_CARVE_OUT, what, "let its owner remove the label"));
        }
        if (carveOut.directory() && !carveOut.reparsePoint()) {
            // The child needs no right on a directory to open what lies in it: SeChangeNotifyPrivilege is everybody's.
            return Optional.of(Gap.partial(
                    Capability.FILE_WRITE_CARVE_OUT,
                    what + ", so that nothing in it is labelled, and what has a low label there can be changed",
                    "let its owner remove the label",
                    "grant the user full control of it"));
        }
        return Optional.empty();
    }

    @Override
    public Optional<Gap> againstDenying(String rule, ObjectFacts denied) {
        return aclVolumes.contains(denied.id().volume()) && denied.labelWritable()
                ? Optional.empty()
                : Optional.of(Gap.partial(
                        Capability.FILE_READ_DENY,
                        rule + " cannot be labelled by the user",
                        "grant the user full control of it",
                        "keep it from the user by its DACL"));
    }

    @Override
    public Gap leftOpen(Capability capability, Path object, Path top) {
        return Gap.partial(
                capability,
                object + " cannot be labelled by the user and "
                        + (capability == Capability.FILE_READ_DENY
                                ? "can be read by the child"
                                : "could be changed by the child"),
                "grant the user full control of it",
                "remove it from " + top);
    }

    @Override
    public Optional<Gap> againstSkipping(String what, ObjectFacts file) {
        return isOpen(file) && !file.labelWritable()
                ? Optional.of(
                        Gap.partial(Capability.FILE_WRITE, what + " and cannot be labelled", "replace it by a copy"))
                : Optional.empty();
    }

    @Override
    public boolean needsLabel(ObjectFacts file) {
        return isOpen(file) && file.labelWritable();
    }

    /** Whether the child could write the object by its label. */
    private boolean isOpen(ObjectFacts object) {
        MandatoryLabel label = MandatoryLabel.of(object.descriptor());
        return level.dominates(label.level()) || !label.policy().contains(MandatoryLabel.NO_WRITE_UP);
    }
}
