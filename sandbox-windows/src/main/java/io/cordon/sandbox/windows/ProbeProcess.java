package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ProcessCalls.Start;
import io.cordon.sandbox.windows.win32.ProcessCalls.Surroundings;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;
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
     * @param cpuRateRefused why the job did not take its cap of processor time; empty if it did, or none is asked for
     */
    record Seen(int level, boolean inJob, JobLimits limits, boolean limitIgnored, Optional<String> cpuRateRefused) {}

    private final NativeCalls calls;
    private final Start start;

    ProbeProcess(NativeCalls calls, WindowsPlaces places, Optional<ContainerShape> container) {
        this.calls = calls;
        this.start = commandInterpreter(places, "cmd.exe", Surroundings.PLAIN, container);
    }

    static Start commandInterpreter(
            WindowsPlaces places, String line, Surroundings surroundings, Optional<ContainerShape> container) {
        return new Start(
                places.commandInterpreter().toString(),
                line,
                "SystemRoot=" + places.systemRoot() + "\0",
                places.systemRoot().toString(),
                ImmutableList.of(),
                surroundings,
                container);
    }

    Seen examine(OwnedHandle token, HostPlan plan) throws SandboxException, WindowsFailure {
        JobLimits limits = plan.limits();
        boolean tryLimit =
                limits.processLimit().isPresent() || limits.memoryLimit().isPresent();
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            OwnedHandle job = job(undo, limits);
            Optional<String> refused =
                    plan.cpuRate().isPresent() ? rateRefused(job, plan.cpuRate().getAsInt()) : Optional.empty();
            OwnedHandle process = child(undo, token, job);
            try (OwnedHandle childToken = calls.tokens().tokenOf(process)) {
                return new Seen(
                        calls.tokens().integrityLevel(childToken),
                        calls.jobs().contains(job, process),
                        calls.jobs().limits(job),
                        tryLimit && letsASecondIn(undo, token),
                        refused);
            }
        }
    }

    /** Under dynamic fair share scheduling, on servers for remote desktops, Windows refuses a cap. */
    private Optional<String> rateRefused(OwnedHandle job, int rate) {
        try {
            calls.jobs().setCpuRate(job, rate);
            return calls.jobs().cpuRate(job).equals(OptionalInt.of(rate))
                    ? Optional.empty()
                    : Optional.of("the cap that was set reads back as something else");
        } catch (WindowsFailure e) {
            return Optional.of("the job takes no cap: " + e.getMessage());
        }
    }

    /**
     * Why a job does not slow its network down. In a job of its own, and with a child: of nested jobs one may carry a rate,
     * so that a host that runs in one with a rate is refused a child.
     */
    Optional<String> netRateRefused(OwnedHandle token) throws SandboxException {
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            OwnedHandle job = undo.own(calls.jobs().create());
            calls.jobs().setNetRate(job, JobSetup.CRAWL_BYTES_PER_SECOND);
            child(undo, token, job);
            return calls.jobs().netRate(job).equals(OptionalLong.of(JobSetup.CRAWL_BYTES_PER_SECOND))
                    ? Optional.empty()
                    : Optional.of("the rate that was set reads back as something else");
        } catch (WindowsFailure e) {
            return Optional.of("the job takes no rate: " + e.getMessage());
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

    /** Lets something look at a child that never runs. */
    <T> T look(OwnedHandle token, Look<T> look) throws SandboxException, WindowsFailure {
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            return look.at(child(undo, token, job(undo, JobLimits.of(OptionalInt.empty(), OptionalLong.empty()))));
        }
    }

    /** What is done with a child that never runs. */
    interface Look<T> {
        T at(OwnedHandle process) throws SandboxException, WindowsFailure;
    }

    private OwnedHandle child(Undo undo, OwnedHandle token, OwnedHandle job) throws WindowsFailure {
        Suspended child = calls.processes().create(token, job, start);
        undo.own(child.thread());
        OwnedHandle process = undo.own(child.process());
        undo.add("ending the probe process", () -> calls.processes().terminate(process, 0));
        return process;
    }
}
