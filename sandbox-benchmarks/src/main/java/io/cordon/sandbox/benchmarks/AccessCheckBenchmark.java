package io.cordon.sandbox.benchmarks;

import io.cordon.sandbox.testkit.windows.AccessDecision;
import io.cordon.sandbox.testkit.windows.MonitorSwitches;
import io.cordon.sandbox.testkit.windows.SecurityReferenceMonitor;
import io.cordon.sandbox.testkit.windows.VirtualToken;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.Ace;
import io.cordon.sandbox.windows.security.Acl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.security.WellKnownSids;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Target: a million checks a second on one core, for a DACL of 20 entries of which only the last one decides. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class AccessCheckBenchmark {
    private final SecurityReferenceMonitor monitor = new SecurityReferenceMonitor(MonitorSwitches.DEFAULT);
    private final VirtualToken token = VirtualToken.ofUser(Sid.parse("S-1-5-21-1-2-3-1000"), Sid.parse("S-1-5-5-0-77"));
    private final SecurityDescriptor descriptor = descriptor(token.user());

    private static SecurityDescriptor descriptor(Sid user) {
        List<Ace> aces = new ArrayList<>();
        for (int i = 0; i < 19; i++) {
            aces.add(AccessAce.allow(AccessMask.FILE_ALL_ACCESS, Sid.of(5, 21, 1, 2, 3, 2000 + i)));
        }
        aces.add(AccessAce.allow(AccessMask.FILE_ALL_ACCESS, user));
        return SecurityDescriptor.of(WellKnownSids.ADMINISTRATORS, null, Acl.of(aces));
    }

    /** A write that the last entry grants. */
    @Benchmark
    public AccessDecision write() {
        return monitor.check(token, descriptor, AccessMask.FILE_GENERIC_WRITE);
    }

    /** Everything that is granted. */
    @Benchmark
    public AccessDecision maximum() {
        return monitor.check(token, descriptor, AccessMask.MAXIMUM_ALLOWED);
    }
}
