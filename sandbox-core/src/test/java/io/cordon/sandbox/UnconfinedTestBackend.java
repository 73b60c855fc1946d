package io.cordon.sandbox;

import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.SandboxBackend;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Confines nothing; says of the enforcement what a test wants it to say, and records how it was used. */
final class UnconfinedTestBackend implements SandboxBackend {
    final AtomicInteger prepared = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final List<LaunchRequest> requests = new CopyOnWriteArrayList<>();
    final List<LaunchedProcess> processes = new CopyOnWriteArrayList<>();
    private final Map<Capability, Enforcement> planned = new EnumMap<>(Capability.class);
    private final Map<Capability, Enforcement> seen = new EnumMap<>(Capability.class);
    private Function<SandboxPolicy, EnforcementReport> seenReport =
            policy -> EnforcementReport.of(policy, seen.values());
    private BackendProbe probe = BackendProbe.available("a test's own");
    private final Map<CodePage, Charset> charsets = new EnumMap<>(CodePage.class);
    private boolean failsToClose;

    UnconfinedTestBackend() {
        for (Capability capability : Capability.values()) {
            planned.put(capability, Enforcement.full(capability, "claimed by a test"));
            seen.put(capability, Enforcement.full(capability, "claimed by a test"));
        }
    }

    UnconfinedTestBackend plans(Enforcement answer) {
        planned.put(answer.capability(), answer);
        return this;
    }

    UnconfinedTestBackend sees(Enforcement answer) {
        seen.put(answer.capability(), answer);
        return this;
    }

    UnconfinedTestBackend seesReport(Function<SandboxPolicy, EnforcementReport> report) {
        seenReport = report;
        return this;
    }

    UnconfinedTestBackend probes(BackendProbe answer) {
        probe = answer;
        return this;
    }

    /** Of a machine whose code pages are these and no others; without a call, the native charset is both. */
    UnconfinedTestBackend has(CodePage codePage, Charset charset) {
        charsets.put(codePage, charset);
        return this;
    }

    UnconfinedTestBackend failsToClose() {
        failsToClose = true;
        return this;
    }

    @Override
    public String name() {
        return "unconfined-test";
    }

    @Override
    public BackendProbe probe() {
        return probe;
    }

    @Override
    public BackendPlan plan(SandboxPolicy policy) {
        EnforcementReport expected = EnforcementReport.of(policy, new ArrayList<>(planned.values()));
        return new BackendPlan() {
            @Override
            public EnforcementReport expected() {
                return expected;
            }

            @Override
            public String explain() {
                return "nothing is changed";
            }
        };
    }

    @Override
    public PreparedSandbox prepare(SandboxPolicy policy) {
        prepared.incrementAndGet();
        return new Prepared(policy);
    }

    private final class Prepared implements PreparedSandbox {
        private final SandboxPolicy policy;

        Prepared(SandboxPolicy policy) {
            this.policy = policy;
        }

        @Override
        public EnforcementReport enforcement() {
            return seenReport.apply(policy);
        }

        @Override
        public LaunchedProcess launch(LaunchRequest request) throws SandboxException {
            requests.add(request);
            LaunchedProcess process = UnconfinedTestProcess.start(request);
            processes.add(process);
            return process;
        }

        @Override
        public Charset charset(CodePage codePage) throws SandboxException {
            if (charsets.isEmpty()) {
                return PreparedSandbox.super.charset(codePage);
            }
            Charset charset = charsets.get(codePage);
            if (charset == null) {
                throw new SandboxException(SandboxErrorCode.CHARSET_UNAVAILABLE, "a test wants this");
            }
            return charset;
        }

        @Override
        public void close() throws SandboxException {
            closed.incrementAndGet();
            processes.forEach(LaunchedProcess::kill);
            if (failsToClose) {
                throw new SandboxException(SandboxErrorCode.CLOSE_FAILED, "a test wants this");
            }
        }
    }

    @Override
    public CleanUpReport recover() {
        return CleanUpReport.of(List.of("all"), List.of());
    }

    @Override
    public CleanUpReport cleanUp(Path root) {
        return CleanUpReport.of(List.of(), List.of(root + " stays"));
    }
}
