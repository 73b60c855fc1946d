package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.PlanEditor;
import io.cordon.sandbox.windows.edit.PlanOpening;
import io.cordon.sandbox.windows.edit.Unreached;
import io.cordon.sandbox.windows.plan.Edit;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What became of a plan.
 *
 * @param gaps what is not enforced, in sentences without a full stop
 * @param unreached what in the roots is not writable for the child although it should be
 * @param tried where to try whether the plan holds
 * @param missing places that the policy protects and that do not exist
 */
record PlanFindings(
        ImmutableListMultimap<Capability, String> gaps,
        ImmutableList<Unreached> unreached,
        Canary.Places tried,
        ImmutableList<Path> missing) {

    /** So many are named. */
    private static final int NAMED = 5;

    /** Nothing was planned yet, so nothing is known to be wrong. */
    static final PlanFindings NONE = new PlanFindings(
            ImmutableListMultimap.of(),
            ImmutableList.of(),
            new Canary.Places(ImmutableList.of(), ImmutableList.of(), ImmutableList.of()),
            ImmutableList.of());

    static PlanFindings of(SandboxPolicy policy, PlanOpening.Opened opened) {
        WindowsPlan plan = opened.plan();
        HostFacts facts = opened.facts();
        ImmutableSet<Path> roots = real(policy.allowWrite(), facts);
        Set<Path> present = new LinkedHashSet<>(facts.objects().keySet());
        for (Edit edit : plan.edits()) {
            if (edit instanceof Edit.CreateDirectory) {
                present.add(edit.path());
            }
        }
        ImmutableList.Builder<Path> carveOuts = ImmutableList.builder();
        ImmutableList.Builder<Path> missing = ImmutableList.builder();
        ImmutableListMultimap.Builder<Capability, String> gaps = ImmutableListMultimap.builder();
        for (Path asked : policy.denyWrite()) {
            Path real = facts.realPaths().getOrDefault(asked, asked);
            if (roots.stream().noneMatch(real::startsWith)) {
                continue; // it is a link out of the roots, where nothing is writable
            }
            if (present.contains(real)) {
                carveOuts.add(real);
            } else {
                missing.add(real);
                gaps.put(
                        Capability.FILE_WRITE_CARVE_OUT,
                        "denyWrite(" + asked + ") does not exist, so that a child can make it; "
                                + "PlanOptions.createMissingCarveOuts makes it first");
            }
        }
        ImmutableList<Path> denied = real(policy.denyRead(), facts).stream()
                .filter(present::contains)
                .collect(ImmutableList.toImmutableList());
        plan.gaps().forEach(gap -> gaps.put(gap.capability(), gap.what()));
        for (PlanEditor.Exposed exposed : opened.outcome().exposed()) {
            String what = exposed.object() + " (it did not take the label "
                    + exposed.edit().label() + ")";
            if (exposed.readable()) {
                gaps.put(Capability.FILE_READ_DENY, what);
            }
            if (exposed.changeable()) {
                gaps.put(changing(exposed.edit(), roots), what);
            }
        }
        if (!facts.unsearched().isEmpty()) {
            gaps.put(Capability.FILE_WRITE, unsearched(facts.unsearched()));
        }
        return new PlanFindings(
                gaps.build(),
                opened.outcome().unreached(),
                new Canary.Places(roots.asList(), carveOuts.build(), denied),
                missing.build());
    }

    /**
     * The same where some places are not held by open handles. What the child owns it can take the denying entries from,
     * so that these alone do not hold.
     */
    PlanFindings unheld(List<Unreached> missed) {
        ImmutableListMultimap.Builder<Capability, String> more = ImmutableListMultimap.builder();
        more.putAll(gaps);
        for (Unreached place : missed) {
            more.put(Capability.FILE_WRITE_CARVE_OUT, "nothing holds " + place + " where it is");
        }
        return new PlanFindings(more.build(), unreached, tried, missing);
    }

    private static ImmutableSet<Path> real(Set<Path> asked, HostFacts facts) {
        return asked.stream()
                .map(path -> facts.realPaths().getOrDefault(path, path))
                .collect(ImmutableSet.toImmutableSet());
    }

    /** What is denied for reading in a root is labelled above the child, too. */
    private static Capability changing(Edit.SetLabel edit, Set<Path> roots) {
        return roots.stream().anyMatch(edit.path()::startsWith)
                ? Capability.FILE_WRITE_CARVE_OUT
                : Capability.FILE_WRITE;
    }

    private static String unsearched(List<Path> places) {
        return "the user may not look at " + firstOf(places)
                + ", so that it is not known whether a child can change that";
    }

    /** The first few, for a sentence. */
    static String firstOf(List<?> things) {
        return things.stream().limit(NAMED).map(Object::toString).collect(Collectors.joining(", "))
                + (things.size() > NAMED ? ", and more" : "");
    }
}
