package io.cordon.sandbox.windows.plan;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One run of the planner: what it has gathered so far. */
final class Planning {
    private final SandboxPolicy policy;
    private final HostFacts facts;
    private final PlanOptions options;
    private final List<Gap> gaps = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Planning(SandboxPolicy policy, HostFacts facts, PlanOptions options) {
        this.policy = policy;
        this.facts = facts;
        this.options = options;
    }

    PlanResult plan() {
        if (facts.elevation() == Elevation.SYSTEM) {
            gaps.add(Gap.fatal(
                    Capability.FILE_WRITE,
                    "the host runs as " + facts.user()
                            + " without a user behind it, whose filtered token confines nothing",
                    "run the host as a user"));
        }
        ConfinementChoice choice = ConfinementChoice.of(policy, facts);
        gaps.addAll(choice.gaps());
        boolean contained = choice.confinement() == Confinement.APP_CONTAINER;
        if (contained && options.writeRestricted()) {
            warnings.add("an AppContainer is not write-restricted: what is granted to its package is its own");
        }

        RegionPlanning regions = new RegionPlanning(policy, facts, options, contained, gaps, warnings);
        regions.gather();
        boolean isolated =
                options.writeRestricted() && choice.confinement() == Confinement.LOW_INTEGRITY && regions.isolatable();
        Sid principal = choice.principal(facts);
        EditPlanning edits = new EditPlanning(facts, options, regions, choice, principal, isolated, gaps, warnings);
        if (contained) {
            edits.gatherForContainer();
        } else {
            edits.gather();
        }

        ImmutableList<Gap> unmet = gaps.stream()
                .filter(gap -> !gap.acceptable() || !policy.accepts(gap.capability(), gap.level()))
                .collect(ImmutableList.toImmutableList());
        if (!unmet.isEmpty()) {
            return new PlanResult.Refused(unmet);
        }
        return new PlanResult.Planned(build(choice, regions, edits, isolated));
    }

    private WindowsPlan build(ConfinementChoice choice, RegionPlanning regions, EditPlanning edits, boolean isolated) {
        TokenShape token = token(choice, regions);
        warnings.add("programs that are made in a writable place and started by the user run at level " + token.level()
                + ", because a process never runs above the label of its image");
        boolean openAsAccepted = policy.network().equals(NetworkAccess.NONE)
                && choice.gaps().stream().anyMatch(gap -> gap.capability() == Capability.NETWORK);
        ImmutableWindowsPlan.Builder plan = new ImmutableWindowsPlan.Builder()
                .confinement(choice.confinement())
                .confinementReason(choice.reason())
                .token(token)
                .edits(edits.edits())
                .boundaries(regions.boundaries())
                .fences(regions.fences())
                .putAllStamps(edits.stamps())
                .writable(regions.writable())
                .readable(regions.readable())
                .job(new JobShape(
                        policy.limits().processes(),
                        policy.limits().memory(),
                        policy.limits().cpuPercent(),
                        !facts.inJob(),
                        openAsAccepted))
                .privateDesktop(policy.requested().contains(Capability.UI))
                .gaps(gaps)
                .warnings(warnings)
                .isolatedFromOtherSandboxes(isolated);
        for (String name : List.of("TEMP", "TMP", "TMPDIR")) {
            plan.putEnvironment(name, facts.temp().toString());
        }
        if (openAsAccepted) {
            // Programs that honour proxies are told of one that does not answer.
            for (String name : List.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")) {
                plan.putEnvironment(name, "http://127.0.0.1:9");
            }
        }
        return plan.build();
    }

    private TokenShape token(ConfinementChoice choice, RegionPlanning regions) {
        return choice.confinement() == Confinement.APP_CONTAINER
                ? TokenShape.of(new ContainerShape(facts.appContainer().orElseThrow(), options.lessPrivileged()))
                : new TokenShape(options.level(), restricting(choice, regions));
    }

    /**
     * Never the user's own SID, nor a group that user files grant writing to: whatever is in the list can be written
     * again.
     */
    private Optional<ImmutableSet<Sid>> restricting(ConfinementChoice choice, RegionPlanning regions) {
        if (!options.writeRestricted() || choice.confinement() != Confinement.LOW_INTEGRITY) {
            return Optional.empty();
        }
        Set<Sid> sids = new LinkedHashSet<>();
        for (Path directory : regions.writable()) {
            Optional.ofNullable(facts.capabilities().get(directory)).ifPresent(sids::add);
        }
        sids.add(facts.logon());
        sids.add(WellKnownSids.EVERYONE);
        return Optional.of(ImmutableSet.copyOf(sids));
    }
}
