package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ProcessCalls.Start;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/**
 * Starts processes with the confined token, each in a job of its own. A process is created suspended, and runs its first
 * instruction only after its job, and its level where that is claimed, were read back from it. Safe for use by several
 * threads.
 */
public final class WindowsLauncher {
    private final NativeCalls calls;
    private final JobLimits limits;
    private final boolean levelHolds;

    /**
     * A launcher.
     *
     * @param limits the limits of each job
     * @param levelHolds whether the host was seen to keep integrity levels, so that a child at another one is an error
     */
    public WindowsLauncher(NativeCalls calls, JobLimits limits, boolean levelHolds) {
        this.calls = calls;
        this.limits = limits;
        this.levelHolds = levelHolds;
    }

    /**
     * Starts a process.
     *
     * @param environment all variables of the child
     * @throws SandboxException if a step fails; then no process and no handle is left
     */
    public WindowsProcess launch(LaunchRequest request, ImmutableMap<String, String> environment)
            throws SandboxException {
        if (request.terminal().isPresent()) {
            throw new SandboxException(
                    SandboxErrorCode.TERMINAL_UNAVAILABLE,
                    "a terminal for " + request.program()
                            + ": the Windows backend makes none yet; start it without terminal(...)");
        }
        ProgramCall call = ProgramCall.of(request, environment);
        try (Undo undo = new Undo(SandboxErrorCode.LAUNCH_FAILED)) {
            StandardStreams streams = StandardStreams.open(calls, request);
            undo.add("closing the streams", streams::close);
            OwnedHandle job = undo.own(calls.jobs().create());
            calls.jobs().setLimits(job, limits);
            Suspended child;
            try (OwnedHandle token = ConfinedToken.create(calls.tokens())) {
                Start start = new Start(
                        call.image().toString(),
                        call.line(),
                        call.environment(),
                        request.directory().toString(),
                        streams.childHandles());
                child = create(token, job, start);
            }
            try (OwnedHandle thread = child.thread()) {
                OwnedHandle process = undo.own(child.process());
                // Ended before its handles are closed, whether it is in the job or not.
                undo.add("ending the process", () -> calls.processes().terminate(process, WindowsProcess.KILLED));
                checkConfined(job, process);
                streams.closeChildHandles();
                WindowsProcess started = new WindowsProcess(calls, job, process, child.pid(), streams);
                calls.processes().resume(thread);
                started.watch();
                undo.release(SandboxErrorCode.LAUNCH_FAILED);
                return started;
            }
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.LAUNCH_FAILED);
        }
    }

    private Suspended create(OwnedHandle token, OwnedHandle job, Start start) throws SandboxException {
        try {
            return calls.processes().create(token, job, start);
        } catch (WindowsFailure e) {
            NativeStepException failure = switch (e.code()) {
                case WindowsFailure.ERROR_BAD_EXE_FORMAT ->
                    e.as(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, start.image());
                case WindowsFailure.ERROR_DIRECTORY -> e.as(SandboxErrorCode.DIRECTORY_INVALID, start.directory());
                default -> e.as(SandboxErrorCode.LAUNCH_FAILED, start.image());
            };
            throw failure;
        }
    }

    private void checkConfined(OwnedHandle job, OwnedHandle process) throws WindowsFailure, SandboxException {
        if (!calls.jobs().contains(job, process)) {
            throw new SandboxException(
                    SandboxErrorCode.LAUNCH_FAILED, "the new process is not in its job; it was ended before it ran");
        }
        if (levelHolds) {
            try (OwnedHandle token = calls.tokens().tokenOf(process)) {
                int level = calls.tokens().integrityLevel(token);
                if (level != ConfinedToken.LEVEL) {
                    throw new SandboxException(
                            SandboxErrorCode.LAUNCH_FAILED,
                            "the new process has integrity level 0x%x instead of 0x%x; it was ended before it ran"
                                    .formatted(level, ConfinedToken.LEVEL));
                }
            }
        }
    }
}
