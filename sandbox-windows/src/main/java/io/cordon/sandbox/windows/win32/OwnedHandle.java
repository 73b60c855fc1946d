package io.cordon.sandbox.windows.win32;

import static com.google.common.base.Preconditions.checkState;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/** A kernel handle with exactly one owner, who closes it or passes it on. Safe for use by several threads. */
public final class OwnedHandle implements AutoCloseable {
    /** Neither 0 nor INVALID_HANDLE_VALUE is ever owned. */
    private static final long GONE = 0;

    private final AtomicLong value;
    private final LongConsumer closer;

    OwnedHandle(long value, LongConsumer closer) {
        this.value = new AtomicLong(value);
        this.closer = closer;
    }

    /**
     * The handle, for one call.
     *
     * @throws IllegalStateException if it is closed or was passed on: its number may already mean something else
     */
    public long value() {
        long handle = value.get();
        checkState(handle != GONE, "the handle is closed");
        return handle;
    }

    /** Whether this still owns its handle. */
    public boolean isOpen() {
        return value.get() != GONE;
    }

    /** Passes the handle on to a new owner; closing this one then does nothing. */
    public OwnedHandle release() {
        long handle = value.getAndSet(GONE);
        checkState(handle != GONE, "the handle is closed");
        return new OwnedHandle(handle, closer);
    }

    /** Closes the handle. Closing again does nothing. */
    @Override
    public void close() {
        long handle = value.getAndSet(GONE);
        if (handle != GONE) {
            closer.accept(handle);
        }
    }
}
