package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.win32.IntegrityLabel;
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
     * @throws SandboxException if a step fails, or the sandbox's own places cannot be written from inside
     */
    Findings examine(LowIntegrityPlan plan, TokenShape shape, PrivateDirectory directory, List<RootLabel> roots)
            throws SandboxException {
        try (OwnedHandle token = ConfinedToken.create(calls.tokens(), shape)) {
            ProbeProcess.Seen seen = new ProbeProcess(calls, places).examine(token, plan);
            Canary.Seen denied = new Canary(calls).examine(shape, directory, roots);
            return new Findings(
                    notConfined(seen, denied, directory, roots),
                    writable(),
                    treeNotKept(seen),
                    reachable(denied),
                    seen.limits(),
                    seen.limitIgnored(),
                    seen.cpuRateRefused(),
                    calls.host().wineVersion().isPresent(),
                    consoles.isHostConsoleNeeded(
                            calls, places, token, shape.restricting().isPresent()));
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "attestation");
        }
    }

    private static ImmutableList<String> notConfined(
            ProbeProcess.Seen seen, Canary.Seen denied, PrivateDirectory directory, List<RootLabel> roots)
            throws WindowsFailure {
        ImmutableList.Builder<String> gaps = ImmutableList.builder();
        if (seen.level() != ConfinedToken.LEVEL) {
            gaps.add("a child that was started at integrity level 0x%x runs at 0x%x"
                    .formatted(ConfinedToken.LEVEL, seen.level()));
        }
        for (RootLabel root : roots) {
            Optional<IntegrityLabel> label = root.read();
            if (label.isEmpty() || label.get().level() != ConfinedToken.LEVEL) {
                gaps.add("the label that was set on " + root.root() + " reads back as "
                        + label.map(IntegrityLabel::toString).orElse("none"));
            }
        }
        if (!denied.notDenied().isEmpty()) {
            gaps.add("in " + directory.path() + ", a child is not kept from these: "
                    + String.join(", ", denied.notDenied()));
        }
        return gaps.build();
    }

    /** Places outside of the roots where nothing holds a child back, on a machine that does enforce levels. */
    private ImmutableList<String> writable() throws WindowsFailure {
        ImmutableList.Builder<String> gaps = ImmutableList.builder();
        for (String drive : calls.host().drivesWithoutAcls()) {
            gaps.add("the drive " + drive + " keeps no labels, so that a child can change everything on it");
        }
        Path low = places.localLow();
        if (Files.isDirectory(low)) {
            try (FileTree.Entry entry =
                    new FileTree(calls.files()).open(FileTree.extended(low.toRealPath()), FileTree.READ_CONTROL)) {
                boolean keepsOut = IntegrityLabel.decode(calls.files().label(entry.handle()))
                        .orElse(IntegrityLabel.of(IntegrityLabel.MEDIUM))
                        .keepsOut(ConfinedToken.LEVEL);
                if (!keepsOut) {
                    gaps.add(low + " is labelled Low by Windows, so that a child can change what is in it, like every "
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
