package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.windows.win32.JobCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/** A job with everything that it is to have, before a process is in it. */
public final class JobSetup {
    /**
     * All that Windows 10 knows: handles of others, both sides of the clipboard, system parameters, display settings,
     * global atoms, other desktops, ending the session.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-jobobject_basic_ui_restrictions">
     *     JOBOBJECT_BASIC_UI_RESTRICTIONS</a>
     */
    public static final int JOB_OBJECT_UILIMIT_ALL = 0xFF;

    /** The least that is not "no limit". Windows perhaps rounds it up; it is a brake, and never counted as a barrier. */
    public static final long CRAWL_BYTES_PER_SECOND = 1;

    private static final int HUNDREDTHS = 100;

    private JobSetup() {}

    static OwnedHandle create(JobCalls jobs, ChildShape shape) throws WindowsFailure {
        try (ResourceScope scope = new ResourceScope()) {
            OwnedHandle job = scope.own(jobs.create());
            jobs.setLimits(job, shape.limits());
            if (shape.cpuRate().isPresent()) {
                jobs.setCpuRate(job, shape.cpuRate().getAsInt());
            }
            if (shape.slowNetwork()) {
                jobs.setNetRate(job, CRAWL_BYTES_PER_SECOND);
            }
            if (shape.uiRestrictions() != 0) {
                jobs.setUiRestrictions(job, shape.uiRestrictions());
            }
            scope.release();
            return job;
        }
    }

    /**
     * The hard cap of a job.
     *
     * @param percentOfOne in percent of one processor
     * @return in hundredths of a percent of all of them
     */
    public static int cpuRate(int percentOfOne, int processors) {
        long rate = (long) percentOfOne * HUNDREDTHS / processors;
        return (int) Math.min(Math.max(rate, 1), 100L * HUNDREDTHS);
    }
}
