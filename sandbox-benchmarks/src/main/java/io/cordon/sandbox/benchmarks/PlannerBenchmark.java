package io.cordon.sandbox.benchmarks;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.ObjectFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.PlanResult;
import io.cordon.sandbox.windows.plan.WindowsPlanner;
import io.cordon.sandbox.windows.security.Sddl;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Targets: 10 roots, 50 carve-outs and 50 denials below 1 ms; 10,000 rules below 50 ms; linear in between. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PlannerBenchmark {
    private static final int ROOTS = 10;

    /** Carve-outs, and as many denials. */
    @Param({"50", "500", "5000"})
    public int each = 50;

    /** Whether the token is write-restricted. */
    @Param({"false", "true"})
    public boolean writeRestricted;

    private SandboxPolicy policy = SandboxPolicy.readOnly();
    private HostFacts facts = base().build();

    private static HostFacts.Builder base() {
        return HostFacts.builder()
                .user(Sid.parse("S-1-5-21-1-2-3-1000"), Sid.parse("S-1-5-5-0-77"))
                .aclVolume(1)
                .temp(Path.of("/lib/t").toAbsolutePath());
    }

    /** Makes policy and facts. */
    @Setup
    public void setUp() {
        SecurityDescriptor descriptor = Sddl.parse(
                "O:S-1-5-21-1-2-3-1000D:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIID;FA;;;S-1-5-21-1-2-3-1000)");
        SandboxPolicy.Builder rules = SandboxPolicy.builder().network(NetworkAccess.ALLOWED);
        Set<Path> objects = new LinkedHashSet<>();
        for (int i = 0; i < ROOTS; i++) {
            Path root = Path.of("/home/me/root" + i).toAbsolutePath();
            rules.allowWrite(root);
            objects.add(root);
        }
        for (int i = 0; i < each; i++) {
            Path project = Path.of("/home/me/root" + i % ROOTS, "project" + i).toAbsolutePath();
            rules.denyWrite(project.resolve(".git/hooks"));
            objects.add(project);
            objects.add(project.resolve(".git"));
            objects.add(project.resolve(".git/hooks"));
            Path secret = Path.of("/home/me/secret" + i).toAbsolutePath();
            rules.denyRead(secret);
            objects.add(secret);
        }
        policy = rules.build();
        HostFacts.Builder host = base();
        long index = 0;
        for (Path path : objects) {
            host.object(new ObjectFacts(path, new FileId(1, ++index), true, false, descriptor, true, true, false));
        }
        facts = host.build();
    }

    /** A first plan: every edit is needed. */
    @Benchmark
    public PlanResult plan() {
        return WindowsPlanner.plan(policy, facts, PlanOptions.DEFAULT.withWriteRestricted(writeRestricted));
    }
}
