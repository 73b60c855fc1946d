package io.cordon.sandbox;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Optional;

/**
 * What {@link Sandbox#doctor()} found on this machine: facts, backends, and what came of opening a sandbox for some
 * policies. Its text is for people, {@link #toJson()} for machines; neither has a value of a variable or the content of
 * a file in it.
 *
 * @param host facts of the machine by their name, such as the version of the kernel
 * @param backends the backends that are there, in the order in which they are asked
 * @param trials what came of each policy; none if no backend works
 */
public record Diagnosis(
        ImmutableMap<String, String> host, ImmutableList<Backend> backends, ImmutableList<Trial> trials) {
    /**
     * A backend.
     *
     * @param name its name
     * @param available whether it works here
     * @param detail what it found, or what is missing
     */
    public record Backend(String name, boolean available, String detail) {}

    /**
     * A sandbox that was opened for a policy, and closed.
     *
     * @param policy what the policy says, in a few words
     * @param report what was seen to be enforced: of the policy, or, where it does not open, of the same one with every gap
     *     accepted; empty if neither opened
     * @param unmet why it does not open: what it asks for and is not fully enforced
     * @param failure why no sandbox opened for another reason; empty if one did, or if that is in {@code unmet}
     */
    public record Trial(
            String policy, Optional<EnforcementReport> report, ImmutableList<Enforcement> unmet, String failure) {
        /** Whether a sandbox opens for it, without a gap. */
        public boolean isEnforced() {
            return report.isPresent() && unmet.isEmpty() && failure.isEmpty();
        }
    }

    /** Whether {@link SandboxPolicy#workspaceWrite} is enforced here without a gap: what the exit code of the command says. */
    public boolean enforcesDefault() {
        return !trials.isEmpty() && trials.get(0).isEnforced();
    }

    /** What to do about what is missing, each thing once, by capability. */
    public ImmutableSet<String> remedies() {
        ImmutableSet.Builder<String> remedies = ImmutableSet.builder();
        for (Trial trial : trials) {
            trial.unmet().forEach(gap -> remedies.add(gap.capability() + ": " + gap.remedy()));
        }
        return remedies.build();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("This machine\n");
        int width = host.keySet().stream().mapToInt(String::length).max().orElse(0);
        host.forEach((name, value) -> text.append("  ")
                .append(Strings.padEnd(name, width, ' '))
                .append("  ")
                .append(value)
                .append('\n'));
        text.append("\nBackends\n");
        if (backends.isEmpty()) {
            text.append(
                    "  none on the class path or module path; add io.cordon:sandbox-linux, io.cordon:sandbox-windows, "
                            + "or both\n");
        }
        for (Backend backend : backends) {
            text.append("  ")
                    .append(backend.name())
                    .append(backend.available() ? ": " : " does not work here: ")
                    .append(backend.detail())
                    .append('\n');
        }
        trials.forEach(trial -> append(text, trial));
        if (!remedies().isEmpty()) {
            text.append("\nWhat to do\n");
            remedies().forEach(remedy -> text.append("  ").append(remedy).append('\n'));
        }
        return text.append(
                        enforcesDefault()
                                ? "\nThe default policy is enforced on this machine.\n"
                                : "\nThe default policy is not enforced on this machine without a gap: a sandbox opens only if its policy "
                                        + "accepts the gaps by name.\n")
                .toString();
    }

    private static void append(StringBuilder text, Trial trial) {
        text.append("\nPolicy: ")
                .append(trial.policy())
                .append(trial.isEnforced() ? "\n" : "; does not open as it is\n");
        if (!trial.failure().isEmpty()) {
            text.append("  no sandbox opened: ").append(trial.failure()).append('\n');
        }
        trial.report().ifPresent(report -> text.append(report.toString().indent(2)));
        if (trial.report().isEmpty()) {
            trial.unmet()
                    .forEach(gap -> text.append("  ")
                            .append(gap.capability())
                            .append("  ")
                            .append(gap.level())
                            .append("  ")
                            .append(gap.reason())
                            .append('\n'));
        }
    }

    /** The same as a JSON object with the members {@code host}, {@code backends}, {@code trials} and {@code enforcesDefault}. */
    public String toJson() {
        ImmutableMap.Builder<String, String> facts = ImmutableMap.builder();
        host.forEach((name, value) -> facts.put(name, JsonText.string(value)));
        return JsonText.object(ImmutableMap.of(
                "host",
                JsonText.object(facts.buildOrThrow()),
                "backends",
                JsonText.array(backends, Diagnosis::json),
                "trials",
                JsonText.array(trials, Diagnosis::json),
                "enforcesDefault",
                Boolean.toString(enforcesDefault())));
    }

    private static String json(Backend backend) {
        return JsonText.object(ImmutableMap.of(
                "name",
                JsonText.string(backend.name()),
                "available",
                Boolean.toString(backend.available()),
                "detail",
                JsonText.string(backend.detail())));
    }

    private static String json(Trial trial) {
        return JsonText.object(ImmutableMap.of(
                "policy",
                JsonText.string(trial.policy()),
                "report",
                trial.report().map(EnforcementReport::toJson).orElse("null"),
                "unmet",
                JsonText.array(trial.unmet(), EnforcementReport::json),
                "failure",
                JsonText.string(trial.failure())));
    }
}
