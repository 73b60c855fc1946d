package io.cordon.sandbox.windows.win32;

import java.util.OptionalInt;
import java.util.OptionalLong;

final class FakeJobCalls implements JobCalls {
    private final FakeWindows windows;

    FakeJobCalls(FakeWindows windows) {
        this.windows = windows;
    }

    private FakeJob job(OwnedHandle handle, String function) throws WindowsFailure {
        return windows.handles.resolve(handle, FakeJob.class, function);
    }

    @Override
    public OwnedHandle create() {
        return windows.handles.open(new FakeJob(), "CreateJobObjectW");
    }

    @Override
    public void setLimits(OwnedHandle job, JobLimits limits) throws WindowsFailure {
        synchronized (windows) {
            job(job, "SetInformationJobObject").setLimits(limits);
        }
    }

    @Override
    public JobLimits limits(OwnedHandle job) throws WindowsFailure {
        synchronized (windows) {
            return job(job, "QueryInformationJobObject").limits();
        }
    }

    @Override
    public void setCpuRate(OwnedHandle job, int rate) throws WindowsFailure {
        synchronized (windows) {
            job(job, "SetInformationJobObject").cpuRate = OptionalInt.of(rate);
        }
    }

    @Override
    public OptionalInt cpuRate(OwnedHandle job) throws WindowsFailure {
        synchronized (windows) {
            return job(job, "QueryInformationJobObject").cpuRate;
        }
    }

    @Override
    public void setNetRate(OwnedHandle job, long bytesPerSecond) throws WindowsFailure {
        synchronized (windows) {
            job(job, "SetInformationJobObject").netRate = OptionalLong.of(bytesPerSecond);
        }
    }

    @Override
    public OptionalLong netRate(OwnedHandle job) throws WindowsFailure {
        synchronized (windows) {
            return job(job, "QueryInformationJobObject").netRate;
        }
    }

    @Override
    public void setUiRestrictions(OwnedHandle job, int classes) throws WindowsFailure {
        synchronized (windows) {
            job(job, "SetInformationJobObject").uiRestrictions = classes;
        }
    }

    @Override
    public int uiRestrictions(OwnedHandle job) throws WindowsFailure {
        synchronized (windows) {
            return job(job, "QueryInformationJobObject").uiRestrictions;
        }
    }

    @Override
    public boolean contains(OwnedHandle job, OwnedHandle process) throws WindowsFailure {
        synchronized (windows) {
            return job(job, "IsProcessInJob")
                    .contains(windows.handles.resolve(process, FakeProcess.class, "IsProcessInJob"));
        }
    }

    @Override
    public int activeProcesses(OwnedHandle job) throws WindowsFailure {
        synchronized (windows) {
            return job(job, "QueryInformationJobObject").active();
        }
    }

    @Override
    public void terminate(OwnedHandle job, int exitCode) throws WindowsFailure {
        synchronized (windows) {
            job(job, "TerminateJobObject").terminate(exitCode);
        }
    }
}
