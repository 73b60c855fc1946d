package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.SandboxResult;
import io.cordon.sandbox.UnenforceablePolicyException;
import io.cordon.sandbox.spi.ResolvedPolicy;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.Lease;
import io.cordon.sandbox.windows.edit.Owner;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.plan.AceChange;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.AccessAce;
import io.cordon.sandbox.windows.security.AccessMask;
import io.cordon.sandbox.windows.security.WellKnownSids;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An AppContainer from its choice to its end, in real processes. Each denial has its positive control. */
@Tag("windows")
@Timeout(300)
class AppContainerTest {
    @TempDir
    Path temp;

    private Path root;
    private Path outside;
    private Path listed;

    @BeforeEach
    void makeDirectories() throws IOException {
        root = files("root");
        outside = files("outside");
        listed = files("listed");
    }

    private Path files(String name) throws IOException {
        Path directory = Files.createDirectories(temp.toRealPath().resolve(name).resolve("sub"));
        for (String file : ImmutableList.of("read", "write", "append", "rename", "delete")) {
            Files.writeString(directory.resolve(file), "before");
        }
        return temp.toRealPath().resolve(name);
    }

    /** With what a JVM as a child needs: itself and the classes of the tests. */
    private SandboxPolicy.Builder policy() throws IOException {
        return SandboxPolicy.builder()
                .allowWrite(root)
                .allowRead(listed)
                .allowRead(Path.of(System.getProperty("java.home")).toRealPath())
                .allowRead(Path.of(WindowsJvm.classPath()).toRealPath())
                .environment(environment -> environment.inheritCore())
                // Wine resolves names for an AppContainer.
                .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE, Capability.NETWORK);
    }

    private static String text(SandboxResult result) {
        return (result.stdout().text() + result.stderr().text()).replace("\r", "");
    }

    private static List<String> operations(Path directory) {
        List<String> arguments = new ArrayList<>();
        for (String name : ImmutableList.of("read", "write", "append", "rename", "delete", "create", "mkdir")) {
            arguments.add(name);
            arguments.add(directory.resolve("sub").resolve(name).toString());
        }
        return arguments;
    }

    private static ImmutableList<String> attempts(Path directory) {
        return WindowsJvm.attempts(operations(directory).toArray(new String[0]));
    }

    private static final String ALL = "read OK\nwrite OK\nappend OK\nrename OK\ndelete OK\ncreate OK\nmkdir OK\n";

    @Test
    void itReadsAndWritesWhatItIsGrantedAndNothingElse() throws Exception {
        WindowsJvm.assumeEnforcing();
        try (Sandbox sandbox = Sandbox.open(policy().build())) {
            assertThat(text(sandbox.run(attempts(root)))).isEqualTo(ALL);
            assertThat(text(sandbox.run(attempts(listed))))
                    .isEqualTo(ALL.replace("OK", "DENIED").replace("read DENIED", "read OK"));
            assertThat(text(sandbox.run(attempts(outside)))).isEqualTo(ALL.replace("OK", "DENIED"));
            // a grandchild is in it too
            ImmutableList<String> nested = ImmutableList.<String>builder()
                    .add("cmd.exe", "/d", "/c")
                    .addAll(attempts(outside))
                    .build();
            assertThat(text(sandbox.run(nested))).isEqualTo(ALL.replace("OK", "DENIED"));
        }
        assertThat(WindowsJvm.unconfined(attempts(outside))).isEqualTo(ALL);
    }

    @Test
    void itReportsWhatWasShown() throws Exception {
        WindowsJvm.assumeEnforcing();
        try (Sandbox sandbox = Sandbox.open(policy().build())) {
            assertThat(sandbox.enforcement().level(Capability.FILE_WRITE)).isEqualTo(EnforcementLevel.FULL);
            assertThat(sandbox.enforcement().level(Capability.FILE_READ_LIMIT)).isEqualTo(EnforcementLevel.FULL);
            assertThat(sandbox.enforcement().get(Capability.NETWORK).mechanism())
                    .contains("AppContainer without capabilities")
                    .contains("and refused (");
        }
        assertThat(new WindowsSandboxBackend().plan(policy().build()).explain())
                .contains("Confinement: APP_CONTAINER, because the policy closes the network and limits what is read");
    }

    @Test
    void noNetworkOfAnyKindIsReached() throws Exception {
        WindowsJvm.assumeEnforcing();
        try (LoopbackHost host = LoopbackHost.open()) {
            ImmutableList<String> command = WindowsJvm.java(NetworkMain.class, host.arguments());
            try (Sandbox sandbox = Sandbox.open(policy().build())) {
                ImmutableList<String> confined = ImmutableList.<String>builder()
                        .addAll(WindowsJvm.attempts().subList(0, 6))
                        .add(NetworkMain.class.getName())
                        .add(host.arguments())
                        .build();
                String seen = text(sandbox.run(confined));
                assertThat(seen).isEqualTo(host.expected("DENIED"));
                assertThat(host.reached()).isZero();
            }
            assertThat(WindowsJvm.unconfined(command)).isEqualTo(host.expected("OK"));
            assertThat(host.reached()).isPositive();
        }
    }

    @Test
    void closingRestoresEveryDescriptorAndDeletesTheProfile() throws Exception {
        WindowsJvm.assumeEnforcing();
        var before = WindowsJvm.securities(root);
        var readBefore = WindowsJvm.securities(listed);
        Path folder = folder(policy().build());
        Path made = root.resolve("made");

        try (Sandbox sandbox = Sandbox.open(policy().build())) {
            assertThat(folder).exists();
            assertThat(WindowsJvm.securities(root)).isNotEqualTo(before);
            assertThat(text(sandbox.run("cmd.exe", "/d", "/c", "echo x>" + made + "& echo %TEMP%"))
                            .strip())
                    .isEqualTo(folder.resolve("AC").resolve("Temp").toString());
        }

        assertThat(folder).doesNotExist();
        assertThat(WindowsJvm.security(made).label()).isEmpty();
        Files.delete(made);
        assertThat(WindowsJvm.securities(root)).isEqualTo(before);
        assertThat(WindowsJvm.securities(listed)).isEqualTo(readBefore);
    }

    @Test
    void carveOutsStayReadableAndAsTheyAreAndDeniedPlacesClosed() throws Exception {
        WindowsJvm.assumeEnforcing();
        Path kept = root.resolve("sub");
        Path hidden = listed.resolve("sub");
        try (Sandbox sandbox =
                Sandbox.open(policy().denyWrite(kept).denyRead(hidden).build())) {
            assertThat(sandbox.enforcement().level(Capability.FILE_WRITE_CARVE_OUT))
                    .isEqualTo(EnforcementLevel.FULL);
            assertThat(sandbox.enforcement().level(Capability.FILE_READ_DENY)).isEqualTo(EnforcementLevel.FULL);
            assertThat(text(sandbox.run(attempts(root))))
                    .isEqualTo(ALL.replace("OK", "DENIED").replace("read DENIED", "read OK"));
            assertThat(text(sandbox.run(attempts(listed)))).isEqualTo(ALL.replace("OK", "DENIED"));
            assertThat(text(sandbox.run(WindowsJvm.attempts("rename", kept.toString()))))
                    .isEqualTo("rename DENIED\n");
        }
        assertThat(WindowsJvm.unconfined(attempts(root))).isEqualTo(ALL);
        assertThat(WindowsJvm.unconfined(attempts(listed))).isEqualTo(ALL);
    }

    @Test
    void sandboxesWithTheSameRulesShareAProfileUntilTheLastOneCloses() throws Exception {
        WindowsJvm.assumeEnforcing();
        var before = WindowsJvm.securities(root);
        Path folder = folder(policy().build());
        Sandbox first = Sandbox.open(policy().build());
        try (Sandbox second = Sandbox.open(policy().build())) {
            first.close();
            assertThat(folder).exists();
            assertThat(text(second.run(attempts(listed)))).startsWith("read OK\nwrite DENIED\n");
            assertThat(text(second.run(attempts(root)))).isEqualTo(ALL);
        }
        assertThat(folder).doesNotExist();
        for (Path kept : ImmutableList.of(root, root.resolve("sub"))) {
            assertThat(WindowsJvm.security(kept)).isEqualTo(before.get(kept));
        }
    }

    @Test
    void aLessPrivilegedOneDoesNotReadWhatAllPackagesMay() throws Exception {
        WindowsJvm.assumeEnforcing();
        WindowsSandboxBackend less = new WindowsSandboxBackend(PlanOptions.DEFAULT.withLessPrivileged(true));
        Path open = listed.resolve("sub").resolve("read");
        grantAllPackages(open);
        ImmutableList<String> type = ImmutableList.of("cmd.exe", "/d", "/c", "type", open.toString());
        // not in allowRead, so that it is read by what all packages are granted
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(root)
                .allowRead(outside)
                .environment(environment -> environment.inheritCore())
                .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE, Capability.NETWORK)
                .build();
        try (Sandbox sandbox = Sandbox.open(policy)) {
            assertThat(text(sandbox.run(type))).isEqualTo("before");
        }
        try (Sandbox sandbox = Sandbox.open(policy, less)) {
            assertThat(text(sandbox.run(type))).doesNotContain("before");
        }
    }

    private static void grantAllPackages(Path file) throws Exception {
        var files = NativeCalls.windows().files();
        try (var entry = new FileTree(files)
                .open(
                        FileTree.extended(file),
                        AccessMask.READ_CONTROL.or(AccessMask.WRITE_DAC).bits())) {
            files.replaceDacl(
                    entry.handle(),
                    AceChange.apply(
                            files.descriptor(entry.handle()),
                            AccessAce.allow(AccessMask.FILE_GENERIC_READ, WellKnownSids.ALL_APPLICATION_PACKAGES)));
        }
    }

    @Test
    void toolsAreFoundAndWhatIsToBeGrantedIsTold() throws Exception {
        WindowsJvm.assumeEnforcing();
        Path home = Path.of(System.getProperty("java.home")).toRealPath();
        ToolRoots roots = ToolRoots.find();

        assertThat(roots.toGrant()).contains(home);
        assertThat(roots.all())
                .filteredOn(tool -> tool.path().startsWith("C:\\windows"))
                .isNotEmpty()
                .allMatch(tool -> tool.access() == ToolRoots.Access.OPEN);
    }

    private static EditRegister register() {
        return new EditRegister(WindowsPlaces.ofThisJvm().home());
    }

    private static UUID leaseOfADeadProcess(String profile) throws Exception {
        UUID sandbox = UUID.randomUUID();
        try (RegisterTransaction transaction = register().begin()) {
            transaction.write(new Lease(
                    sandbox,
                    new Owner(Integer.MAX_VALUE, 1),
                    sandbox.toString(),
                    Instant.now(),
                    ImmutableSet.of(),
                    profile));
        }
        return sandbox;
    }

    @Test
    void theProfileOfADeadProcessIsDeletedAndNobodyElses() throws Exception {
        WindowsJvm.assumeEnforcing();
        NativeCalls calls = NativeCalls.windows();
        String ours = "Cordon." + UUID.randomUUID().toString().replace("-", "");
        String foreign = "Somebody.Else";
        calls.containers().createProfile(ours);
        calls.containers().createProfile(foreign);
        UUID unused = leaseOfADeadProcess(ours);
        assertThat(packages().resolve(ours)).exists();

        new WindowsSandboxBackend().recover();

        assertThat(packages().resolve(ours)).doesNotExist();
        assertThat(packages().resolve(foreign)).exists();
        calls.containers().deleteProfile(foreign);
        assertThat(packages().resolve(foreign)).doesNotExist();
    }

    /** A name that no sandbox has is not deleted, whatever a lease says. */
    @Test
    void aProfileThatNoSandboxHasIsLeftAlone() throws Exception {
        WindowsJvm.assumeEnforcing();
        NativeCalls calls = NativeCalls.windows();
        String foreign = "Somebody.Else";
        calls.containers().createProfile(foreign);
        UUID sandbox = leaseOfADeadProcess(foreign);

        assertThat(new WindowsSandboxBackend().recover().isClean()).isFalse();

        assertThat(packages().resolve(foreign)).exists();
        calls.containers().deleteProfile(foreign);
        try (RegisterTransaction transaction = register().begin()) {
            transaction.removeLease(sandbox);
        }
    }

    @Test
    void whereThereAreNoneItIsRefusedWithTheRemediesAndNothingIsCalledThatEndsTheJvm() {
        assumeTrue(WindowsJvm.isStockWine(), "this is not stock Wine");
        assertThat(NativeCalls.windows().containers().available()).isFalse();

        UnenforceablePolicyException refused =
                catchThrowableOfType(UnenforceablePolicyException.class, () -> Sandbox.open(policy().build()));

        assertThat(refused)
                .hasMessageContaining("this system has no AppContainers")
                .hasMessageContaining("provision an account")
                .hasMessageContaining("limit what is read with allowRead")
                .hasMessageContaining("bestEffort(Capability.NETWORK)");
    }

    private static Path packages() {
        return Path.of(System.getenv("LOCALAPPDATA")).resolve("Packages");
    }

    private static Path folder(SandboxPolicy policy) throws Exception {
        ResolvedPolicy resolved =
                ResolvedPolicy.resolve(policy, WindowsPlaces.ofThisJvm().forbiddenRoots());
        return packages().resolve(ContainerProfiles.name(resolved, PlanOptions.DEFAULT));
    }
}
