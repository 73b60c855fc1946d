package io.cordon.sandbox.linux.syscall;

import com.google.common.primitives.ImmutableLongArray;
import com.sun.jna.Memory;

/**
 * A call that waits for a supervisor's answer: {@code struct seccomp_notif} of linux/seccomp.h, which is the same on
 * every 64-bit architecture.
 *
 * @param id what the answer is given for
 * @param thread the caller's thread id; 0 if it is not visible from here
 * @param number the call's number
 * @param arguments its six arguments
 */
public record Notification(long id, int thread, int number, ImmutableLongArray arguments) {
    /** Sizes of {@code struct seccomp_notif}, {@code seccomp_notif_resp} and {@code seccomp_data}. */
    static final int SIZE = 80;

    static final int ANSWER_SIZE = 24;
    static final int DATA_SIZE = 64;

    private static final int THREAD = 8;
    private static final int NUMBER = 16;
    private static final int ARGUMENTS = 32;
    private static final int ARGUMENT_COUNT = 6;

    static Notification read(Memory memory) {
        return new Notification(
                memory.getLong(0),
                memory.getInt(THREAD),
                memory.getInt(NUMBER),
                ImmutableLongArray.copyOf(memory.getLongArray(ARGUMENTS, ARGUMENT_COUNT)));
    }
}
