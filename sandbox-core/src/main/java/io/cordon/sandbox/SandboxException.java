package io.cordon.sandbox;

import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A sandbox could not be opened, or a process could not be started in it; nothing was left behind, and nothing ran
 * unconfined.
 *
 * <p>It is an {@link IOException}, so that code that was written against {@link ProcessBuilder#start()} handles it
 * without a change. What the child is denied is no exception: the child sees the operating system's error.
 */
public class SandboxException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    private final SandboxErrorCode code;

    /**
     * A failure that is described by its message.
     *
     * @param code the kind of failure
     * @param message the value, the rule and the remedy; for a failed system call the step and the system's text
     */
    public SandboxException(SandboxErrorCode code, String message) {
        this(code, message, null);
    }

    /** A failure with its cause. */
    public SandboxException(SandboxErrorCode code, String message, @Nullable Throwable cause) {
        super(code + ": " + message, cause);
        this.code = code;
    }

    /** The kind of failure. */
    public final SandboxErrorCode code() {
        return code;
    }
}
