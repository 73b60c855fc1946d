package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.facts.CollectedFacts;
import io.cordon.sandbox.windows.facts.FactPlaces;
import io.cordon.sandbox.windows.facts.HostState;
import io.cordon.sandbox.windows.facts.WindowsFacts;
import io.cordon.sandbox.windows.plan.Elevation;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.file.Path;
import java.util.Optional;

/** Runs the backend's own collector of facts on a {@link VirtualHost}. */
final class CollectedOnModel {
    private CollectedOnModel() {}

    /** With the whole volume to search, nothing recorded and nobody watching. */
    static CollectedFacts collect(VolumeCalls calls, SandboxPolicy policy, PlanOptions options)
            throws SandboxException {
        return collect(calls, policy, options, RecordedTrees.NONE, EditProgress.NONE);
    }

    static CollectedFacts collect(
            VolumeCalls calls, SandboxPolicy policy, PlanOptions options, RecordedTrees recorded, EditProgress progress)
            throws SandboxException {
        Path temp = VirtualVolume.toPath(calls.host().temp());
        FactPlaces places = new FactPlaces(
                ImmutableSet.of(temp.resolveSibling("")),
                ImmutableSet.of(VirtualVolume.toPath("/")),
                temp,
                ImmutableList.of(VirtualVolume.toPath("/")));
        return new WindowsFacts(
                        calls.files(),
                        calls.tokens(),
                        new HostState(Elevation.STANDARD, 0, false, Optional.of(Scenario.PACKAGE), Optional.empty()),
                        places,
                        directory -> Sid.of(5, 21, 1, 2, 3, directory.fileIndex()),
                        recorded)
                .collect(policy, options, progress);
    }
}
