package io.cordon.sandbox.windows;

import com.google.common.base.Stopwatch;
import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.Preparation;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.ResolvedPolicy;
import io.cordon.sandbox.spi.SandboxBackend;
import io.cordon.sandbox.windows.account.ReadyAccount;
import io.cordon.sandbox.windows.broker.Broker;
import io.cordon.sandbox.windows.edit.EditRegister;
import io.cordon.sandbox.windows.edit.Fences;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.RegisterTransaction;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.launch.Launcher;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.plan.Confinement;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.AceFlags;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.SurfaceCalls;
import io.cordon.sandbox.windows.win32.VolumeFacts;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Confines by an integrity level below Medium, and by a job object for each process tree. Needs neither an administrator
 * nor a set-up. A child may read what the user may read; it may write beneath the roots, and in the temp directory that
 * it is given.
 *
 * <p>What it does to the machine while a sandbox is open: the roots and what is in them carry a label of the child's
 * level; carve-outs and places that are denied for reading carry one above it; entries that deny deleting and open
 * handles keep roots, carve-outs and what holds them where they are; and there is a private directory in
 * {@code %LOCALAPPDATA%\Cordon}. Every change is recorded there before it is made. Closing takes back what no other
 * sandbox needs, also what came into the roots meanwhile; what a JVM left behind that was killed is taken back when the
 * next sandbox is opened, or by {@link #recover}. With {@link Lifetime#PERSISTENT} the changes of the roots stay until
 * {@link #cleanUp}, and the next sandbox with the same rules opens without going through them again.
 *
 * <p>With {@link PlanOptions#writeRestricted} each root also has an entry in its access list, for a SID of its own that
 * only its children write by.
 *
 * <p>A policy that closes the network and limits reading is run in an AppContainer without capabilities instead: it reads
 * and writes what is granted to its package, which the plan adds to the access lists of roots and places to read, and
 * Windows gives it no network. Its TEMP is that of the AppContainer's profile, and its named pipes are those under
 * {@code \\\\.\\pipe\\LOCAL\\}. Sandboxes with the same rules share a profile, which is deleted with the last of them.
 *
 * <p>Not enforced otherwise, and reported so: the network. Set and not tried, and reported so: processor time, the user interface.
 * Files that others than Windows serve, such as network shares, know no integrity levels.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/mandatory-integrity-control">Mandatory Integrity
 *     Control</a>
 */
public final class WindowsSandboxBackend implements SandboxBackend {
    private final Optional<NativeCalls> given;
    private final ConsoleTrial consoles;
    private final PlanOptions options;
    private final StampProgress progress;

    /** For {@link java.util.ServiceLoader}. Does nothing yet, so that it can be made on any system. */
    public WindowsSandboxBackend() {
        this(PlanOptions.DEFAULT);
    }

    /**
     * A backend with choices that no policy makes, for {@link io.cordon.sandbox.Sandbox#open(SandboxPolicy,
     * SandboxBackend)}.
     */
    public WindowsSandboxBackend(PlanOptions options) {
        this(options, StampProgress.NONE);
    }

    /**
     * A backend that tells how far it is.
     *
     * @param progress is told while a sandbox is opened, on the thread that opens it, and can cancel that
     */
    public WindowsSandboxBackend(PlanOptions options, StampProgress progress) {
        this(Optional.empty(), ConsoleTrial.OF_THIS_JVM, options, progress);
    }

    private WindowsSandboxBackend(
            Optional<NativeCalls> given, ConsoleTrial consoles, PlanOptions options, StampProgress progress) {
        this.given = given;
        this.consoles = consoles;
        this.options = options;
        this.progress = progress;
    }

    /** A backend that calls Windows through these, for tests. */
    static WindowsSandboxBackend with(NativeCalls calls, PlanOptions options) {
        return new WindowsSandboxBackend(Optional.of(calls), new ConsoleTrial(), options, StampProgress.NONE);
    }

    @Override
    public String name() {
        return "windows";
    }

    @Override
    public BackendProbe probe() {
        String os = System.getProperty("os.name", "");
        String architecture = System.getProperty("os.arch", "");
        if (!os.toLowerCase(Locale.ROOT).startsWith("windows") || !architecture.equals("amd64")) {
            return BackendProbe.unavailable("this is " + os + " on " + architecture + ", not Windows on x64");
        }
        try {
            return WindowsHost.read(calls()).probe();
        } catch (WindowsFailure e) {
            return BackendProbe.unavailable("looking at the machine failed: " + e.getMessage());
        } catch (LinkageError e) {
            return BackendProbe.unavailable("the functions of Windows cannot be called by JNA: " + e);
        }
    }

    @Override
    public ImmutableMap<String, String> hostFacts() {
        return HostDescription.of(calls());
    }

    private NativeCalls calls() {
        return given.orElseGet(NativeCalls::windows);
    }

    @Override
    public BackendPlan plan(SandboxPolicy policy) throws SandboxException {
        WindowsPlaces places = WindowsPlaces.ofThisJvm();
        ResolvedPolicy resolved = ResolvedPolicy.resolve(policy, places.forbiddenRoots());
        Optional<ReadyAccount> account = account(policy);
        Supplier<HostPlanner> planner =
                Suppliers.memoize(() -> planner(calls(), places, resolved, StampProgress.NONE, account));
        return new HostPlan(
                resolved,
                () -> planner.get().explain(),
                () -> planner.get().container(),
                () -> planner.get().isForAccount()
                        ? account.map(
                                ready -> new AccountFindings(ready.account().name(), Optional.empty()))
                        : Optional.empty());
    }

    /** What is called through other functions than those of this machine has no account of it. */
    private Optional<ReadyAccount> account(SandboxPolicy policy) throws SandboxException {
        return given.isPresent() || !probe().available() ? Optional.empty() : AccountBroker.find(policy);
    }

    private HostPlanner planner(
            NativeCalls calls,
            WindowsPlaces places,
            ResolvedPolicy resolved,
            StampProgress told,
            Optional<ReadyAccount> account) {
        String name = ContainerProfiles.name(resolved, options);
        return new HostPlanner(
                calls, places, resolved.policy(), options, new Counted(told), name, account.map(AccountBroker::facts));
    }

    @Override
    public PreparedSandbox prepare(SandboxPolicy policy) throws SandboxException {
        NativeCalls calls = available();
        WindowsPlaces places = WindowsPlaces.ofThisJvm();
        ResolvedPolicy resolved = ResolvedPolicy.resolve(policy, places.forbiddenRoots());
        for (Path root : resolved.roots()) {
            checkVolume(calls, root);
        }
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            Optional<ReadyAccount> ready = account(policy);
            HostPlanner planner = planner(calls, places, resolved, progress, ready);
            Stopwatch editing = Stopwatch.createStarted();
            SandboxEdits edits = SandboxEdits.open(
                    calls.files(),
                    calls.containers(),
                    new EditRegister(places.home()),
                    places,
                    user(calls),
                    planner,
                    options.lifetime());
            editing.stop();
            undo.add("taking the edits back", edits::close);
            WindowsPlan planned = edits.opened().plan();
            Optional<ReadyAccount> account = planned.confinement() == Confinement.ACCOUNT ? ready : Optional.empty();
            HostPlan plan =
                    new HostPlan(resolved, () -> "", () -> planned.token().container(), Optional::empty);
            PlanFindings planFindings = PlanFindings.of(policy, edits.opened());
            Optional<Broker> broker = Optional.empty();
            Optional<AccountTrial> trial = Optional.empty();
            if (account.isPresent()) {
                Broker opened = AccountBroker.open(calls, account.get(), edits.directory(), places);
                undo.add("ending the broker", opened::close);
                broker = Optional.of(opened);
                trial = Optional.of(new AccountTrial(
                        calls,
                        opened,
                        account.get().account().name(),
                        ChildShape.of(planned.token(), plan.limits(), false)));
            }
            Stopwatch trying = Stopwatch.createStarted();
            Findings findings = new Attestation(calls, places, consoles)
                    .examine(plan, planned, edits.directory(), planFindings.tried(), trial);
            trying.stop();
            // Only now: the attestation tries what these handles would hide.
            Fences fences = edits.fences();
            undo.add("letting go of places that were held", fences::close);
            PlanFindings found = planFindings.unheld(fences.missed());
            EnforcementReport report = ConfinementReport.of(policy, plan.limits(), findings, found);
            ChildShape shape = shape(calls, plan, planned, findings, report, undo);
            Launcher launcher;
            if (broker.isPresent()) {
                launcher = broker.get().launcher(shape);
            } else {
                WindowsLauncher own = WindowsLauncher.open(calls, shape);
                undo.add("closing the launcher", own::close);
                launcher = own;
            }
            return new WindowsPreparedSandbox(
                    report,
                    new Preparation(planned.edits().size(), editing.elapsed(), trying.elapsed()),
                    launcher,
                    calls.host(),
                    places.systemRoot(),
                    planned.environment(),
                    found.missing(),
                    undo.release(SandboxErrorCode.CLOSE_FAILED));
        }
    }

    private NativeCalls available() throws SandboxException {
        BackendProbe probe = probe();
        if (!probe.available()) {
            throw new SandboxException(SandboxErrorCode.BACKEND_UNAVAILABLE, probe.detail());
        }
        return calls();
    }

    static Sid user(NativeCalls calls) throws SandboxException {
        try (OwnedHandle own = calls.tokens().ownToken()) {
            return Sid.decode(calls.tokens().user(own));
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "the user");
        }
    }

    @Override
    public CleanUpReport recover() throws SandboxException {
        NativeCalls calls = available();
        WindowsPlaces places = WindowsPlaces.ofThisJvm();
        try (RegisterTransaction transaction = new EditRegister(places.home()).begin()) {
            return new LeftBehind(calls.files(), calls.containers(), places, user(calls)).undo(transaction);
        }
    }

    @Override
    public CleanUpReport cleanUp(Path root) throws SandboxException {
        NativeCalls calls = available();
        WindowsPlaces places = WindowsPlaces.ofThisJvm();
        try (RegisterTransaction transaction = new EditRegister(places.home()).begin()) {
            return new LeftBehind(calls.files(), calls.containers(), places, user(calls))
                    .undoKept(transaction, real(root));
        }
    }

    /** Of a root that was deleted, what was kept of it is still in the journal. */
    static Path real(Path root) throws SandboxException {
        try {
            return Files.exists(root)
                    ? root.toRealPath()
                    : root.toAbsolutePath().normalize();
        } catch (IOException e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "resolving the links of " + root + " failed: " + e, e);
        }
    }

    private static ChildShape shape(
            NativeCalls calls,
            HostPlan plan,
            WindowsPlan planned,
            Findings findings,
            EnforcementReport report,
            Undo undo)
            throws SandboxException {
        TokenShape token = planned.token();
        boolean asAccount = planned.confinement() == Confinement.ACCOUNT;
        return new ChildShape(
                token,
                plan.limits(),
                findings.cpuRateRefused().isPresent() ? OptionalInt.empty() : plan.cpuRate(),
                planned.job().slowNetwork() && findings.netRateRefused().isEmpty(),
                // A job with these cannot be nested, and a broker's children are in its job, too.
                plan.uiDenied() && !asAccount ? JobSetup.JOB_OBJECT_UILIMIT_ALL : 0,
                // What lets AppContainers and other accounts on the user's desktop a new one does not have.
                plan.uiDenied() && token.container().isEmpty() && !asAccount
                        ? Optional.of(privateDesktop(calls, token.level(), undo))
                        : Optional.empty(),
                findings.hostConsole() && !asAccount,
                report.level(Capability.FILE_WRITE) != EnforcementLevel.NONE);
    }

    /** Where nobody's windows are, and whose label lets the child make some. */
    private static String privateDesktop(NativeCalls calls, IntegrityLevel level, Undo undo) throws SandboxException {
        try {
            SurfaceCalls.Desktop desktop = calls.surfaces().createDesktop("cordon-" + UUID.randomUUID());
            undo.own(desktop.handle());
            if (calls.host().wineVersion().isEmpty()) {
                // On Wine desktops have no descriptors, and so no labels.
                calls.surfaces()
                        .setLabel(
                                desktop,
                                new MandatoryLabel(level, MandatoryLabel.NO_WRITE_UP)
                                        .toAcl(AceFlags.NONE)
                                        .encode());
            }
            return desktop.fullName();
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "a private desktop");
        }
    }

    /** Where files keep no security descriptors, a label holds nobody back, and nobody could take it back. */
    private static void checkVolume(NativeCalls calls, Path root) throws SandboxException {
        try (FileTree.Entry entry = new FileTree(calls.files()).open(FileTree.extended(root), 0)) {
            VolumeFacts volume = calls.files().volume(entry.handle());
            if (!volume.persistentAcls() || root.toString().startsWith("\\\\")) {
                throw new SandboxException(
                        SandboxErrorCode.POLICY_ROOT_FORBIDDEN,
                        "allowWrite(" + root + "): it is on " + root.getRoot() + ", whose file system is "
                                + volume.fileSystem()
                                + ", and files there have no security descriptors of this machine, "
                                + "so that they cannot be labelled; move the workspace to a local NTFS or ReFS drive");
            }
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, root.toString());
        }
    }
}
