package io.cordon.sandbox.testkit.contract;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.ProxyConfiningBackend;
import io.cordon.sandbox.spi.SandboxBackend;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

/**
 * Confines nothing, and says that it enforces everything. What it does to a request before it starts the process is all
 * that a child feels.
 */
class ScriptedBackend implements SandboxBackend {
    private final String mechanism;
    private final BiFunction<NetworkAccess, LaunchRequest, LaunchRequest> confining;
    private boolean wholeTree = true;

    /**
     * A backend.
     *
     * @param mechanism what it says that it enforces by
     * @param confining makes another request of one, for the network of the policy
     */
    ScriptedBackend(String mechanism, BiFunction<NetworkAccess, LaunchRequest, LaunchRequest> confining) {
        this.mechanism = mechanism;
        this.confining = confining;
    }

    /** Who kills, kills the root alone. */
    @CanIgnoreReturnValue
    ScriptedBackend endingOnlyTheRoot() {
        wholeTree = false;
        return this;
    }

    /** One that adds variables where the network is closed. */
    static ScriptedBackend byEnvironment(Map<String, String> variables) {
        return new ScriptedBackend(
                "variables",
                (network, request) -> network.equals(NetworkAccess.NONE) ? with(request, variables) : request);
    }

    /** One that says it confines to a proxy too. */
    static final class ForHosts extends ScriptedBackend implements ProxyConfiningBackend {
        ForHosts(String mechanism, BiFunction<NetworkAccess, LaunchRequest, LaunchRequest> confining) {
            super(mechanism, confining);
        }

        @Override
        public PreparedSandbox prepare(SandboxPolicy policy, int proxyPort) {
            return prepare(policy);
        }
    }

    /** A request with more variables. */
    static LaunchRequest with(LaunchRequest request, Map<String, String> variables) {
        Map<String, String> all = new LinkedHashMap<>(request.environment());
        all.putAll(variables);
        return request.withEnvironment(ImmutableMap.copyOf(all));
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public BackendProbe probe() {
        return BackendProbe.available("for tests");
    }

    private EnforcementReport report(SandboxPolicy policy) {
        return EnforcementReport.of(
                policy,
                Arrays.stream(Capability.values())
                        .map(capability -> Enforcement.full(capability, mechanism))
                        .toList());
    }

    private record Plan(EnforcementReport expected) implements BackendPlan {
        @Override
        public String explain() {
            return "nothing is changed";
        }
    }

    @Override
    public BackendPlan plan(SandboxPolicy policy) {
        return new Plan(report(policy));
    }

    @Override
    public PreparedSandbox prepare(SandboxPolicy policy) {
        Queue<UnconfinedProcess> started = new ConcurrentLinkedQueue<>();
        return new PreparedSandbox() {
            @Override
            public EnforcementReport enforcement() {
                return report(policy);
            }

            @Override
            public LaunchedProcess launch(LaunchRequest request) throws SandboxException {
                UnconfinedProcess process =
                        UnconfinedProcess.start(confining.apply(policy.network(), request), wholeTree);
                started.add(process);
                return process;
            }

            @Override
            public void close() {
                started.forEach(UnconfinedProcess::kill);
            }
        };
    }
}
