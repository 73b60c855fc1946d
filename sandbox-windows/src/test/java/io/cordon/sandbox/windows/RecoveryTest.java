package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.collect.Maps;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What JVMs leave that are stopped, and what several of them do with one root. Everything is compared byte for byte with
 * what was there before.
 */
@Tag("windows")
@Timeout(240)
class RecoveryTest {
    @TempDir
    Path temp;

    private Path root;
    private ImmutableMap<Path, WindowsJvm.Security> before;
    private ImmutableSortedSet<Path> directories;

    @BeforeEach
    void makeRoot() throws IOException {
        WindowsJvm.assumeEnforcing();
        root = Files.createDirectories(temp.toRealPath().resolve("root"));
        Files.createDirectories(root.resolve(".git"));
        Files.writeString(root.resolve(".git").resolve("config"), "x");
        Files.writeString(root.resolve("secret"), "x");
        Files.createDirectories(root.resolve("a").resolve("b"));
        Files.writeString(root.resolve("a").resolve("b").resolve("file"), "x");
        before = WindowsJvm.securities(root);
        directories = WindowsJvm.privateDirectories();
    }

    /** So that a failure here is none of the tests that follow. */
    @AfterEach
    void recover() throws SandboxException {
        if (!WindowsJvm.isStockWine()) {
            assertThat(Sandbox.recover().left()).isEmpty();
        }
    }

    /** With every kind of edit. */
    static SandboxPolicy policy(Path root) {
        return WindowsJvm.policy(root)
                .denyWrite(root.resolve(".git").resolve("config"))
                .denyWrite(root.resolve(".git").resolve("hooks"))
                .denyRead(root.resolve("secret"))
                .build();
    }

    private static final PlanOptions OPTIONS = PlanOptions.WRITE_RESTRICTED.withCreateMissingCarveOuts(true);

    static Sandbox open(Path root, StampProgress progress) throws SandboxException {
        return Sandbox.open(policy(root), new WindowsSandboxBackend(OPTIONS, progress));
    }

    private void assertAsBefore(String when) throws IOException {
        assertThat(WindowsJvm.securities(root)).as(when).isEqualTo(before);
        assertThat(WindowsJvm.privateDirectories()).as(when).isEqualTo(directories);
    }

    private void assertChanged(String when) throws IOException {
        assertThat(WindowsJvm.security(root).label()).as(when).isPresent();
        assertThat(WindowsJvm.securities(root)).as(when).isNotEqualTo(before);
        assertThat(WindowsJvm.privateDirectories()).as(when).isNotEqualTo(directories);
    }

    /** A JVM that has a sandbox open. */
    private record Other(Process process, BufferedReader output) {
        static Other holding(Path root) throws IOException {
            Other other = start("hold", root.toString());
            assertThat(other.output.readLine()).isEqualTo("open");
            return other;
        }

