package io.cordon.sandbox.windows.launch;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * What has to be taken back, while something is being built up and afterwards. Closing runs the steps, the last one
 * first, and each whatever became of the others. Not safe for use by several threads.
 */
public final class Undo implements AutoCloseable {
    /** One thing to take back. */
    @FunctionalInterface
    public interface Step {
        void run() throws SandboxException, WindowsFailure;
    }

    private record Named(String what, Step step) {}

    private final SandboxErrorCode code;
    private final Deque<Named> steps = new ArrayDeque<>();

    /**
     * Nothing to take back yet.
     *
     * @param code what the failure of a step is reported as
     */
    public Undo(SandboxErrorCode code) {
        this.code = code;
    }

    /** Adds a step; {@code what} tells what it does, for the message if it fails. */
    public void add(String what, Step step) {
        steps.push(new Named(what, step));
    }

    /** Adds the closing of a handle. */
    @CanIgnoreReturnValue
    public OwnedHandle own(OwnedHandle handle) {
        add("closing a handle", handle::close);
        return handle;
    }

    /** Passes all steps on; closing this then does nothing. */
    @CanIgnoreReturnValue
    public Undo release(SandboxErrorCode newCode) {
        Undo next = new Undo(newCode);
        next.steps.addAll(steps);
        steps.clear();
        return next;
    }

    /**
     * Takes everything back.
     *
     * @throws SandboxException the first failure, with the others suppressed in it
     */
    @Override
    public void close() throws SandboxException {
        SandboxException first = null;
        while (!steps.isEmpty()) {
            Named next = steps.pop();
            SandboxException failure = run(next);
            if (first == null) {
                first = failure;
            } else if (failure != null) {
                first.addSuppressed(failure);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private @Nullable SandboxException run(Named next) {
        try {
            next.step.run();
            return null;
        } catch (WindowsFailure e) {
            return e.as(code, next.what);
        } catch (SandboxException e) {
            return e;
        } catch (RuntimeException e) {
            return new SandboxException(code, next.what + " failed: " + e, e);
        }
    }
}
