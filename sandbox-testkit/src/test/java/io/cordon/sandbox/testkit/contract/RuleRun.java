package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.ImmutableSortedSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The rules of a contract, run by JUnit inside a test: what became of each of them. */
record RuleRun(ImmutableSortedMap<String, TestExecutionResult> results) {
    private static final Pattern RULE = Pattern.compile("(?:required|optional)_([A-Z]\\d\\d)_\\w+");

    /** Runs groups of rules, which are nested classes of the contract. */
    static RuleRun of(Class<? extends SandboxBackendContract> contract, List<Class<?>> groups) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(groups.stream()
                        .map(group -> selectNestedClass(List.of(contract), group))
                        .toList())
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .build();
        Map<String, TestExecutionResult> results = new ConcurrentHashMap<>();
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                    String method = test.getSource()
                            .map(source -> ((MethodSource) source).getMethodName())
                            .orElseThrow();
                    Matcher matcher = RULE.matcher(method);
                    assertThat(matcher.matches()).as(method).isTrue();
                    assertThat(results.put(matcher.group(1), result))
                            .as("two rules %s", matcher.group(1))
                            .isNull();
                }
            }
        });
        return new RuleRun(ImmutableSortedMap.copyOf(results));
    }

    /** Runs a known-bad backend, and demands that these rules fail and no others. */
    static void assertFails(
            Class<? extends SandboxBackendContract> contract, List<Class<?>> groups, List<String> rules) {
        RuleRun run = of(contract, groups);
        System.out.println(
                "[cordon] known bad: " + contract.getSimpleName() + " fails " + String.join(" ", run.failed()));
        assertThat(run.failed()).as(run.toString()).containsExactlyElementsOf(rules);
    }

    private ImmutableSortedSet<String> rules(TestExecutionResult.Status status) {
        return results.entrySet().stream()
                .filter(entry -> entry.getValue().getStatus() == status)
                .map(Map.Entry::getKey)
                .collect(ImmutableSortedSet.toImmutableSortedSet(String::compareTo));
    }

    /** The rules that are broken. */
    ImmutableSortedSet<String> failed() {
        return rules(TestExecutionResult.Status.FAILED);
    }

    /** The rules that hold. */
    ImmutableSortedSet<String> kept() {
        return rules(TestExecutionResult.Status.SUCCESSFUL);
    }

    /** One line a broken rule, for the message of an assertion. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        results.forEach((rule, result) -> text.append(rule)
                .append(' ')
                .append(result.getStatus())
                .append(' ')
                .append(result.getThrowable().map(Throwable::toString).orElse(""))
                .append('\n'));
        return text.toString();
    }
}
