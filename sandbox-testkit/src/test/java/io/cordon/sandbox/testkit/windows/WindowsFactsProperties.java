package io.cordon.sandbox.testkit.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.facts.CollectedFacts;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.TreeFacts;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.AccessMask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/**
 * The backend's collector, which opens handles and asks for access, against the testkit's, which looks into the model.
 * Shown on the model, not on Windows.
 */
final class WindowsFactsProperties {
    @Provide
    Arbitrary<Scenario> scenarios() {
        return Combinators.combine(ScenarioArbitraries.scenarios(), Arbitraries.of(PlanOptions.HardLinks.values()))
                .as((any, links) -> new Scenario(
                        any.nodes(),
                        any.denyWrite(),
                        any.denyRead(),
                        any.secondRoot(),
                        false,
                        any.allowRead(),
                        any.options().withHardLinks(links),
                        any.attack(),
                        any.monitorSwitches(),
                        any.volumeSwitches()));
    }

    /**
     * Where the user can open everything, both see the same. What the planner does not look at is taken out before they
     * are compared, see {@link #seenByThePlanner}; that it does not look at it, the equal plans show.
     */
    @Property(tries = 2000)
    void bothCollectorsSeeTheSame(@ForAll("scenarios") Scenario scenario) throws SandboxException {
        VirtualHost host = scenario.build();
        Optional<SandboxPolicy> policy = Opened.policy(scenario, host);
        boolean compared = policy.isPresent() && opens(host, object -> true);
        Statistics.label("compared").collect(compared);
        Statistics.label("compared").coverage(coverage -> coverage.check(true).percentage(p -> p > 40));
        if (!compared) {
            return;
        }
        PlanOptions options = scenario.options();
        HostFacts expected = host.facts(policy.get(), options);
        VolumeCalls calls = new VolumeCalls(host);
        VirtualVolume before = host.volume().copy();

        CollectedFacts collected = CollectedOnModel.collect(calls, policy.get(), options);

        assertThat(seenByThePlanner(collected.facts(), policy.get(), options))
                .as(scenario::toString)
                .isEqualTo(seenByThePlanner(expected, policy.get(), options));
        assertThat(WindowsPlanner.plan(policy.get(), withCapabilitiesOf(expected, collected.facts()), options))
                .as(scenario::toString)
                .isEqualTo(WindowsPlanner.plan(policy.get(), expected, options));
        assertThat(calls.openHandles()).isEmpty();
        assertThat(calls.mutations()).isEmpty();
        assertThat(Opened.dump(host.volume())).isEqualTo(Opened.dump(before));
    }

    /** Whether the user can look at all of these objects, and list the directories among them. */
    private static boolean opens(VirtualHost host, Predicate<VirtualObject> which) {
        VolumeSession session = host.volume().as(host.user());
        boolean[] opens = {true};
        AccessMask look = AccessMask.READ_CONTROL.or(AccessMask.SYNCHRONIZE).or(AccessMask.FILE_READ_ATTRIBUTES);
        host.volume().walk((path, object) -> {
            AccessMask needed = object.isDirectory() ? look.or(AccessMask.FILE_READ_DATA) : look;
            opens[0] &= !which.test(object) || session.has(path, needed);
        });
        return opens[0];
    }

    /**
     * The facts that the planner looks at: whether FILE_DELETE_CHILD is needed of directories above a carve-out only, what
     * cannot be protected of carve-outs and denied paths only, and the rest of a tree only for write-restricted tokens.
     */
    private static HostFacts seenByThePlanner(HostFacts facts, SandboxPolicy policy, PlanOptions options) {
        Set<Path> roots = new HashSet<>();
        Set<Path> ancestors = new HashSet<>();
        facts.objects().keySet().stream().filter(path -> isRoot(path, facts)).forEach(roots::add);
        for (Path carveOut : policy.denyWrite()) {
            addAncestors(facts.realPaths().getOrDefault(carveOut, carveOut), ancestors);
            Optional.ofNullable(facts.links().get(carveOut)).ifPresent(link -> addAncestors(link, ancestors));
        }
        HostFacts.Builder seen = HostFacts.builder()
                .user(facts.user(), facts.logon())
                .elevation(facts.elevation())
                .build(facts.build())
                .inJob(facts.inJob())
                .temp(facts.temp());
        facts.appContainer().ifPresent(seen::appContainer);
        boolean contained = policy.network().equals(NetworkAccess.NONE)
                && !policy.allowRead().isEmpty();
        facts.aclVolumes().forEach(seen::aclVolume);
        facts.realPaths().forEach(seen::realPath);
        facts.links().forEach(seen::link);
        facts.makeable().forEach(seen::makeable);
        facts.forbidden().forEach(seen::forbidden);
        facts.forbiddenItself().forEach(seen::forbiddenItself);
        facts.objects()
                .values()
                .forEach(object -> seen.object(
                        ancestors.contains(object.path()) && isIn(object.path(), roots) ? object : plain(object)));
        facts.exposed().forEach(object -> seen.exposed(plain(object)));
        facts.trees().forEach((top, tree) -> {
            boolean opened = roots.contains(top) || top.equals(facts.temp());
            boolean hardened = options.writeRestricted();
            seen.tree(
                    top,
                    new TreeFacts(
                            tree.stamp(),
                            tree.hardLinks(),
                            opened ? ImmutableList.of() : tree.unprotectable(),
                            hardened && tree.sharedWritable(),
                            (hardened || contained) && tree.passesOnNothing(),
                            hardened && tree.needsDeleteChild()));
        });
        return seen.build();
    }

