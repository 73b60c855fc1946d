package io.cordon.sandbox.windows.win32;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The limits of a job.
 *
 * @param flags {@code JOB_OBJECT_LIMIT_*}
 * @param activeProcesses how many processes there may be at once; counts only with the flag for it
 * @param memory how much memory they may commit together, in bytes; counts only with the flag for it
 */
public record JobLimits(int flags, int activeProcesses, long memory) {
    private static final int JOB_OBJECT_LIMIT_ACTIVE_PROCESS = 0x0008;
    private static final int JOB_OBJECT_LIMIT_JOB_MEMORY = 0x0200;
    private static final int JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION = 0x0400;
    private static final int JOB_OBJECT_LIMIT_BREAKAWAY_OK = 0x0800;
    private static final int JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK = 0x1000;
    private static final int JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000;

    /**
     * The limits of a tree: it ends with its job, nothing leaves the job, and no error box waits for somebody to click.
     */
    public static JobLimits of(OptionalInt processes, OptionalLong memory) {
        int flags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
        if (processes.isPresent()) {
            flags |= JOB_OBJECT_LIMIT_ACTIVE_PROCESS;
        }
        if (memory.isPresent()) {
            flags |= JOB_OBJECT_LIMIT_JOB_MEMORY;
        }
        return new JobLimits(flags, processes.orElse(0), memory.orElse(0));
    }

    /** Whether the tree ends with its job and nothing can leave the job. */
    public boolean keepTree() {
        return (flags & JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE) != 0
                && (flags & (JOB_OBJECT_LIMIT_BREAKAWAY_OK | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK)) == 0;
    }

    /** The most processes at once, if that is limited. */
    public OptionalInt processLimit() {
        return (flags & JOB_OBJECT_LIMIT_ACTIVE_PROCESS) != 0 ? OptionalInt.of(activeProcesses) : OptionalInt.empty();
    }

    /** The most memory, if that is limited. */
    public OptionalLong memoryLimit() {
        return (flags & JOB_OBJECT_LIMIT_JOB_MEMORY) != 0 ? OptionalLong.of(memory) : OptionalLong.empty();
    }
}
