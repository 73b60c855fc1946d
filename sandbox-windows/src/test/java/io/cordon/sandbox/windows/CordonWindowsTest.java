package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.JournalWriter;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.Owner;
import io.cordon.sandbox.windows.edit.Owners;
import io.cordon.sandbox.windows.edit.Place;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.edit.StepListener;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FakeWindows;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command, over a journal in a temp directory and a fake of Windows. */
@Timeout(60)
class CordonWindowsTest {
    private static final MandatoryLabel LOW = new MandatoryLabel(IntegrityLevel.MEDIUM_LOW, MandatoryLabel.NO_WRITE_UP);
    private static final Owner GONE = new Owner(Long.MAX_VALUE, 0);

    @TempDir
    Path temp;

    private final FakeWindows windows = new FakeWindows();
    private WindowsPlaces places;
    private Path root;

    @BeforeEach
    void makeHome() throws Exception {
        places = new WindowsPlaces(ImmutableMap.of("LOCALAPPDATA", temp.toString()), temp);
        root = Files.createDirectory(temp.toRealPath().resolve("root"));
    }

    private record Told(int exitCode, String text) {}

    private Told run(String... words) throws SandboxException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int exitCode = new CordonWindows(
                        windows.calls().files(),
                        windows.calls().containers(),
                        Sid.of(5, 21, 1, 2, 3, 1001),
                        places,
                        Owners.SYSTEM,
                        out)
                .run(List.of(words));
        return new Told(exitCode, bytes.toString(StandardCharsets.UTF_8));
    }

    private static Told runMain(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int exitCode = CordonWindows.main(out, out, words);
        return new Told(exitCode, bytes.toString(StandardCharsets.UTF_8));
    }

    private EditRegister register() {
        return new EditRegister(places.home(), Owners.SYSTEM, StepListener.NONE, Duration.ofSeconds(10));
    }

    /** A layer, and the lease of a sandbox of this owner that needs it. */
    private void stamp(Owner owner, Lifetime lifetime) throws Exception {
        List<Place> stamped = List.of(
                new Place(root.toString(), Optional.empty(), LOW, true, true),
                new Place(root.resolve("config").toString(), Optional.empty(), MandatoryLabel.DEFAULT, false, false));
        try (RegisterTransaction transaction = register().begin()) {
            JournalWriter layer = transaction.newLayer(lifetime, ImmutableList.of(), stamped);
            UUID sandbox = UUID.randomUUID();
            transaction.write(
                    new Lease(sandbox, owner, sandbox.toString(), Instant.now(), ImmutableSet.of(layer.id())));
            layer.complete(List.of());
            layer.close();
        }
    }

    private void forgetLeases() throws Exception {
        try (RegisterTransaction transaction = register().begin()) {
            for (Lease lease : transaction.leases()) {
                transaction.removeLease(lease.sandbox());
            }
        }
    }

    @Test
    void nothingIsMadeWhereNothingIs() throws Exception {
        for (String word : List.of("status", "recover", "cleanup")) {
            Told told = run(word);
            assertThat(told.exitCode()).isEqualTo(CordonWindows.DONE);
            assertThat(told.text()).contains("no journal");
        }
        assertThat(places.home()).doesNotExist();
    }

    @Test
    void anOpenSandboxIsShownWithAllThatItNeedsAndIsNoLeftover() throws Exception {
        stamp(Owner.current(), Lifetime.SESSION);
        Told told = run("status");
        long pid = ProcessHandle.current().pid();
        assertThat(told.text())
                .contains("open: sandbox ")
                .contains("by process " + pid + ", which runs; taken back with the last sandbox")
                .contains("writable " + root + " and what is in it, label MediumLow(0x1800):NW")
                .contains("protected " + root.resolve("config") + ", label Medium:NW")
                .containsPattern("needed by [0-9a-f-]{36} since .* of process " + pid)
                .doesNotContain("left behind");
        assertThat(told.exitCode()).isEqualTo(CordonWindows.DONE);

        assertThat(run("recover").text()).isEqualTo("nothing was left behind\n");
        assertThat(run("status").text()).isEqualTo(told.text());
    }

    @Test
    void whatADeadProcessLeftIsShownAndTakenBack() throws Exception {
        stamp(GONE, Lifetime.SESSION);
        Told before = run("status");
        assertThat(before.exitCode()).isEqualTo(CordonWindows.LEFT);
        assertThat(before.text())
                .contains("left behind: sandbox ")
                .contains("of process " + GONE.pid() + ", which is gone")
                .contains("needed by nobody: left behind");

        Told recovered = run("recover");
        assertThat(recovered.exitCode()).isEqualTo(CordonWindows.DONE);
        assertThat(recovered.text().lines()).hasSize(2).allMatch(line -> line.startsWith("undone: "));
        Told after = run("status");
        assertThat(after.exitCode()).isEqualTo(CordonWindows.DONE);
        assertThat(after.text()).contains("nothing is stamped");
    }

    @Test
    void whatIsKeptIsShownAndOnlyCleaningUpTakesItBack() throws Exception {
        stamp(Owner.current(), Lifetime.PERSISTENT);
        SandboxException used = catchThrowableOfType(SandboxException.class, () -> run("cleanup", root.toString()));
        assertThat(used.code()).isEqualTo(SandboxErrorCode.ROOT_IN_USE);
        Told all = run("cleanup");
        assertThat(all.exitCode()).isEqualTo(CordonWindows.LEFT);
        assertThat(all.text().lines()).singleElement().asString().startsWith("left: " + SandboxErrorCode.ROOT_IN_USE);
        forgetLeases();

        Told status = run("status");
        assertThat(status.exitCode()).isEqualTo(CordonWindows.DONE);
        assertThat(status.text()).contains("kept until 'cleanup'").contains("needed by no open sandbox");
        assertThat(run("recover").text()).isEqualTo("nothing was left behind\n");
        assertThat(run("cleanup", temp.resolve("other").toString()).text()).isEqualTo("nothing was left behind\n");

        Told cleaned = run("cleanup", root.toString());
        assertThat(cleaned.exitCode()).isEqualTo(CordonWindows.DONE);
        assertThat(cleaned.text()).startsWith("undone: ").contains(root.toString());
        assertThat(run("status").text()).contains("nothing is stamped");

        stamp(GONE, Lifetime.PERSISTENT);
        assertThat(run("cleanup").text()).contains("undone: ").contains(root.toString());
        assertThat(run("status").text()).contains("nothing is stamped");
    }

    @Test
    void aDamagedFileIsShownWithItsReason() throws Exception {
        stamp(Owner.current(), Lifetime.SESSION);
        Files.writeString(places.home().resolve("journal").resolve("foreign.lease"), "not ours");
        Told told = run("status");
        assertThat(told.exitCode()).isEqualTo(CordonWindows.LEFT);
        assertThat(told.text())
                .containsPattern("in quarantine, never applied: .*foreign\\.lease: .+")
                .doesNotContain("cannot be read");
    }

    @Test
    void wrongArgumentsAreToldFromOthers() {
        assertThat(runMain("help").exitCode()).isEqualTo(CordonWindows.DONE);
        for (String[] wrong : new String[][] {{}, {"undo"}, {"status", "x"}, {"cleanup", "a", "b"}, {"help", "x"}}) {
            Told told = runMain(wrong);
            assertThat(told.exitCode()).isEqualTo(CordonWindows.USAGE);
            assertThat(told.text()).contains("cleanup [ROOT]");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void anotherSystemIsNamedInOneLine() {
        Told told = runMain("status");
        assertThat(told.exitCode()).isEqualTo(CordonWindows.NOT_HERE);
        assertThat(told.text().lines())
                .singleElement()
                .asString()
                .startsWith(SandboxErrorCode.BACKEND_UNAVAILABLE.name())
                .contains(System.getProperty("os.name"));
    }
}
