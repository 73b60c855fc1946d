package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Evidence;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.windows.edit.PlanOpening;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.facts.CollectedFacts;
import io.cordon.sandbox.windows.facts.FactPlaces;
import io.cordon.sandbox.windows.facts.HostState;
import io.cordon.sandbox.windows.facts.WindowsFacts;
import io.cordon.sandbox.windows.plan.AccountFacts;
import io.cordon.sandbox.windows.plan.Confinement;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.plan.Elevation;
import io.cordon.sandbox.windows.plan.Gap;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Plans a policy for this machine: looks at it, and asks the pure planner. */
final class HostPlanner {
    private final NativeCalls calls;
    private final WindowsPlaces places;
    private final SandboxPolicy policy;
    private final PlanOptions options;
    private final Counted progress;
    private final String containerName;
    private final Optional<AccountFacts> account;

    /** A planner for policies that are for no AppContainer. */
    HostPlanner(NativeCalls calls, WindowsPlaces places, SandboxPolicy policy, PlanOptions options, Counted progress) {
        this(calls, places, policy, options, progress, "Cordon", Optional.empty());
    }

    /**
     * A planner.
     *
     * @param containerName the name of the AppContainer that belongs to the policy
     * @param account the account that was provisioned for sandboxes, if the policy is one for it
     */
    HostPlanner(
            NativeCalls calls,
            WindowsPlaces places,
            SandboxPolicy policy,
            PlanOptions options,
            Counted progress,
            String containerName,
            Optional<AccountFacts> account) {
        this.account = account;
        this.containerName = containerName;
        this.calls = calls;
        this.places = places;
        this.policy = policy;
        this.options = options;
        this.progress = progress;
    }

    /** Who is told of each object. */
    Counted progress() {
        return progress;
    }

    /** The profile that the sandbox needs; empty if it is to be in no AppContainer. */
    Optional<String> profile() {
        return ContainerProfiles.isFor(policy) && calls.containers().available()
                ? Optional.of(containerName)
                : Optional.empty();
    }

    /** The AppContainer that children would be in; empty if there is none, or no plan. */
    Optional<ContainerShape> container() {
        try {
            return profile().isEmpty()
                    ? Optional.empty()
                    : plan(look(newTemp(), RecordedTrees.NONE).facts()).token().container();
        } catch (SandboxException e) {
            return Optional.empty();
        }
    }

    /** Whether children would run as the account. */
    boolean isForAccount() {
        try {
            return account.isPresent()
                    && plan(look(newTemp(), RecordedTrees.NONE).facts()).confinement() == Confinement.ACCOUNT;
        } catch (SandboxException e) {
            return false;
        }
    }

    private Path newTemp() {
        return places.home().resolve("sandboxes").resolve("new").resolve("temp");
    }

    /** What would be changed, for a person; or why there is no plan. */
    String explain() {
        try {
            return plan(look(newTemp(), RecordedTrees.NONE).facts()).explain();
        } catch (SandboxException e) {
            return "There is no plan: " + e.getMessage() + "\n";
        }
    }

    /** Planning for a sandbox with this temp directory. */
    PlanOpening.Planner with(Path temp) {
        return new PlanOpening.Planner() {
            @Override
            public PlanOpening.Seen facts(RecordedTrees recorded) throws SandboxException {
                CollectedFacts seen = look(temp, recorded);
                progress.counted(seen.total());
                return new PlanOpening.Seen(seen.facts(), seen.shape());
            }

            @Override
            public WindowsPlan plan(HostFacts facts) throws SandboxException {
                return HostPlanner.this.plan(facts);
            }
        };
    }

    private CollectedFacts look(Path temp, RecordedTrees recorded) throws SandboxException {
        boolean shield = options.exposedPlaces() == PlanOptions.ExposedPlaces.SHIELD;
        FactPlaces known = new FactPlaces(
                places.forbiddenRoots().sealed(),
                places.forbiddenRoots().shared(),
                temp,
                shield ? ImmutableList.of(places.localLow()) : ImmutableList.of());
        return new WindowsFacts(calls.files(), calls.tokens(), state(), known, capabilities(), recorded)
                .collect(policy, options, progress);
    }

    private HostState state() throws SandboxException {
        try {
            WindowsHost host = WindowsHost.read(calls);
            Elevation elevation =
                    host.system() ? Elevation.SYSTEM : host.elevated() ? Elevation.ELEVATED : Elevation.STANDARD;
            Optional<Sid> container = calls.containers().available()
                    ? Optional.of(calls.containers().packageSid(containerName))
                    : Optional.empty();
            return new HostState(elevation, host.build(), false, container, account);
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "looking at the machine");
        }
    }

    /** The secret is made when it is needed first. */
    private Function<FileFacts, Sid> capabilities() throws SandboxException {
        return options.writeRestricted()
                ? CapabilitySids.of(places.home())::of
                : directory -> {
                    throw new IllegalStateException("no capability is needed for " + directory);
                };
    }

    private WindowsPlan plan(HostFacts facts) throws SandboxException {
        PlanResult result = WindowsPlanner.plan(policy, facts, options);
        if (result instanceof PlanResult.Refused refused) {
            ImmutableList<Gap> fatal =
                    refused.gaps().stream().filter(gap -> !gap.acceptable()).collect(ImmutableList.toImmutableList());
            if (!fatal.isEmpty()) {
                throw new SandboxException(
                        SandboxErrorCode.PREPARE_FAILED,
                        fatal.stream()
                                .map(gap -> gap.what() + "; " + String.join(", or ", gap.remedies()))
                                .collect(Collectors.joining("\n")));
            }
            throw new UnenforceablePolicyException("windows", unmet(refused.gaps()));
        }
        return result.orThrow();
    }

    private static ImmutableList<Enforcement> unmet(ImmutableList<Gap> gaps) {
        Map<Capability, Enforcement> unmet = new EnumMap<>(Capability.class);
        for (Gap gap : gaps) {
            unmet.merge(gap.capability(), enforcement(gap), HostPlanner::both);
        }
        return ImmutableList.copyOf(unmet.values());
    }

    private static Enforcement enforcement(Gap gap) {
        return new Enforcement(
                gap.capability(), gap.level(), "", Evidence.UNPROVED, gap.what(), String.join(", or ", gap.remedies()));
    }

    private static Enforcement both(Enforcement one, Enforcement other) {
        boolean none = one.level() == EnforcementLevel.NONE || other.level() == EnforcementLevel.NONE;
        return new Enforcement(
                one.capability(),
                none ? EnforcementLevel.NONE : EnforcementLevel.PARTIAL,
                "",
                Evidence.UNPROVED,
                one.reason() + "; " + other.reason(),
                one.remedy() + "; " + other.remedy());
    }
}
