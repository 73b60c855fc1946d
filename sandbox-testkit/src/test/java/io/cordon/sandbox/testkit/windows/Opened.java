package io.cordon.sandbox.testkit.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import io.cordon.sandbox.InvalidPolicyException;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** A sandbox that was opened on a model host: the states before and after, the plan, and what an attack did. */
final class Opened {
    final Scenario scenario;
    final SandboxPolicy policy;
    final HostFacts facts;
    final WindowsPlan plan;
    final VirtualVolume before;
    final VirtualVolume opened;
    final VirtualHost host;
    final AppliedPlan applied;
    final VirtualVolume volume;
    final VirtualToken child;
    final List<String> log = new ArrayList<>();
    final Set<String> anchors;
    final Set<String> carveOuts;
    private final ImmutableList<String> writable;
    private final ImmutableList<String> denied;
    private final ImmutableList<String> boundaries;
    private final ImmutableSortedMap<String, Long> openedPaths;

    private Opened(Scenario scenario, VirtualHost host, SandboxPolicy policy, HostFacts facts, WindowsPlan plan) {
        this.scenario = scenario;
        this.policy = policy;
        this.facts = facts;
        this.plan = plan;
        this.host = host;
        this.volume = host.volume();
        this.before = volume.copy();
        this.applied = host.apply(plan);
        this.opened = volume.copy();
        this.openedPaths = opened.paths();
        this.child = host.child(plan);
        this.writable = texts(plan.writable());
        this.boundaries = texts(plan.boundaries());
        this.denied = policy.denyRead().stream()
                .map(path -> before.finalPath(VirtualVolume.fromPath(path)))
                .collect(ImmutableList.toImmutableList());
        this.anchors = new HashSet<>(writable);
        this.carveOuts = new HashSet<>();
        for (Path path : policy.denyWrite()) {
            String real = opened.finalPath(VirtualVolume.fromPath(path));
            if (opened.find(real) != null && isInRoot(parent(real))) {
                addCarveOut(real);
            }
            String link = opened.finalPath(parent(VirtualVolume.fromPath(path))) + "/" + path.getFileName();
            if (opened.find(link) != null && isInRoot(parent(link))) {
                addCarveOut(link);
            }
        }
    }

    private static ImmutableList<String> texts(Collection<Path> paths) {
        return paths.stream().map(VirtualVolume::fromPath).collect(ImmutableList.toImmutableList());
    }

    private void addCarveOut(String path) {
        carveOuts.add(path);
        for (String up = parent(path); isInRoot(up); up = parent(up)) {
            anchors.add(up);
        }
    }

    private Opened(Opened other, VirtualVolume now) {
        this.scenario = other.scenario;
        this.policy = other.policy;
        this.facts = other.facts;
        this.plan = other.plan;
        this.host = other.host;
        this.volume = now;
        this.before = other.before;
        this.applied = other.applied;
        this.opened = other.opened;
        this.child = other.child;
        this.anchors = other.anchors;
        this.carveOuts = other.carveOuts;
        this.writable = other.writable;
        this.boundaries = other.boundaries;
        this.denied = other.denied;
        this.openedPaths = other.openedPaths;
    }

    /** A sandbox on a host that no scenario describes. */
    static Opened of(VirtualHost host, SandboxPolicy policy, HostFacts facts, WindowsPlan plan) {
        Scenario none = new Scenario(
                ImmutableList.of(),
                ImmutableList.of(),
                ImmutableList.of(),
                false,
                false,
                PlanOptions.DEFAULT,
                ImmutableList.of(),
                MonitorSwitches.DEFAULT,
                VolumeSwitches.DEFAULT);
        return new Opened(none, host, policy, facts, plan);
    }

    /** The same sandbox when the volume has come to {@code now}. */
    Opened at(VirtualVolume now) {
        return new Opened(this, now);
    }

    /** Opens a sandbox as the planner says; empty if it refuses, or if the paths make no policy. */
    static Optional<Opened> open(Scenario scenario) {
        return open(scenario, plan -> plan);
    }

    /** Opens it with a plan that somebody spoiled. */
    static Optional<Opened> open(Scenario scenario, UnaryOperator<WindowsPlan> spoil) {
        return open(scenario, spoil, (host, policy) -> Optional.of(host.facts(policy, scenario.options())));
    }

    /** Opens it with facts that somebody else collected, if he can. */
    static Optional<Opened> open(
            Scenario scenario,
            UnaryOperator<WindowsPlan> spoil,
            BiFunction<VirtualHost, SandboxPolicy, Optional<HostFacts>> collector) {
        VirtualHost host = scenario.build();
        SandboxPolicy policy = policy(scenario, host).orElse(null);
        if (policy == null) {
            return Optional.empty();
        }
        HostFacts facts = collector.apply(host, policy).orElse(null);
        if (facts == null) {
            return Optional.empty();
        }
        PlanResult result = WindowsPlanner.plan(policy, facts, scenario.options());
        return result instanceof PlanResult.Planned planned
                ? Optional.of(new Opened(scenario, host, policy, facts, spoil.apply(planned.plan())))
                : Optional.empty();
    }

