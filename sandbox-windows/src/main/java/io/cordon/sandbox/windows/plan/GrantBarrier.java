package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.Capability;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Objects grant nothing to an AppContainer, unless somebody granted it something. Labels need not be looked at. */
final class GrantBarrier implements Barrier {
    @Override
    public Optional<Gap> againstOpening(String rule, ObjectFacts root) {
        return root.daclWritable()
                ? Optional.empty()
                : Optional.of(Gap.fatal(
                        Capability.FILE_WRITE,
                        rule + " cannot be granted to an AppContainer: the user has no WRITE_DAC on it",
                        "grant the user full control of it",
                        "use a directory that the user owns"));
    }

    @Override
    public Optional<Gap> againstMaking(String rule, @Nullable ObjectFacts parent) {
        return parent == null || !ContainerGrants.grantsAnyOf(parent.descriptor(), ContainerGrants.CHANGES)
                ? Optional.empty()
                : Optional.of(Gap.partial(
                        Capability.FILE_WRITE_CARVE_OUT,
                        rule + " does not exist, and what is made in its place inherits a grant to AppContainers",
                        "make it yourself and take that entry from its access list"));
    }

    @Override
    public Optional<Gap> againstCarvingOut(String rule, ObjectFacts carveOut) {
        return Optional.empty(); // what it grants is found with what is in it
    }

    @Override
    public Optional<Gap> againstDenying(String rule, ObjectFacts denied) {
        return Optional.empty(); // likewise
    }

    @Override
    public Gap leftOpen(Capability capability, Path object, Path top) {
        return Gap.partial(
                capability,
                object + " grants AppContainers "
                        + (capability == Capability.FILE_READ_DENY ? "reading or changing it" : "changing it")
                        + ", and perhaps the child",
                "take that entry from its access list",
                "remove it from " + top);
    }

    @Override
    public Optional<Gap> againstSkipping(String what, ObjectFacts file) {
        return ContainerGrants.grantsAnyOf(file.descriptor(), ContainerGrants.CHANGES)
                ? Optional.of(Gap.partial(
                        Capability.FILE_WRITE, what + " and grants writing to AppContainers", "replace it by a copy"))
                : Optional.empty();
    }

    @Override
    public boolean needsLabel(ObjectFacts file) {
        return false;
    }
}
