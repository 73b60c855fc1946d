package io.cordon.sandbox.testkit.windows;

import io.cordon.sandbox.windows.win32.WindowsFailure;

/** Is asked before every native call that {@link VolumeCalls} answers. */
@FunctionalInterface
interface CallHook {
    /** ERROR_GEN_FAILURE, which none of the calls returns by itself. */
    int CODE = 31;

    /** Lets every call through. */
    CallHook NONE = (number, name) -> {};

    /** Called in place of everything after a {@link #haltingAt}: the process is gone. */
    final class Halted extends Error {
        private static final long serialVersionUID = 1;

        Halted(int number, String name) {
            super("halted before call " + number + ", " + name);
        }
    }

    /**
     * May throw instead of the call.
     *
     * @param number of the call, from 1
     * @param name of the method
     */
    void before(int number, String name) throws WindowsFailure;

    /** Fails the call with this number. */
    static CallHook failingAt(int n) {
        return (number, name) -> {
            if (number == n) {
                throw new WindowsFailure(name, CODE, "injected");
            }
        };
    }

    /** Ends the process before the call with this number: neither it nor any later one is made. */
    static CallHook haltingAt(int n) {
        return (number, name) -> {
            if (number >= n) {
                throw new Halted(number, name);
            }
        };
    }
}
