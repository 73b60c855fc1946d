package io.cordon.sandbox.windows.plan;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.SandboxPolicy;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Works out what an AppContainer is granted to read, besides what is writable. */
final class ReadPlanning {
    private final SandboxPolicy policy;
    private final HostFacts facts;
    private final RegionPlanning regions;
    private final List<Gap> gaps;
    private final List<String> warnings;
    private final Set<Path> readable = new LinkedHashSet<>();

    ReadPlanning(SandboxPolicy policy, HostFacts facts, RegionPlanning regions, List<Gap> gaps, List<String> warnings) {
        this.policy = policy;
        this.facts = facts;
        this.regions = regions;
        this.gaps = gaps;
        this.warnings = warnings;
    }

    /** The places, without those that lie in another one or in a root. */
    Set<Path> gather() {
        Set<Path> asked = new LinkedHashSet<>();
        policy.allowRead().forEach(path -> asked.add(regions.real(path)));
        for (Path path : policy.allowRead()) {
            Path place = regions.real(path);
            ObjectFacts object = facts.objects().get(place);
            boolean held =
                    RegionPlanning.isIn(regions.roots(), place) && !RegionPlanning.isIn(regions.carveOuts(), place);
            if (regions.labels().keySet().stream()
                    .anyMatch(top -> place.startsWith(top) && regions.isUnreadable(top))) {
                gaps.add(Gap.fatal(
                        Capability.FILE_READ_DENY,
                        "allowRead(" + path + ") lies inside a path of denyRead, links resolved",
                        "remove one of them"));
            } else if (object == null) {
                warnings.add("allowRead(" + path + ") does not exist");
            } else if (!held && !RegionPlanning.isIn(asked, place.getParent())) {
                if (object.daclWritable()) {
                    regions.tree(place)
                            .hardLinks()
                            .forEach(file -> regions.skipped().add(file.path()));
                    if (regions.skipped().contains(place)) {
                        warnings.add("allowRead(" + path + ") is denied for reading by another name, and stays so");
                    } else {
                        readable.add(place);
                    }
                } else if (!ContainerGrants.grantsAnyOf(object.descriptor(), ContainerGrants.USES)) {
                    warnings.add("allowRead(" + path + ") cannot be granted: the user may not change its access list, "
                            + "and it grants AppContainers nothing");
                }
            }
        }
        if (regions.roots().stream().anyMatch(root -> regions.tree(root).needsDeleteChild())) {
            warnings.add("something in the roots can be deleted only through the directory that it is in, which an "
                    + "AppContainer is not granted");
        }
        for (Path carveOut : regions.carveOuts()) {
            regions.tree(carveOut).hardLinks().forEach(file -> regions.skipped().add(file.path()));
            ObjectFacts object = facts.objects().get(carveOut);
            if (object != null && !object.daclWritable()) {
                warnings.add("denyWrite(" + carveOut + ") cannot be granted for reading: the user may not change its "
                        + "access list");
            } else if (!regions.isUnreadable(carveOut) && !regions.skipped().contains(carveOut)) {
                readable.add(carveOut);
            }
        }
        return readable;
    }
}
