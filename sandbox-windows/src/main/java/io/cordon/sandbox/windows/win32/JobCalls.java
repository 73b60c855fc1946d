package io.cordon.sandbox.windows.win32;

/** Job objects. */
public interface JobCalls {
    /** A job without name and without limits. */
    OwnedHandle create() throws WindowsFailure;

    /** Sets all limits of the job. */
    void setLimits(OwnedHandle job, JobLimits limits) throws WindowsFailure;

    /** The limits that the system says the job has. */
    JobLimits limits(OwnedHandle job) throws WindowsFailure;

    /** Whether the process belongs to this job, or to one nested in it. */
    boolean contains(OwnedHandle job, OwnedHandle process) throws WindowsFailure;

    /** How many processes of the job have not ended. */
    int activeProcesses(OwnedHandle job) throws WindowsFailure;

    /** Ends every process of the job with this exit code. */
    void terminate(OwnedHandle job, int exitCode) throws WindowsFailure;
}
