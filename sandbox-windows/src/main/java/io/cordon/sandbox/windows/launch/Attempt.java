package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;

/** Something that a child could try, as data, so that it can be tried here or where the children are started. */
public sealed interface Attempt {
    /**
     * Tries it, and takes it back at once.
     *
     * @return 0, or the code of the failure
     */
    int outcome(NativeCalls calls);

    /**
     * Opening a file or directory: whoever may open it so, may do it.
     *
     * @param path with its prefix, as {@code CreateFileW} takes it; the other three likewise
     */
    record OnFile(String path, int access, int disposition, int flags) implements Attempt {
        @Override
        public int outcome(NativeCalls calls) {
            return calls.files().attempt(path, access, disposition, flags);
        }
    }

    /** Opening a process. */
    record OnProcess(int pid, int access) implements Attempt {
        @Override
        public int outcome(NativeCalls calls) {
            return calls.processes().attemptOpen(Integer.toUnsignedLong(pid), access);
        }
    }

    /** Connecting by TCP to a port of the loopback interface; whatever the refusal, it counts as access denied. */
    record OnPort(int port) implements Attempt {
        @Override
        public int outcome(NativeCalls calls) {
            try {
                return calls.containers().connectionRefused(port).isPresent() ? WindowsFailure.ERROR_ACCESS_DENIED : 0;
            } catch (WindowsFailure e) {
                return e.code();
            }
        }
    }
}
