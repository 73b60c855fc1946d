package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.linux.LinuxSandboxBackend;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.NetworkProxyProvider;
import io.cordon.sandbox.spi.SandboxBackend;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Backends with one fault each, which fail the rules that are named for the fault, and no others. Where no kernel takes part,
 * their children are confined by an agent in their own JVM: it can be made to forget whatever a confinement may forget.
 */
@Timeout(300)
class KnownBadNetworkTest {
    private static final ImmutableList<Class<?>> GROUPS =
            ImmutableList.of(SandboxBackendContract.Network.class, SandboxBackendContract.AllowedHosts.class);

    private static final String ALL = "connect+listen+udp";
    private static final ImmutableList<String> RULES_OF_HOSTS = ImmutableList.of("N12", "N13", "N14", "N15", "N16");

    /** The faults, and the rules named for them. */
    private static final ImmutableMap<Class<? extends SandboxBackendContract>, ImmutableList<String>> KNOWN_BAD =
            ImmutableMap.<Class<? extends SandboxBackendContract>, ImmutableList<String>>builder()
                    .put(
                            ReportsFullAndEnforcesNothing.class,
                            ImmutableList.of("N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08", "N09"))
                    .put(
                            NetworkByEnvironmentOnly.class,
                            ImmutableList.of(
                                    "N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08", "N09", "N14", "N15", "N16"))
                    .put(ForgetsUdp.class, ImmutableList.of("N04", "N05", "N06"))
                    .put(ForgetsIpv6.class, ImmutableList.of("N02", "N03", "N05", "N09"))
                    .put(ForgetsListening.class, ImmutableList.of("N08", "N09"))
                    .put(ForgetsGrandchildren.class, ImmutableList.of("N07"))
                    .put(ClosesAnOpenNetwork.class, ImmutableList.of("N10"))
                    .put(DoesNotSayByWhat.class, ImmutableList.of("N11"))
                    .put(DeclaresWhatItClaims.class, ImmutableList.of("N08", "N12", "N13", "N14", "N15", "N16"))
                    .buildOrThrow();

    /** The same on a kernel, with a proxy that does not do what it is for. */
    private static final ImmutableMap<Class<? extends SandboxBackendContract>, ImmutableList<String>>
            KNOWN_BAD_PROXIES = ImmutableMap.of(
                    ProxyForEveryHost.class, ImmutableList.of("N13"),
                    ProxyForNoHost.class, ImmutableList.of("N12", "N13"));

    /** A confinement by an agent, which knows no proxies. */
    abstract static class ByAgent extends SandboxBackendContract {
        @Override
        protected SandboxBackend backend() {
            return ScriptedBackend.byEnvironment(variables(ALL));
        }

        @Override
        protected Declarations declared() {
            return withoutHosts(Declarations.NONE);
        }
    }

    private static Declarations withoutHosts(Declarations declared) {
        for (String rule : RULES_OF_HOSTS) {
            declared = declared.without(rule, "an agent knows no proxies");
        }
        return declared;
    }

    private static ImmutableMap<String, String> variables(String denied) {
        return ImmutableMap.of("JAVA_TOOL_OPTIONS", AgentJar.option(denied));
    }

    static final class WithoutFault extends ByAgent {}

    static final class ReportsFullAndEnforcesNothing extends ByAgent {
        @Override
        protected SandboxBackend backend() {
            return ScriptedBackend.byEnvironment(Map.of());
        }
    }

    /** Whoever asks the variables is sent to a proxy, and nobody else is held. */
    static final class NetworkByEnvironmentOnly extends SandboxBackendContract {
        @Override
        protected SandboxBackend backend() {
            return new ScriptedBackend.ForHosts(
                    "variables",
                    (network, request) -> network.equals(NetworkAccess.NONE)
                            ? ScriptedBackend.with(request, Map.of("HTTP_PROXY", "http://127.0.0.1:9"))
                            : request);
        }

        @Override
        protected NetworkProxyProvider proxies() {
            return LinuxContractTest.proxy();
        }
    }

    static final class ForgetsUdp extends ByAgent {
        @Override
        protected SandboxBackend backend() {
            return ScriptedBackend.byEnvironment(variables("connect+listen"));
        }
    }

