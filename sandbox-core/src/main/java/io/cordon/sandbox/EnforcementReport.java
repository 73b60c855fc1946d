package io.cordon.sandbox;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What this machine enforces of one policy, capability by capability, in the order of {@link Capability}.
 *
 * <p>A capability that the policy asks for and the backend says nothing of counts as not enforced: silence is never
 * taken for enforcement. Immutable and safe for use by several threads.
 */
public final class EnforcementReport {
    private final Map<Capability, Enforcement> entries;

    private EnforcementReport(Map<Capability, Enforcement> entries) {
        this.entries = entries;
    }

    /**
     * The answers of a backend to a policy. Capabilities that the policy does not request become
     * {@code NOT_REQUESTED}; requested ones without an answer, or with the answer that they are not requested, become
     * {@code NONE}.
     *
     * @throws IllegalArgumentException if a capability is answered twice
     */
    public static EnforcementReport of(SandboxPolicy policy, Iterable<Enforcement> answers) {
        Map<Capability, Enforcement> given = Maps.uniqueIndex(answers, Enforcement::capability);
        Map<Capability, Enforcement> entries = new EnumMap<>(Capability.class);
        for (Capability capability : Capability.values()) {
            entries.put(
                    capability,
                    policy.requested().contains(capability)
                            ? answer(given.get(capability), capability)
                            : Enforcement.notRequested(capability));
        }
        return new EnforcementReport(entries);
    }

    private static Enforcement answer(@Nullable Enforcement given, Capability capability) {
        return given == null || given.level() == EnforcementLevel.NOT_REQUESTED ? unanswered(capability) : given;
    }

    private static Enforcement unanswered(Capability capability) {
        return Enforcement.none(
                capability, "the backend says nothing about it", "use a backend that enforces " + capability);
    }

    /** The answer for one capability. */
    public Enforcement get(Capability capability) {
        return Objects.requireNonNull(entries.get(capability));
    }

    /** How far one capability is enforced. */
    public EnforcementLevel level(Capability capability) {
        return get(capability).level();
    }

    /** All answers, in the order of {@link Capability}. */
    public ImmutableList<Enforcement> entries() {
        return ImmutableList.copyOf(entries.values());
    }

    /** The requested capabilities that are not {@code FULL} and whose gaps the policy does not accept. */
    public ImmutableList<Enforcement> unmet(SandboxPolicy policy) {
        return entries.values().stream()
                .filter(entry -> !policy.accepts(entry.capability(), entry.level()))
                .collect(ImmutableList.toImmutableList());
    }

    /** The report as an aligned table, one line a capability; reasons of gaps follow on lines of their own. */
    @Override
    public String toString() {
        int nameWidth = width(Arrays.asList(Capability.values()));
        int evidenceWidth = width(Arrays.asList(Evidence.values()));
        int levelWidth = width(Arrays.asList(EnforcementLevel.values()));
        StringBuilder table = new StringBuilder();
        for (Enforcement entry : entries.values()) {
            String line = Strings.padEnd(entry.capability().name(), nameWidth, ' ')
                    + "  "
                    + Strings.padEnd(entry.level().name(), levelWidth, ' ')
                    + "  "
                    + Strings.padEnd(
                            entry.mechanism().isEmpty() ? "" : entry.evidence().name(), evidenceWidth, ' ')
                    + "  "
                    + entry.mechanism();
            table.append(line.stripTrailing()).append('\n');
            if (!entry.reason().isEmpty()) {
                table.append(" ".repeat(nameWidth + 2))
                        .append("gap: ")
                        .append(entry.reason())
                        .append('\n');
            }
        }
        return table.toString();
    }

    /**
     * The report as JSON, for machines: an array of objects with the members {@code capability}, {@code level}, {@code
     * evidence}, {@code mechanism}, {@code reason} and {@code remedy}, all of them strings, in the order of {@link
     * Capability}.
     */
    public String toJson() {
        return JsonText.array(entries.values(), EnforcementReport::json);
    }

    static String json(Enforcement entry) {
        return JsonText.object(ImmutableMap.of(
                "capability",
                JsonText.string(entry.capability().name()),
                "level",
                JsonText.string(entry.level().name()),
                "evidence",
                JsonText.string(entry.evidence().name()),
                "mechanism",
                JsonText.string(entry.mechanism()),
                "reason",
                JsonText.string(entry.reason()),
                "remedy",
                JsonText.string(entry.remedy())));
    }

    private static int width(List<? extends Enum<?>> names) {
        return names.stream().mapToInt(name -> name.name().length()).max().orElse(0);
    }
}
