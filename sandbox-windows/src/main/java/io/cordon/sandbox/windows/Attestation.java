package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.plan.WindowsPlan;
import io.cordon.sandbox.windows.security.IntegrityLevel;
import io.cordon.sandbox.windows.security.LabelAce;
import io.cordon.sandbox.windows.security.MandatoryLabel;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Finds out what this machine enforces: by what it reads back, and by what a thread with the token of a child is
 * denied. That a call succeeded proves nothing; an emulator accepts a level and a label, and ignores them.
 */
final class Attestation {
    private final NativeCalls calls;
    private final WindowsPlaces places;
    private final ConsoleTrial consoles;

    Attestation(NativeCalls calls, WindowsPlaces places, ConsoleTrial consoles) {
        this.calls = calls;
        this.places = places;
        this.consoles = consoles;
    }

    /**
     * Examines a prepared machine.
     *
     * @param account tries things as children do that run as another account
     * @throws SandboxException if a step fails, or the sandbox's own places cannot be written from inside
     */
    Findings examine(
            HostPlan plan,
            WindowsPlan planned,
            PrivateDirectory directory,
            Canary.Places tried,
            Optional<AccountTrial> account)
            throws SandboxException {
        TokenShape shape = planned.token();
        try (OwnedHandle token = ConfinedToken.create(calls.tokens(), shape)) {
            ProbeProcess probe = new ProbeProcess(calls, places, shape.container());
            ProbeProcess.Seen seen = probe.examine(token, plan);
            Optional<String> netRateRefused =
                    planned.job().slowNetwork() ? probe.netRateRefused(token) : Optional.empty();
            Optional<ContainerTrial.Seen> contained = shape.container().isPresent()
                    ? Optional.of(
                            new ContainerTrial(calls, places, shape.container().get()).examine(token, directory, tried))
                    : Optional.empty();
            Canary.Seen denied = contained.isPresent()
                    ? contained.get().denied()
                    : account.isPresent()
                            ? account.get().denied(directory, tried)
                            : new Canary(calls).examine(shape, directory, tried);
            return new Findings(
                    ImmutableList.<String>builder()
                            .addAll(contained
                                    .map(trial -> trial.findings().notContained())
                                    .orElse(ImmutableList.of()))
                            .addAll(notConfined(shape, seen, denied, directory, tried.roots()))
                            .build(),
                    writable(shape),
                    denied.changeable(),
                    denied.readable(),
                    treeNotKept(seen),
                    reachable(denied),
                    seen.limits(),
                    seen.limitIgnored(),
                    seen.cpuRateRefused(),
                    netRateRefused,
                    calls.host().wineVersion().isPresent(),
                    consoles.isHostConsoleNeeded(calls, places, token, shape),
                    contained.map(ContainerTrial.Seen::findings),
                    account.isPresent() ? Optional.of(account.get().network()) : Optional.empty());
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "attestation");
        }
    }

    private ImmutableList<String> notConfined(
            TokenShape shape, ProbeProcess.Seen seen, Canary.Seen denied, PrivateDirectory directory, List<Path> roots)
            throws WindowsFailure {
        ImmutableList.Builder<String> gaps = ImmutableList.builder();
        IntegrityLevel level = shape.level();
        if (seen.level() != level.rid()) {
            gaps.add("a child that was started at integrity level 0x%x runs at 0x%x"
                    .formatted(level.rid(), seen.level()));
        }
        // That a grant to an AppContainer is kept shows by what the child does in the root.
        for (Path root : shape.container().isPresent() ? List.<Path>of() : roots) {
            LabelAce label = MandatoryLabel.aceOf(descriptor(root));
            if (label == null || !label.level().equals(level)) {
                gaps.add("the label that was set on " + root + " reads back as "
                        + (label == null ? "none" : label.label()));
            }
        }
        if (!denied.notDenied().isEmpty()) {
            gaps.add("in " + directory.path() + ", a child is not kept from these: "
                    + String.join(", ", denied.notDenied()));
        }
        return gaps.build();
    }

    private SecurityDescriptor descriptor(Path path) throws WindowsFailure {
        try (FileTree.Entry entry = new FileTree(calls.files()).open(FileTree.extended(path), FileTree.READ_CONTROL)) {
            return calls.files().descriptor(entry.handle());
        }
    }

    /** Places outside of the roots where nothing holds a child back, on a machine that does enforce levels. */
    private ImmutableList<String> writable(TokenShape shape) throws WindowsFailure {
        ImmutableList.Builder<String> gaps = ImmutableList.builder();
        IntegrityLevel level = shape.level();
        for (String drive : calls.host().drivesWithoutAcls()) {
            gaps.add("the drive " + drive + " keeps no labels, so that a child can change everything on it");
        }
        Path low = places.localLow();
        // No label lets an AppContainer in.
        if (shape.container().isEmpty() && Files.isDirectory(low)) {
            try {
                MandatoryLabel label = MandatoryLabel.of(descriptor(low.toRealPath()));
                if (level.dominates(label.level()) || !label.policy().contains(MandatoryLabel.NO_WRITE_UP)) {
                    gaps.add(low + " is labelled " + label + ", so that a child can change what is in it, like every "
                            + "process below Medium");
                }
            } catch (IOException e) {
                gaps.add("the label of " + low + ", which is Low by default, cannot be read: " + e);
            }
        }
        return gaps.build();
    }

    private static ImmutableList<String> reachable(Canary.Seen denied) {
        return denied.processesReachable().isEmpty()
                ? ImmutableList.of()
                : ImmutableList.of("a child can " + String.join(", ", denied.processesReachable())
                        + " other processes of the user, such as the JVM");
    }

    private static ImmutableList<String> treeNotKept(ProbeProcess.Seen seen) {
        ImmutableList.Builder<String> gaps = ImmutableList.builder();
        if (!seen.inJob()) {
            gaps.add("a child that was created in a job is not in it");
        }
        if (!seen.limits().keepTree()) {
            gaps.add("the job was told to end its processes and to keep them, and reads back with limits 0x%x"
                    .formatted(seen.limits().flags()));
        }
        return gaps.build();
    }
}
