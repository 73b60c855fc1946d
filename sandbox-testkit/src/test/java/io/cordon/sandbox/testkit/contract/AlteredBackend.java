package io.cordon.sandbox.testkit.contract;

import io.cordon.sandbox.Enforcement;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.SandboxBackend;

/** A backend with one fault: what a subclass overrides, it does wrong, and all else is done by a real one. */
abstract class AlteredBackend implements SandboxBackend {
    private final SandboxBackend real;

    AlteredBackend(SandboxBackend real) {
        this.real = real;
    }

    /** The policy that is enforced in place of the one that is asked for. */
    SandboxPolicy altered(SandboxPolicy policy) {
        return policy;
    }

    /** The request that is launched in place of the one that is made. */
    LaunchRequest altered(SandboxPolicy policy, LaunchRequest request) {
        return request;
    }

    /** After the sandbox was closed. */
    void closed(SandboxPolicy policy) {}

    @Override
    public String name() {
        return "altered";
    }

    @Override
    public BackendProbe probe() {
        return real.probe();
    }

    @Override
    public BackendPlan plan(SandboxPolicy policy) throws SandboxException {
        return real.plan(policy);
    }

    @Override
    public PreparedSandbox prepare(SandboxPolicy policy) throws SandboxException {
        PreparedSandbox prepared = real.prepare(altered(policy));
        Iterable<Enforcement> claims = prepared.enforcement().entries();
        return new PreparedSandbox() {
            @Override
            public EnforcementReport enforcement() {
                return EnforcementReport.of(policy, claims);
            }

            @Override
            public LaunchedProcess launch(LaunchRequest request) throws SandboxException {
                return prepared.launch(altered(policy, request));
            }

            @Override
            public void close() throws SandboxException {
                prepared.close();
                closed(policy);
            }
        };
    }
}
