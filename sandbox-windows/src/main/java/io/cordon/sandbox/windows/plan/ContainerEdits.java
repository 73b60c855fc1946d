package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The grants to an AppContainer. */
final class ContainerEdits {
    private final HostFacts facts;
    private final RegionPlanning regions;
    private final Sid packageSid;
    private final List<Gap> gaps;
    private final List<Edit> edits;
    private final Map<Path, String> stamps;

    ContainerEdits(
            HostFacts facts,
            RegionPlanning regions,
            Sid packageSid,
            List<Gap> gaps,
            List<Edit> edits,
            Map<Path, String> stamps) {
        this.facts = facts;
        this.regions = regions;
        this.packageSid = packageSid;
        this.gaps = gaps;
        this.edits = edits;
        this.stamps = stamps;
    }

    void gather(ImmutableSet<Path> readable) {
        reportExposed();
        for (Path place : readable) {
            grant(place, EditPlanning.READ, "the child may read it");
        }
        for (Path directory : regions.writable()) {
            grant(directory, EditPlanning.GRANT, "the child may write it");
        }
    }

    private void reportExposed() {
        for (ObjectFacts object : facts.exposed()) {
            gaps.add(Gap.partial(
                    Capability.FILE_WRITE,
                    object.path() + " grants writing to AppContainers, so that the child can change it",
                    "take that entry from its access list",
                    "use a less privileged AppContainer with PlanOptions.withLessPrivileged(true)"));
        }
    }

    private void grant(Path top, AccessMask mask, String reason) {
        ObjectFacts object = facts.objects().get(top);
        boolean tree = object == null || (object.directory() && !object.reparsePoint());
        if (tree && regions.tree(top).passesOnNothing()) {
            gaps.add(Gap.fatal(
                    mask.equals(EditPlanning.READ) ? Capability.FILE_READ_LIMIT : Capability.FILE_WRITE,
                    "a directory in " + top + " passes nothing on to new files or directories; with the grant for "
                            + packageSid + " they would get nothing else, and their owner would be locked out",
                    "give the user an inheritable entry there"));
        }
        AccessAce ace = AccessAce.allow(tree ? AceFlags.INHERIT : AceFlags.NONE, mask, packageSid);
        String stamp = stamp(top, ace);
        if (tree) {
            stamps.put(top, stamp);
        }
        boolean stamped =
                !tree || regions.tree(top).stamp().filter(stamp::equals).isPresent();
        if (object == null || !stamped || !AceChange.isIn(object.descriptor(), ace)) {
            edits.add(
                    new Edit.AddAce(top, ace, tree, reason + ", and an AppContainer does only what is granted to it"));
        }
    }

    private String stamp(Path top, AccessAce ace) {
        StringBuilder text = new StringBuilder();
        text.append(ace).append('\n');
        regions.boundaries().stream()
                .filter(boundary -> boundary.startsWith(top) && !boundary.equals(top))
                .sorted()
                .forEach(boundary -> text.append(boundary).append('\n'));
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    }
}
