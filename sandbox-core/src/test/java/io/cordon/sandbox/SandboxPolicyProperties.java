package io.cordon.sandbox;

import static io.cordon.sandbox.TestPaths.absolute;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SandboxPolicyProperties {
    @Property(tries = 300)
    void aPolicyBuiltAgainFromItsOwnBuilderIsEqual(@ForAll("policies") SandboxPolicy policy) {
        SandboxPolicy again = policy.toBuilder().build();

        assertThat(again).isEqualTo(policy).hasSameHashCodeAs(policy).hasToString(policy.toString());
        assertThat(again.requested()).isEqualTo(policy.requested());
    }

    @Property(tries = 300)
    void theOrderOfCallsDoesNotMatter(
            @ForAll("calls") List<Consumer<SandboxPolicy.Builder>> calls, @ForAll Random order) {
        List<Consumer<SandboxPolicy.Builder>> shuffled = new ArrayList<>(calls);
        Collections.shuffle(shuffled, order);

        assertThat(built(shuffled)).isEqualTo(built(calls));
    }

    @Provide
    Arbitrary<SandboxPolicy> policies() {
        return calls().map(SandboxPolicyProperties::built);
    }

    /** Calls of which no two set the same value; what they say of paths holds together. */
    @Provide
    Arbitrary<List<Consumer<SandboxPolicy.Builder>>> calls() {
        Arbitrary<Set<String>> names = Arbitraries.strings()
                .alpha()
                .ofMinLength(1)
                .ofMaxLength(4)
                .set()
                .ofMaxSize(3);
        Arbitrary<Set<Capability>> capabilities =
                Arbitraries.of(Capability.class).set();
        Arbitrary<Integer> limit = Arbitraries.integers().between(1, Integer.MAX_VALUE);
        return Combinators.combine(names, names, names, capabilities, limit, Arbitraries.of(true, false))
                .as(SandboxPolicyProperties::callsFor);
    }

    private static List<Consumer<SandboxPolicy.Builder>> callsFor(
            Set<String> roots,
            Set<String> carveOuts,
            Set<String> hidden,
            Set<Capability> accepted,
            int limit,
            boolean more) {
        List<Consumer<SandboxPolicy.Builder>> calls = new ArrayList<>();
        if (roots.isEmpty()) {
            calls.add(SandboxPolicy.Builder::writeNothing);
        }
        roots.forEach(root -> calls.add(builder -> builder.allowWrite(absolute("work/" + root))));
        for (String root : roots) {
            Path parent = absolute("work/" + root);
            carveOuts.forEach(name -> calls.add(builder -> builder.denyWrite(parent.resolve(name))));
        }
        hidden.forEach(name -> calls.add(builder -> builder.denyRead(absolute("hidden/" + name))));
        accepted.forEach(capability -> calls.add(builder -> builder.bestEffort(capability)));
        accepted.forEach(capability -> calls.add(builder -> builder.acceptPartial(capability)));
        calls.add(builder -> builder.limits(limits -> limits.processes(limit).cpuPercent(limit)));
        calls.add(builder -> builder.environment(environment -> environment.inherit("A" + limit)));
        if (more) {
            calls.add(builder -> builder.network(NetworkAccess.ALLOWED));
            calls.add(builder -> builder.limits(limits -> limits.memory(limit).output(limit)));
            calls.add(builder -> builder.limits(limits -> limits.timeout(Duration.ofMillis(limit))));
            calls.add(builder ->
                    builder.environment(environment -> environment.inheritAll().treatAsSecret("X*")));
            calls.add(builder -> builder.environment(environment -> environment.set("CI", "" + limit)));
        }
        return calls;
    }

    private static SandboxPolicy built(List<Consumer<SandboxPolicy.Builder>> calls) {
        SandboxPolicy.Builder builder = SandboxPolicy.builder();
        calls.forEach(call -> call.accept(builder));
        return builder.build();
    }
}
