package io.cordon.sandbox.windows.win32;

import java.io.IOException;

/** What a fake child can read from and write to through a handle that it inherited. */
abstract class FakeStream extends FakeObject {
    /** Reads, and waits if there is nothing; -1 at the end. */
    abstract int read(byte[] bytes, int offset, int length) throws IOException, InterruptedException;

    /** Writes everything, and waits until there is room for it. */
    abstract void write(byte[] bytes, int offset, int length) throws IOException, InterruptedException;

    /** Whether something was written that somebody may still read. */
    boolean hasUnread() {
        return false;
    }
}
