package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.EnforcementReport;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.spi.BackendPlan;
import io.cordon.sandbox.spi.BackendProbe;
import io.cordon.sandbox.spi.PreparedSandbox;
import io.cordon.sandbox.spi.ResolvedPolicy;
import io.cordon.sandbox.spi.SandboxBackend;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.IntegrityLabel;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.SurfaceCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Confines by an integrity level below Medium, and by a job object for each process tree. Needs neither an administrator
 * nor a set-up. A child may read what the user may read; it may write beneath the roots, and in the temp directory that
 * it is given.
 *
 * <p>What it does to the machine while a sandbox is open: the roots and what is in them carry the label
 * {@code S:(ML;OICI;NW;;;S-1-16-6144)}, and there is a private directory in {@code %LOCALAPPDATA%\Cordon}. Closing takes
 * both back. There is no journal yet: when the JVM is killed, its children end with it, but the labels and the private
 * directory stay. The labels let other processes of level 0x1800 write there, which are those of Cordon; they are
 * withdrawn when a sandbox with that root is closed the next time. Two JVMs with the same root do not know of each
 * other: when one closes, the children of the other can no longer write there.
 *
 * <p>With {@link PlanOptions#writeRestricted} each root also has an entry in its access list, for a SID of its own that
 * only its children write by; closing takes it back too.
 *
 * <p>Not enforced, and reported so: the network, carve-outs, read denials. Set and not tried, and reported so: processor
 * time, the user interface. Files that others than Windows serve, such as network shares, know no integrity levels.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/mandatory-integrity-control">Mandatory Integrity
 *     Control</a>
 */
public final class WindowsSandboxBackend implements SandboxBackend {
    private final Optional<NativeCalls> given;
    private final ConsoleTrial consoles;
    private final PlanOptions options;

    /** For {@link java.util.ServiceLoader}. Does nothing yet, so that it can be made on any system. */
    public WindowsSandboxBackend() {
        this(PlanOptions.DEFAULT);
    }

    /**
     * A backend with choices that no policy makes, for {@link io.cordon.sandbox.Sandbox#open(SandboxPolicy,
     * SandboxBackend)}. Opening refuses those that it cannot honour yet: of all, only {@link PlanOptions#writeRestricted}
     * may differ from {@link PlanOptions#DEFAULT}.
     */
    public WindowsSandboxBackend(PlanOptions options) {
        this(Optional.empty(), ConsoleTrial.OF_THIS_JVM, options);
    }

    private WindowsSandboxBackend(Optional<NativeCalls> given, ConsoleTrial consoles, PlanOptions options) {
        this.given = given;
        this.consoles = consoles;
        this.options = options;
    }

    /** A backend that calls Windows through these, for tests. */
    static WindowsSandboxBackend with(NativeCalls calls, PlanOptions options) {
        return new WindowsSandboxBackend(Optional.of(calls), new ConsoleTrial(), options);
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

    private NativeCalls calls() {
        return given.orElseGet(NativeCalls::windows);
    }

    @Override
    public BackendPlan plan(SandboxPolicy policy) throws SandboxException {
        return plan(policy, WindowsPlaces.ofThisJvm());
    }

    private LowIntegrityPlan plan(SandboxPolicy policy, WindowsPlaces places) throws SandboxException {
        if (!options.withWriteRestricted(false).equals(PlanOptions.DEFAULT)) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    options + ": of these the Windows backend honours writeRestricted only yet; take the others from "
                            + "PlanOptions.DEFAULT");
        }
        ResolvedPolicy resolved = ResolvedPolicy.resolve(policy, places.forbiddenRoots());
        return new LowIntegrityPlan(policy, resolved.roots(), places.home(), options.writeRestricted());
    }

    @Override
    public PreparedSandbox prepare(SandboxPolicy policy) throws SandboxException {
        BackendProbe probe = probe();
        if (!probe.available()) {
            throw new SandboxException(SandboxErrorCode.BACKEND_UNAVAILABLE, probe.detail());
        }
        NativeCalls calls = calls();
        WindowsPlaces places = WindowsPlaces.ofThisJvm();
        LowIntegrityPlan plan = plan(policy, places);
        for (Path root : plan.roots()) {
            checkVolume(calls, root);
        }
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            PrivateDirectory directory = PrivateDirectory.create(calls.files(), places.home());
            undo.add("deleting the private directory", directory::delete);
            Optional<CapabilitySids> sids =
                    plan.writeRestricted() ? Optional.of(CapabilitySids.of(places.home())) : Optional.empty();
            List<OpenRoots.Opened> roots = open(calls, plan, sids, undo);
            TokenShape token = token(calls, plan, sids, directory, roots);
            Findings findings = new Attestation(calls, places, consoles)
                    .examine(plan, token, directory, Lists.transform(roots, OpenRoots.Opened::label));
            EnforcementReport report = LowIntegrityReport.of(policy, plan.limits(), findings);
            WindowsLauncher launcher = WindowsLauncher.open(calls, shape(calls, plan, token, findings, report, undo));
            undo.add("closing the launcher", launcher::close);
            return new WindowsPreparedSandbox(
                    report,
                    launcher,
                    calls.host(),
                    places.systemRoot(),
                    directory.temp(),
                    undo.release(SandboxErrorCode.CLOSE_FAILED));
        }
    }

    private static List<OpenRoots.Opened> open(
            NativeCalls calls, LowIntegrityPlan plan, Optional<CapabilitySids> sids, Undo undo)
            throws SandboxException {
        OpenRoots openRoots = OpenRoots.OF_THIS_JVM;
        ImmutableList.Builder<OpenRoots.Opened> roots = ImmutableList.builder();
        for (Path root : plan.roots()) {
            OpenRoots.Opened opened = openRoots.acquire(calls.files(), root, sids);
            undo.add("closing a root", () -> openRoots.release(opened.label()));
            roots.add(opened);
        }
        return roots.build();
    }

    private static TokenShape token(
            NativeCalls calls,
            LowIntegrityPlan plan,
            Optional<CapabilitySids> sids,
            PrivateDirectory directory,
            List<OpenRoots.Opened> roots)
            throws SandboxException {
        if (sids.isEmpty()) {
            return plan.token(ImmutableSet.of(), Optional.empty());
        }
        ImmutableSet.Builder<Sid> capabilities = ImmutableSet.builder();
        roots.forEach(root -> root.grant().ifPresent(grant -> capabilities.add(grant.sid())));
        capabilities.add(directory.grant(sids.get()));
        try (OwnedHandle own = calls.tokens().ownToken()) {
            return plan.token(capabilities.build(), calls.tokens().logon(own));
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "the logon session");
        }
    }

    private static ChildShape shape(
            NativeCalls calls,
            LowIntegrityPlan plan,
            TokenShape token,
            Findings findings,
            EnforcementReport report,
            Undo undo)
            throws SandboxException {
        return new ChildShape(
                token,
                plan.limits(),
                findings.cpuRateRefused().isPresent() ? OptionalInt.empty() : plan.cpuRate(),
                plan.uiDenied() ? JobSetup.JOB_OBJECT_UILIMIT_ALL : 0,
                plan.uiDenied() ? Optional.of(privateDesktop(calls, undo)) : Optional.empty(),
                findings.hostConsole(),
                report.level(Capability.FILE_WRITE) != EnforcementLevel.NONE);
    }

    /** Where nobody's windows are, and whose label lets the child make some. */
    private static String privateDesktop(NativeCalls calls, Undo undo) throws SandboxException {
        try {
            SurfaceCalls.Desktop desktop = calls.surfaces().createDesktop("cordon-" + UUID.randomUUID());
            undo.own(desktop.handle());
            if (calls.host().wineVersion().isEmpty()) {
                // On Wine desktops have no descriptors, and so no labels.
                calls.surfaces()
                        .setLabel(
                                desktop, IntegrityLabel.of(ConfinedToken.LEVEL).encode());
            }
            return desktop.fullName();
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "a private desktop");
        }
    }

    /** Where files keep no security descriptors, a label holds nobody back, and nobody could take it back. */
    private static void checkVolume(NativeCalls calls, Path root) throws SandboxException {
        String volume = String.valueOf(root.getRoot());
        try {
            if (volume.startsWith("\\\\") || !calls.host().hasPersistentAcls(volume)) {
                throw new SandboxException(
                        SandboxErrorCode.POLICY_ROOT_FORBIDDEN,
                        "allowWrite(" + root + "): files on " + volume
                                + " have no security descriptors of this machine, so that they cannot be labelled; "
                                + "move the workspace to a local NTFS or ReFS drive");
            }
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, volume);
        }
    }
}
