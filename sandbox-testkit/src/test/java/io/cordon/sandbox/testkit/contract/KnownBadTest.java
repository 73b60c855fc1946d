package io.cordon.sandbox.testkit.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.linux.LinuxSandboxBackend;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.SandboxBackend;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Backends with one fault in what they do about files, processes and trees; each fails the rules named for it, and no others. */
@Timeout(300)
class KnownBadTest {
    private static final ImmutableList<Class<?>> FILES =
            ImmutableList.of(SandboxBackendContract.FilesOutside.class, SandboxBackendContract.Processes.class);
    private static final ImmutableList<Class<?>> TREES = ImmutableList.of(SandboxBackendContract.Trees.class);

    @TestFactory
    Stream<DynamicTest> eachFailsTheRulesThatAreNamedForIt() {
        return Stream.of(
                bad(FallsBackToUnsandboxed.class, FILES, "W02 W03 W04 W05 W06 W07 W08 W09 W10"),
                bad(EndsOnlyTheRoot.class, TREES, "T01 T02 T03 T05"));
    }

    @TestFactory
    Stream<DynamicTest> soDoesEachThatIsAlteredLinux() {
        assumeTrue(new LinuxSandboxBackend().probe().available(), "a kernel that confines is needed");
        return Stream.of(
                bad(LetsWritesThroughALink.class, FILES, "W07"),
                bad(LeavesLitter.class, FILES, "W11"),
                bad(SplitsArguments.class, FILES, "P01"),
                bad(LeaksTheEnvironment.class, FILES, "P02"),
                bad(MergesErrors.class, FILES, "P03"),
                bad(IgnoresTheDirectory.class, FILES, "P04"));
    }

    private static DynamicTest bad(
            Class<? extends SandboxBackendContract> contract, ImmutableList<Class<?>> groups, String rules) {
        return DynamicTest.dynamicTest(
                contract.getSimpleName(), () -> RuleRun.assertFails(contract, groups, List.of(rules.split(" "))));
    }

    static final class FallsBackToUnsandboxed extends SandboxBackendContract {
        @Override
        protected SandboxBackend backend() {
            return ScriptedBackend.byEnvironment(Map.of());
        }
    }

    static final class EndsOnlyTheRoot extends SandboxBackendContract {
        @Override
        protected SandboxBackend backend() {
            return ScriptedBackend.byEnvironment(Map.of()).endingOnlyTheRoot();
        }
    }

    static final class LetsWritesThroughALink extends LinuxContractTest {
        @Override
        protected SandboxBackend backend() {
            return new AlteredBackend(super.backend()) {
                @Override
                SandboxPolicy altered(SandboxPolicy policy) {
                    SandboxPolicy.Builder wider = policy.toBuilder();
                    for (Path root : policy.allowWrite()) {
                        try (Stream<Path> files = Files.list(root)) {
                            for (Path link : files.filter(Files::isSymbolicLink).toList()) {
                                wider.allowWrite(link.toRealPath());
                            }
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                    return wider.build();
                }
            };
        }
    }

    static final class LeavesLitter extends LinuxContractTest {
        @Override
        protected SandboxBackend backend() {
            return new AlteredBackend(super.backend()) {
                @Override
                void closed(SandboxPolicy policy) {
                    try {
                        Files.writeString(policy.allowWrite().iterator().next().resolve("litter"), "litter");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
        }
    }

    static final class SplitsArguments extends LinuxContractTest {
        @Override
        protected SandboxBackend backend() {
            return new AlteredBackend(super.backend()) {
                @Override
                LaunchRequest altered(SandboxPolicy policy, LaunchRequest request) {
                    return request.withCommand(ImmutableList.copyOf(
                            String.join(" ", request.command()).split(" ")));
                }
            };
        }
    }

    static final class LeaksTheEnvironment extends LinuxContractTest {
        @Override
        protected SandboxBackend backend() {
            return new AlteredBackend(super.backend()) {
                @Override
                LaunchRequest altered(SandboxPolicy policy, LaunchRequest request) {
                    return ScriptedBackend.with(
                            request.withEnvironment(ImmutableMap.copyOf(System.getenv())), request.environment());
                }
            };
        }
    }

    static final class MergesErrors extends LinuxContractTest {
        @Override
        protected SandboxBackend backend() {
            return new AlteredBackend(super.backend()) {
                @Override
                LaunchRequest altered(SandboxPolicy policy, LaunchRequest request) {
                    return in(request, request.directory(), true);
                }
            };
        }
    }

    static final class IgnoresTheDirectory extends LinuxContractTest {
        @Override
        protected SandboxBackend backend() {
            return new AlteredBackend(super.backend()) {
                @Override
                LaunchRequest altered(SandboxPolicy policy, LaunchRequest request) {
                    boolean asked = request.command().contains("directory");
                    return asked ? in(request, Path.of("/"), request.mergeStderr()) : request;
                }
            };
        }
    }

    private static LaunchRequest in(LaunchRequest request, Path directory, boolean merged) {
        return new LaunchRequest(
                request.command(),
                request.shell(),
                directory,
                request.environment(),
                request.stdin(),
                request.stdout(),
                request.stderr(),
                merged,
                request.terminal());
    }
}
