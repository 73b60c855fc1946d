package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.plan.TokenShape;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ProcessCalls;
import io.cordon.sandbox.windows.win32.ProcessCalls.Surroundings;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Finds out which console a child can have. A new one without a window is best: nobody types into it, and the child
 * cannot read what the user types. On some machines a console program with a restricted token cannot make one and dies
 * with STATUS_DLL_INIT_FAILED before its first instruction (seen by others on hosted build machines). There the child
 * shares a hidden console that the JVM gets for this, but never one that a user sits at.
 *
 * <p>Tried once for each kind of token. Safe for use by several threads.
 */
final class ConsoleTrial {
    /** For the calls of this JVM; what another set of calls would find is none of its business. */
    static final ConsoleTrial OF_THIS_JVM = new ConsoleTrial();

    private static final int STATUS_DLL_INIT_FAILED = 0xC0000142;
    private static final int MILLISECONDS = 20_000;

    /** What of a token decides; an AppContainer is a less privileged one or not. */
    private record Kind(boolean restricted, Optional<Boolean> container) {}

    private final Map<Kind, Boolean> hostConsoleNeeded = new HashMap<>();

    /**
     * Whether children share the console of the JVM.
     *
     * @param token made from the shape
     * @throws SandboxException if neither kind of console works
     */
    synchronized boolean isHostConsoleNeeded(
            NativeCalls calls, WindowsPlaces places, OwnedHandle token, TokenShape shape)
            throws SandboxException, WindowsFailure {
        Kind kind = new Kind(shape.restricting().isPresent(), shape.container().map(ContainerShape::lessPrivileged));
        Boolean known = hostConsoleNeeded.get(kind);
        if (known == null) {
            known = !starts(calls, places, token, shape, false) && shareConsole(calls, places, token, shape);
            hostConsoleNeeded.put(kind, known);
        }
        return known;
    }

    private static boolean shareConsole(NativeCalls calls, WindowsPlaces places, OwnedHandle token, TokenShape shape)
            throws SandboxException, WindowsFailure {
        if (calls.host().hasConsole()) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "console programs cannot make a console of their own in the sandbox on this machine "
                            + "(STATUS_DLL_INIT_FAILED), and the JVM has one that somebody may sit at, which a sandbox "
                            + "must not share; start the JVM without a console (javaw, or DETACHED_PROCESS)");
        }
        calls.host().allocateHiddenConsole();
        if (!starts(calls, places, token, shape, true)) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "console programs do not start in the sandbox on this machine, neither with a console of their own nor "
                            + "with one of the JVM (STATUS_DLL_INIT_FAILED)");
        }
        return true;
    }

    private static boolean starts(
            NativeCalls calls, WindowsPlaces places, OwnedHandle token, TokenShape shape, boolean hostConsole)
            throws SandboxException, WindowsFailure {
        ProcessCalls processes = calls.processes();
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            OwnedHandle job = undo.own(calls.jobs().create());
            calls.jobs().setLimits(job, JobLimits.of(OptionalInt.empty(), OptionalLong.empty()));
            OwnedHandle bell = undo.own(processes.bell());
            Suspended child = processes.create(
                    token,
                    job,
                    ProbeProcess.commandInterpreter(
                            places,
                            "cmd.exe /d /c exit 0",
                            new Surroundings(Surroundings.PLAIN.terminal(), hostConsole, Surroundings.PLAIN.desktop()),
                            shape.container()));
            undo.own(child.thread());
            OwnedHandle process = undo.own(child.process());
            undo.add("ending the trial", () -> calls.jobs().terminate(job, 0));
            processes.resume(child.thread());
            if (processes.awaitAny(bell, ImmutableList.of(process), MILLISECONDS) < 0) {
                throw new SandboxException(
                        SandboxErrorCode.PREPARE_FAILED,
                        places.commandInterpreter() + " did not end within " + MILLISECONDS / 1000
                                + " seconds in the sandbox; see whether it starts without one");
            }
            return processes.exitCode(process) != STATUS_DLL_INIT_FAILED;
        }
    }
}