    static final class ForgetsIpv6 extends ByAgent {
        @Override
        protected SandboxBackend backend() {
            return ScriptedBackend.byEnvironment(variables("connect+listen+udp+ipv4"));
        }
    }

    static final class ForgetsListening extends ByAgent {
        @Override
        protected SandboxBackend backend() {
            return ScriptedBackend.byEnvironment(variables("connect+udp"));
        }
    }

    /** An option on the command line of the root is not inherited. */
    static final class ForgetsGrandchildren extends ByAgent {
        @Override
        protected SandboxBackend backend() {
            return new ScriptedBackend(
                    "an option",
                    (network, request) ->
                            network.equals(NetworkAccess.NONE) ? optioned(request, AgentJar.option(ALL)) : request);
        }

        private static LaunchRequest optioned(LaunchRequest request, String option) {
            return request.withCommand(ImmutableList.<String>builder()
                    .add(request.command().get(0), option)
                    .addAll(request.command().subList(1, request.command().size()))
                    .build());
        }
    }

    static final class ClosesAnOpenNetwork extends ByAgent {
        @Override
        protected SandboxBackend backend() {
            return new ScriptedBackend(
                    "variables", (network, request) -> ScriptedBackend.with(request, variables(ALL)));
        }
    }

    static final class DoesNotSayByWhat extends ByAgent {
        @Override
        protected SandboxBackend backend() {
            return new ScriptedBackend(
                    "",
                    (network, request) -> network.equals(NetworkAccess.NONE)
                            ? ScriptedBackend.with(request, variables(ALL))
                            : request);
        }
    }

    /** A gap may not be declared and claimed to be closed. */
    static final class DeclaresWhatItClaims extends SandboxBackendContract {
        @Override
        protected SandboxBackend backend() {
            return new ScriptedBackend.ForHosts(
                    "variables",
                    (network, request) -> network.equals(NetworkAccess.NONE)
                            ? ScriptedBackend.with(request, variables(ALL))
                            : request);
        }

        @Override
        protected Declarations declared() {
            return withoutHosts(Declarations.NONE.without("N08", "it is claimed all the same"));
        }

        @Override
        protected NetworkProxyProvider proxies() {
            return LinuxContractTest.proxy();
        }
    }

    static final class ProxyForEveryHost extends LinuxContractTest {
        @Override
        protected NetworkProxyProvider proxies() {
            return (access, decisions) -> {
                String port = ":" + access.hosts().first().ports().first();
                return super.proxies()
                        .open(
                                NetworkAccess.allowHosts(ALLOWED_HOST + port, UNLISTED_HOST + port)
                                        .withPrivateAddresses(),
                                decisions);
            };
        }
    }

    static final class ProxyForNoHost extends LinuxContractTest {
        @Override
        protected NetworkProxyProvider proxies() {
            return (access, decisions) -> super.proxies().open(NetworkAccess.allowHosts("nobody.test"), decisions);
        }
    }

    @TestFactory
    Stream<DynamicTest> eachFailsTheRulesThatAreNamedForIt() {
        return KNOWN_BAD.entrySet().stream()
                .map(bad -> DynamicTest.dynamicTest(
                        bad.getKey().getSimpleName(), () -> RuleRun.assertFails(bad.getKey(), GROUPS, bad.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> soDoesAProxyThatIsNone() {
        assumeTrue(new LinuxSandboxBackend().probe().available(), "a kernel that confines to a proxy is needed");
        return KNOWN_BAD_PROXIES.entrySet().stream()
                .map(bad -> DynamicTest.dynamicTest(
                        bad.getKey().getSimpleName(), () -> RuleRun.assertFails(bad.getKey(), GROUPS, bad.getValue())));
    }

    @Test
    void withoutAFaultEveryRuleIsKept() {
        RuleRun run = RuleRun.of(WithoutFault.class, GROUPS);

        assertThat(run.failed()).as(run.toString()).isEmpty();
        assertThat(run.kept())
                .containsExactly("N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08", "N09", "N10", "N11");
    }

    @Test
    void everyRuleAboutTheNetworkIsFailedBySomebody() {
        assertThat(Stream.of(KNOWN_BAD, KNOWN_BAD_PROXIES)
                        .flatMap(table -> table.values().stream())
                        .flatMap(ImmutableList::stream)
                        .distinct())
                .hasSize(RuleRun.of(WithoutFault.class, GROUPS).results().size());
    }
}
