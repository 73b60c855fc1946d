package io.cordon.sandbox.windows.win32;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Owns resources while several of them are being acquired. Closing it closes them, the last one first, unless
 * {@link #release} was called before because their new owner is complete. Not safe for use by several threads.
 */
public final class ResourceScope implements AutoCloseable {
    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** Takes over a resource. */
    @CanIgnoreReturnValue
    public <T extends AutoCloseable> T own(T resource) {
        resources.push(resource);
        return resource;
    }

    /** Gives up all resources without closing them. */
    public void release() {
        resources.clear();
    }

    /**
     * Closes what is still owned.
     *
     * @throws IllegalStateException if a resource could not be closed; every other one is closed all the same
     */
    @Override
    public void close() {
        IllegalStateException first = null;
        while (!resources.isEmpty()) {
            try {
                resources.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = new IllegalStateException("a resource could not be closed", e);
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