    /** The policy of a scenario; empty if its paths make none. */
    static Optional<SandboxPolicy> policy(Scenario scenario, VirtualHost host) {
        try {
            SandboxPolicy policy = scenario.policy(host.volume());
            Set<Path> roots = new HashSet<>();
            policy.allowWrite().forEach(path -> roots.add(real(host, path)));
            Set<Path> denied = new HashSet<>();
            policy.denyRead().forEach(path -> denied.add(real(host, path)));
            Set<Path> read = new HashSet<>();
            policy.allowRead().forEach(path -> read.add(real(host, path)));
            policy.checkRealPaths(roots, Set.of(), denied, read);
            return Optional.of(policy);
        } catch (InvalidPolicyException | SandboxException e) {
            return Optional.empty();
        }
    }

    private static Path real(VirtualHost host, Path path) {
        return VirtualVolume.toPath(host.volume().finalPath(VirtualVolume.fromPath(path)));
    }

    static String parent(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }

    /** All paths when the sandbox was opened, with the identities behind them. */
    ImmutableSortedMap<String, Long> openedPaths() {
        return openedPaths;
    }

    boolean isInRoot(String path) {
        return isIn(path, writable);
    }

    /** Whether it is a root or the private temp directory, not something in them. */
    boolean isWritableItself(String path) {
        return writable.contains(path);
    }

    boolean isCarvedOut(String path) {
        return isIn(path, carveOuts);
    }

    boolean isDenied(String path) {
        return isIn(path, denied);
    }

    /** Whether an AppContainer is granted reading there. */
    boolean isReadable(String path) {
        return isIn(path, texts(plan.readable()));
    }

    boolean isBoundary(String path) {
        return isIn(path, boundaries);
    }

    private static boolean isIn(String path, Collection<String> places) {
        for (String place : places) {
            if (path.startsWith(place) && (path.length() == place.length() || path.charAt(place.length()) == '/')) {
                return true;
            }
        }
        return false;
    }

    /** Whether what is in place is held by descriptors, so that it holds without any fence. */
    boolean isHeldByDescriptors() {
        return plan.warnings().stream().noneMatch(warning -> warning.contains("open handle"));
    }

    /**
     * Runs the attack. Where no fence holds (the setting for a missed one), a child that is not write-restricted is not
     * let rewrite the DACL of a directory that holds something in place, unless it is in an AppContainer: that it owns these directories is the known
     * limit of the descriptors, and the reason for the fences.
     */
    void attack() {
        boolean fenceless = volume.switches().fences() == VolumeSwitches.Fences.NOTHING;
        Set<Long> held = new HashSet<>();
        if (fenceless
                && !plan.isolatedFromOtherSandboxes()
                && plan.token().container().isEmpty()) {
            anchors.forEach(path -> {
                VirtualObject anchor = volume.find(path);
                if (anchor != null) {
                    held.add(anchor.id());
                }
            });
        }
        for (Scenario.Step step : scenario.attack()) {
            VolumeOperation operation = Scenario.operation(step, volume);
            if (operation instanceof VolumeOperation.SetDacl set) {
                VirtualObject object = volume.find(set.path());
                if (object != null && held.contains(object.id())) {
                    continue;
                }
            }
            VolumeOutcome outcome = operation.run(volume.as(child));
            log.add(outcome.status() + " " + operation);
        }
    }

    /** Runs exactly these operations. */
    void attack(List<VolumeOperation> operations) {
        for (VolumeOperation operation : operations) {
            log.add(operation.run(volume.as(child)).status() + " " + operation);
        }
    }

    /** Everything that a reader of a counterexample wants to know. */
    String story(String violation) {
        return violation + "\n\n" + scenario + "\n\nplan:\n" + plan.explain() + "\nunreached: " + applied.unreached()
                + "\n\nwhat the attack did:\n  " + String.join("\n  ", log) + "\n\nafterwards:\n" + dump(volume);
    }

    /** The state, without the scenario that it came from. */
    String told(String what) {
        return what + "\n" + policy + "\n" + plan.edits() + "\nopened:\n" + dump(opened) + "now:\n" + dump(volume);
    }

    static String dump(VirtualVolume volume) {
        StringBuilder text = new StringBuilder();
        volume.walk((path, object) -> text.append("  ")
                .append(path)
                .append(" #")
                .append(object.id())
                .append(' ')
                .append(object.fingerprint())
                .append(' ')
                .append(object.descriptor())
                .append('\n'));
        return text.toString();
    }
}
