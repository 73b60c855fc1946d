package io.cordon.sandbox.windows.win32;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A job, which ends its processes when its last handle is closed, if it was told to. */
final class FakeJob extends FakeObject {
    private static final int KILL_ON_JOB_CLOSE = 0x2000;

    private final List<FakeProcess> processes = new ArrayList<>();
    private JobLimits limits = new JobLimits(0, 0, 0);

    OptionalInt cpuRate = OptionalInt.empty();
    OptionalLong netRate = OptionalLong.empty();
    int uiRestrictions;

    JobLimits limits() {
        return limits;
    }

    void setLimits(JobLimits newLimits) {
        limits = newLimits;
    }

    boolean isFull() {
        return limits.processLimit().isPresent()
                && active() >= limits.processLimit().getAsInt();
    }

    void add(FakeProcess process) {
        processes.add(process);
    }

    boolean contains(FakeProcess process) {
        return processes.contains(process);
    }

    int active() {
        return (int) processes.stream().filter(process -> !process.isEnded()).count();
    }

    void terminate(int exitCode) {
        for (FakeProcess process : processes) {
            process.end(exitCode);
        }
    }

    @Override
    void onLastRelease() {
        if ((limits.flags() & KILL_ON_JOB_CLOSE) != 0) {
            terminate(0);
        }
    }

    @Override
    String kind() {
        return "a job";
    }
}