    private static void addAncestors(Path path, Set<Path> ancestors) {
        for (Path up = path.getParent(); up != null; up = up.getParent()) {
            ancestors.add(up);
        }
    }

    private static boolean isRoot(Path path, HostFacts facts) {
        String text = VirtualVolume.fromPath(path);
        return text.equals(Scenario.ROOT)
                || (text.equals(Scenario.SECOND_ROOT) && facts.realPaths().containsKey(path));
    }

    private static boolean isIn(Path path, Set<Path> places) {
        return places.stream().anyMatch(path::startsWith);
    }

    private static ObjectFacts plain(ObjectFacts object) {
        return new ObjectFacts(
                object.path(),
                object.id(),
                object.directory(),
                object.reparsePoint(),
                object.descriptor(),
                object.labelWritable(),
                object.daclWritable(),
                false);
    }

    /** The numbers in capability SIDs are the testkit's own, and its temp directory has one before it is made. */
    private static HostFacts withCapabilitiesOf(HostFacts expected, HostFacts facts) {
        HostFacts.Builder same = HostFacts.builder()
                .user(facts.user(), facts.logon())
                .elevation(facts.elevation())
                .build(facts.build())
                .inJob(facts.inJob())
                .temp(facts.temp());
        facts.aclVolumes().forEach(same::aclVolume);
        facts.realPaths().forEach(same::realPath);
        facts.links().forEach(same::link);
        facts.makeable().forEach(same::makeable);
        facts.forbidden().forEach(same::forbidden);
        facts.forbiddenItself().forEach(same::forbiddenItself);
        facts.objects().values().forEach(same::object);
        facts.exposed().forEach(same::exposed);
        facts.trees().forEach(same::tree);
        facts.appContainer().ifPresent(same::appContainer);
        expected.capabilities().forEach(same::capability);
        return same.build();
    }

    /** Also where the user cannot look at everything: what he cannot see must not become a hole. */
    @Property
    void p1WithTheBackendsFactsNothingOutsideChanges(@ForAll("scenarios") Scenario scenario) {
        holds(scenario, PlanChecks::outsideUnchanged);
    }

    @Property
    void p3WithTheBackendsFactsCarveOutsStay(@ForAll("scenarios") Scenario scenario) {
        holds(scenario, PlanChecks::carveOutsUnchanged);
    }

    @Property
    void p4WithTheBackendsFactsWhatIsDeniedCannotBeRead(@ForAll("scenarios") Scenario scenario) {
        holds(scenario, PlanChecks::readableAsPlanned);
    }

    private static void holds(Scenario scenario, Function<Opened, List<String>> check) {
        VirtualHost untouched = scenario.build();
        if (opens(untouched, object -> object.isDirectory() && !object.entries.isEmpty())) {
            holdsWhereDirectoriesCanBeListed(scenario, check);
        }
    }

    /** Whether what was changed is what nobody could look at: of that, the report says that it is not known. */
    private static boolean isOutsideAt(String violation, Path unsearched) {
        String path = VirtualVolume.fromPath(unsearched);
        return violation.startsWith("outside: ")
                && (violation.contains(" " + path + " ") || violation.contains(" " + path + "/"));
    }

    /**
     * The model changes what is in a directory that the user cannot list, the backend cannot: it opens every object that it
     * changes, by the names that a list has.
     */
    private static void holdsWhereDirectoriesCanBeListed(Scenario scenario, Function<Opened, List<String>> check) {
        List<Path> unsearched = new ArrayList<>();
        Optional<Opened> opened = Opened.open(scenario, plan -> plan, (host, policy) -> {
            try {
                HostFacts facts = CollectedOnModel.collect(new VolumeCalls(host), policy, scenario.options())
                        .facts();
                unsearched.addAll(facts.unsearched());
                return Optional.of(withCapabilitiesOf(host.facts(policy, scenario.options()), facts));
            } catch (SandboxException e) {
                assertThat(e).hasMessageContaining("is a link, and what it leads to cannot be opened");
                return Optional.empty();
            }
        });
        Statistics.label("planned").collect(opened.isPresent());
        Statistics.label("planned").coverage(coverage -> coverage.check(true).percentage(p -> p > 40));
        opened.ifPresent(sandbox -> {
            if (scenario.volumeSwitches().fences() == VolumeSwitches.Fences.NOTHING && !sandbox.isHeldByDescriptors()) {
                return; // the plan says that here the fences alone hold
            }
            sandbox.attack();
            assertThat(check.apply(sandbox))
                    .as(() -> sandbox.story("violated"))
                    .allMatch(violation -> unsearched.stream().anyMatch(place -> isOutsideAt(violation, place)));
        });
    }
}
