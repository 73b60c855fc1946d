package io.cordon.sandbox.linux.syscall;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;

/**
 * Takes capabilities(7) from a thread, so that a child of root has root's files and none of its powers over the
 * machine. What is kept only reaches files, and Landlock decides about those; without it, root could not build in a
 * workspace that belongs to somebody else, which is how containers mount them.
 */
final class CapabilityDrop {
    private static final long KEPT =
            1L /* CAP_CHOWN */ | 1L << 1 /* DAC_OVERRIDE */ | 1L << 3 /* FOWNER */ | 1L << 4 /* FSETID */;

    /** CAP_SETFCAP, user_namespaces(7): demanded of who maps root into a namespace, since Linux 5.12. */
    private static final long MAPPING_ROOT = 1L << 31;

    /** linux/capability.h: header with version and process, then two words each of the three sets. */
    private static final int VERSION_3 = 0x20080522;

    private static final int HEADER_SIZE = 8;
    private static final int DATA_SIZE = 24;
    private static final int WORD_STRIDE = 12;
    private static final int EFFECTIVE = 0;
    private static final int PERMITTED = 4;
    private static final int INHERITABLE = 8;

    private static final int PR_CAPBSET_READ = 23;
    private static final int PR_CAPBSET_DROP = 24;
    private static final int PR_CAP_AMBIENT = 47;
    private static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int HIGHEST_CONCEIVABLE = 63;

    private final int capget;
    private final int capset;
    /** Allocated here, because the launcher thread must not. */
    private final Memory header = NativeText.cleared(HEADER_SIZE);

    private final Memory data = NativeText.cleared(DATA_SIZE);

    CapabilityDrop(int capget, int capset) {
        this.capget = capget;
        this.capset = capset;
        header.setInt(0, VERSION_3);
    }

    synchronized void apply(boolean mapsRoot) throws NativeStepException {
        long keep = mapsRoot ? KEPT | MAPPING_ROOT : KEPT;
        // Not with a kernel before 4.3, which has no ambient set to clear.
        LibC.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
        dropFromBoundingSet(keep);
        check("capget", LibC.syscall(capget, header, data));
        for (int word = 0; word < 2; word++) {
            int kept = (int) (keep >>> (32 * word));
            long at = (long) word * WORD_STRIDE;
            data.setInt(at + EFFECTIVE, data.getInt(at + EFFECTIVE) & kept);
            data.setInt(at + PERMITTED, data.getInt(at + PERMITTED) & kept);
            data.setInt(at + INHERITABLE, 0);
        }
        check("capset", LibC.syscall(capset, header, data));
    }

    /**
     * What exec gives to root is bounded by this set. A thread that may not change it is refused with EPERM; such a
     * thread is not root's, and with no_new_privs and the other sets empty it gains nothing from exec.
     */
    private static void dropFromBoundingSet(long keep) throws NativeStepException {
        for (int capability = 0; capability <= HIGHEST_CONCEIVABLE; capability++) {
            boolean kept = (keep & (1L << capability)) != 0;
            if (!kept && LibC.prctl(PR_CAPBSET_READ, capability, 0, 0, 0) == 1) {
                int result = LibC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
                if (result < 0 && Native.getLastError() == Errno.EPERM) {
                    return;
                }
                check("prctl(PR_CAPBSET_DROP)", result);
            }
        }
    }

    private static void check(String step, long result) throws NativeStepException {
        GlibcCalls.check(SandboxErrorCode.PREPARE_FAILED, step, result);
    }
}
