package io.cordon.sandbox.windows.edit;

import io.cordon.sandbox.windows.win32.WindowsFailure;

/** Is told of the objects that did not take a change. */
@FunctionalInterface
interface Untaken {
    /**
     * One object.
     *
     * @param path where it is, without {@code \\?\}
     * @param visited whether what is in it, if anything, was visited all the same
     */
    void accept(String path, WindowsFailure failure, boolean visited);
}
