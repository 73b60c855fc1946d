package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
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
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

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
 * <p>Not enforced, and reported so: the network, carve-outs, read denials, processor time. Files that others than Windows
 * serve, such as network shares, know no integrity levels.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/mandatory-integrity-control">Mandatory Integrity
 *     Control</a>
 */
public final class WindowsSandboxBackend implements SandboxBackend {
    private final Optional<NativeCalls> given;

    /** For {@link java.util.ServiceLoader}. Does nothing yet, so that it can be made on any system. */
    public WindowsSandboxBackend() {
        this(Optional.empty());
    }

    private WindowsSandboxBackend(Optional<NativeCalls> given) {
        this.given = given;
    }

    /** A backend that calls Windows through these, for tests. */
    static WindowsSandboxBackend with(NativeCalls calls) {
        return new WindowsSandboxBackend(Optional.of(calls));
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

    private static LowIntegrityPlan plan(SandboxPolicy policy, WindowsPlaces places) throws SandboxException {
        ResolvedPolicy resolved = ResolvedPolicy.resolve(policy, places.forbiddenRoots());
        return new LowIntegrityPlan(policy, resolved.roots(), places.home());
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
        OpenRoots openRoots = OpenRoots.OF_THIS_JVM;
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            PrivateDirectory directory = PrivateDirectory.create(calls.files(), places.home());
            undo.add("deleting the private directory", directory::delete);
            ImmutableList.Builder<RootLabel> roots = ImmutableList.builder();
            for (Path root : plan.roots()) {
                RootLabel label = openRoots.acquire(calls.files(), root);
                undo.add("withdrawing a label", () -> openRoots.release(label));
                roots.add(label);
            }
            Findings findings = new Attestation(calls, places).examine(plan, directory, roots.build());
            EnforcementReport report = LowIntegrityReport.of(policy, plan.limits(), findings);
            boolean levelHolds = report.level(Capability.FILE_WRITE) != EnforcementLevel.NONE;
            return new WindowsPreparedSandbox(
                    report,
                    new WindowsLauncher(calls, plan.limits(), levelHolds),
                    calls.host(),
                    places.systemRoot(),
                    directory.temp(),
                    undo.release(SandboxErrorCode.CLOSE_FAILED));
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
