package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ProcessCalls.Start;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A child that never runs: created suspended as every child is, looked at, and ended.
 */
final class ProbeProcess {
    private static final int ERROR_NOT_ENOUGH_QUOTA = 1816;

    /**
     * What it showed.
     *
     * @param level the level in the token of the child
     * @param inJob whether it is in its job
     * @param limits the limits of the job, as the system tells them
     * @param limitIgnored whether a job limited to one process let a second one in; false when that was not tried
     */
    record Seen(int level, boolean inJob, JobLimits limits, boolean limitIgnored) {}

    private final NativeCalls calls;
    private final Start start;

    ProbeProcess(NativeCalls calls, WindowsPlaces places) {
        this.calls = calls;
        this.start = new Start(
                places.commandInterpreter().toString(),
                "cmd.exe",
                "SystemRoot=" + places.systemRoot() + "\0",
                places.systemRoot().toString(),
                ImmutableList.of());
    }

    Seen examine(JobLimits limits, boolean tryLimit) throws SandboxException, WindowsFailure {
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED);
                OwnedHandle token = ConfinedToken.create(calls.tokens())) {
            OwnedHandle job = job(undo, limits);
            OwnedHandle process = child(undo, token, job);
            try (OwnedHandle childToken = calls.tokens().tokenOf(process)) {
                return new Seen(
                        calls.tokens().integrityLevel(childToken),
                        calls.jobs().contains(job, process),
                        calls.jobs().limits(job),
                        tryLimit && letsASecondIn(undo, token));
            }
        }
    }

    private boolean letsASecondIn(Undo undo, OwnedHandle token) throws WindowsFailure {
        OwnedHandle job = job(undo, JobLimits.of(OptionalInt.of(1), OptionalLong.empty()));
        child(undo, token, job); // the positive control
        try {
            child(undo, token, job);
            return true;
        } catch (WindowsFailure e) {
            if (e.code() == ERROR_NOT_ENOUGH_QUOTA) {
                return false;
            }
            throw e;
        }
    }

    private OwnedHandle job(Undo undo, JobLimits limits) throws WindowsFailure {
        OwnedHandle job = undo.own(calls.jobs().create());
        calls.jobs().setLimits(job, limits);
        return job;
    }

    private OwnedHandle child(Undo undo, OwnedHandle token, OwnedHandle job) throws WindowsFailure {
        Suspended child = calls.processes().create(token, job, start);
        undo.own(child.thread());
        OwnedHandle process = undo.own(child.process());
        undo.add("ending the probe process", () -> calls.processes().terminate(process, 0));
        return process;
    }
}
