package io.cordon.sandbox.windows.win32;

import java.util.OptionalInt;
import java.util.OptionalLong;

/** Job objects. */
public interface JobCalls {
    /** A job without name and without limits. */
    OwnedHandle create() throws WindowsFailure;

    /** Sets all limits of the job. */
    void setLimits(OwnedHandle job, JobLimits limits) throws WindowsFailure;

    /** The limits that the system says the job has. */
    JobLimits limits(OwnedHandle job) throws WindowsFailure;

    /**
     * Lets the job use at most this much of the processors, as a hard cap.
     *
     * @param rate in hundredths of a percent of all processors together, 1 to 10,000
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_cpu_rate_control_information">
     *     JOBOBJECT_CPU_RATE_CONTROL_INFORMATION</a>
     */
    void setCpuRate(OwnedHandle job, int rate) throws WindowsFailure;

    /** The rate that the system says the job has; empty if it has no hard cap. */
    OptionalInt cpuRate(OwnedHandle job) throws WindowsFailure;

    /**
     * Lets the job send at most this much to the network. Windows limits what goes out, and not to loopback.
     *
     * @param bytesPerSecond positive
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_net_rate_control_information">
     *     JOBOBJECT_NET_RATE_CONTROL_INFORMATION</a>
     */
    void setNetRate(OwnedHandle job, long bytesPerSecond) throws WindowsFailure;

    /** The rate that the system says the job has, in bytes a second; empty if it has none. */
    OptionalLong netRate(OwnedHandle job) throws WindowsFailure;

    /**
     * Takes user-interface objects from the job.
     *
     * @param classes {@code JOB_OBJECT_UILIMIT_*}
     */
    void setUiRestrictions(OwnedHandle job, int classes) throws WindowsFailure;

    /** The restrictions that the system says the job has. */
    int uiRestrictions(OwnedHandle job) throws WindowsFailure;

    /** Whether the process belongs to this job, or to one nested in it. */
    boolean contains(OwnedHandle job, OwnedHandle process) throws WindowsFailure;

    /** How many processes of the job have not ended. */
    int activeProcesses(OwnedHandle job) throws WindowsFailure;

    /** Ends every process of the job with this exit code. */
    void terminate(OwnedHandle job, int exitCode) throws WindowsFailure;
}