        static Other start(String... arguments) throws IOException {
            Process process = new ProcessBuilder(WindowsJvm.java(RecoveryMain.class, arguments))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Other(
                    process,
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)));
        }

        int end(String how) throws Exception {
            process.getOutputStream().write((how + "\n").getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().close();
            return exitCode();
        }

        int exitCode() throws Exception {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAHaltedJvmLeftIsTakenBack(boolean byOpening) throws Exception {
        // given
        assertThat(Other.holding(root).end("halt")).isEqualTo(RecoveryMain.HALTED);
        assertChanged("after the JVM was halted");

        // when
        if (byOpening) {
            Path elsewhere = Files.createDirectory(temp.toRealPath().resolve("elsewhere"));
            Sandbox.open(WindowsJvm.policy(elsewhere).build()).close();
        } else {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
            assertThat(CordonWindows.main(out, out, "status")).isEqualTo(CordonWindows.LEFT);
            assertThat(bytes.toString(StandardCharsets.UTF_8))
                    .contains("left behind: sandbox ")
                    .contains("writable " + root);
            bytes.reset();
            assertThat(CordonWindows.main(out, out, "recover")).isEqualTo(CordonWindows.DONE);
            assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                    .hasSize(2)
                    .allMatch(line -> line.startsWith("undone: "))
                    .anyMatch(line -> line.contains(root.toString()));
        }

        // then
        assertAsBefore("afterwards");
        assertThat(Sandbox.recover()).isEqualTo(CleanUpReport.NOTHING);
    }

    /** A sample; on the model every step is tried. */
    @Test
    void aJvmThatIsHaltedInTheMiddleOfAStampLeavesNothingThatIsNotTakenBack() throws Exception {
        int changed = 0;
        for (int object : new int[] {1, 5, 10, 15}) {
            // given
            Other other = Other.start("halt", root.toString(), String.valueOf(object));
            assertThat(other.output().readLine()).isNull();
            assertThat(other.exitCode()).isEqualTo(RecoveryMain.HALTED);
            assertThat(WindowsJvm.privateDirectories()).isNotEqualTo(directories);
            changed += WindowsJvm.securities(root).equals(before) ? 0 : 1;

            // when
            CleanUpReport report = Sandbox.recover();

            // then
            assertThat(report.left()).isEmpty();
            assertAsBefore("halted at object " + object);
        }
        assertThat(changed).as("how often there was something to take back").isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void twoJvmsShareARootUntilTheSecondCloses(boolean otherFirst) throws Exception {
        Other other;
        try (Sandbox own = open(root, StampProgress.NONE)) {
            other = Other.holding(root);
            if (otherFirst) {
                assertThat(other.end("close")).isZero();
                assertChanged("the other one is closed, this one is open");
                // and what nobody needs any more is not what this one needs
                assertThat(Sandbox.recover().left()).isEmpty();
                assertThat(WindowsJvm.security(root).label()).isPresent();
                assertThat(own.run("cmd.exe", "/d", "/c", "echo x>" + root + "\\made")
                                .exitCode())
                        .isZero();
                Files.delete(root.resolve("made"));
            }
        }
        if (!otherFirst) {
            assertChanged("this one is closed, the other one is open");
            assertThat(other.end("close")).isZero();
        }
        assertAsBefore("both are closed");
    }

    @Test
    void otherRulesForTheSameRootAreRefusedWhileItIsOpenAndTheSameOnesAreNot() throws Exception {
        Other other;
        try (Sandbox sandbox = open(root, StampProgress.NONE)) {
            assertThat(sandbox.violations()).isEmpty();
            other = Other.start("try", root.toString());
            assertThat(other.output().readLine())
                    .startsWith(SandboxErrorCode.ROOT_IN_USE.name())
                    .contains(String.valueOf(ProcessHandle.current().pid()))
                    .contains("config");
            assertThat(other.output().readLine()).isEqualTo("opened");
            assertThat(other.exitCode()).isZero();
        }
        assertAsBefore("all are closed");
    }

    @Test
    void whatIsKeptIsUsedAgainAndIsTakenBackWhenItIsAskedFor() throws Exception {
        // given
        PlanOptions kept = PlanOptions.DEFAULT.withLifetime(Lifetime.PERSISTENT);
        SandboxPolicy policy = WindowsJvm.policy(root).build();
        List<String> changed = new ArrayList<>();
        WindowsSandboxBackend backend = new WindowsSandboxBackend(kept, (done, total, current) -> {
            if (current.startsWith(root.toString())) {
                changed.add(current);
            }
            return true;
        });

        // when
        Sandbox.open(policy, backend).close();

        // then
        assertThat(changed).as("positive control").hasSizeGreaterThanOrEqualTo(before.size());
        ImmutableMap<Path, WindowsJvm.Security> stamped = WindowsJvm.securities(root);
        assertThat(stamped).isNotEqualTo(before);
        assertThat(WindowsJvm.privateDirectories()).isEqualTo(directories);

        // and the second opening looks at the root itself, and at nothing in it
        changed.clear();
        try (Sandbox sandbox = Sandbox.open(policy, backend)) {
            assertThat(changed).isSubsetOf(root.toString());
            // the root itself cannot be deleted while a sandbox is open
            assertThat(Maps.filterKeys(WindowsJvm.securities(root), file -> !file.equals(root)))
                    .isEqualTo(Maps.filterKeys(stamped, file -> !file.equals(root)));
            assertThat(sandbox.run("cmd.exe", "/d", "/c", "echo x>" + root + "\\a\\made")
                            .exitCode())
                    .isZero();
            assertThat(root.resolve("a").resolve("made")).exists();
            SandboxException refused = catchThrowableOfType(SandboxException.class, () -> Sandbox.cleanUp(root));
            assertThat(refused.code()).isEqualTo(SandboxErrorCode.ROOT_IN_USE);
            assertThat(WindowsJvm.security(root).label()).isPresent();
        }
        Files.delete(root.resolve("a").resolve("made"));
        assertThat(Sandbox.recover()).isEqualTo(CleanUpReport.NOTHING);
        assertThat(WindowsJvm.securities(root)).isEqualTo(stamped);

        CleanUpReport report = Sandbox.cleanUp(root);
        assertThat(report.left()).isEmpty();
        assertThat(report.undone()).singleElement().asString().contains(root.toString());
        assertAsBefore("cleaned up");
        assertThat(Sandbox.cleanUp(root)).isEqualTo(CleanUpReport.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void openingThatIsCancelledAnywhereLeavesNothing(boolean byInterrupt) throws Exception {
        for (int n = 1; ; n += n < 5 ? 1 : 3) {
            int[] calls = new int[1];
            int last = n;
            SandboxException cancelled = catchThrowableOfType(
                    SandboxException.class,
                    () -> open(root, (done, total, current) -> {
                                if (++calls[0] != last) {
                                    return true;
                                }
                                if (byInterrupt) {
                                    Thread.currentThread().interrupt();
                                }
                                return byInterrupt;
                            })
                            .close());
            assertThat(Thread.interrupted()).isEqualTo(byInterrupt && cancelled != null);
            if (cancelled == null) {
                assertThat(n).as("how often it was asked").isGreaterThan(20);
                break;
            }
            assertThat(cancelled.code()).isEqualTo(SandboxErrorCode.PREPARE_CANCELLED);
            assertAsBefore("cancelled at " + n);
        }
        assertAsBefore("not cancelled");
    }
}
