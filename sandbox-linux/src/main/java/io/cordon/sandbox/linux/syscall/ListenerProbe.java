package io.cordon.sandbox.linux.syscall;

import com.google.common.util.concurrent.Uninterruptibles;
import io.cordon.sandbox.linux.plan.BpfInstruction;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Whether a thread of this JVM can get a listener for its filter. A process whose filter has one already, such as a child
 * of Cordon, gets no second one, and nothing but trying tells: seccomp(2), EBUSY.
 */
final class ListenerProbe {
    private static final int PR_SET_NO_NEW_PRIVS = 38;
    /** {@code BPF_RET | BPF_K} with {@code SECCOMP_RET_ALLOW}: a filter that filters nothing. */
    private static final BpfInstruction ALLOW = new BpfInstruction(0x06, 0, 0, 0x7FFF0000);

    /** What was found, once for the JVM. */
    private static @Nullable Boolean found;

    private ListenerProbe() {}

    static synchronized boolean succeeds(int seccomp) {
        if (found == null) {
            found = tryOnAThreadThatEnds(seccomp);
        }
        return found;
    }

    private static boolean tryOnAThreadThatEnds(int seccomp) {
        AtomicBoolean listens = new AtomicBoolean();
        try (NativeFilter filter = new NativeFilter(List.of(ALLOW))) {
            Thread thread = new Thread(
                    () -> {
                        if (LibC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
                            long listener = LibC.syscall(
                                    seccomp,
                                    (long) GlibcCalls.SECCOMP_SET_MODE_FILTER,
                                    GlibcCalls.SECCOMP_FILTER_FLAG_NEW_LISTENER,
                                    filter.program);
                            if (listener >= 0) {
                                LibC.close((int) listener);
                                listens.set(true);
                            }
                        }
                    },
                    "cordon-probe");
            thread.setDaemon(true);
            thread.start();
            Uninterruptibles.joinUninterruptibly(thread);
        }
        return listens.get();
    }
}
