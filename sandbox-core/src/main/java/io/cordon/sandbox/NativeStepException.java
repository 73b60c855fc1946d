package io.cordon.sandbox;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A call into the operating system failed: which step, with which of the system's codes. */
public final class NativeStepException extends SandboxException {
    @Serial
    private static final long serialVersionUID = 1;

    private final String step;
    private final int systemCode;
    private final String systemText;

    /**
     * A failed step.
     *
     * @param code the kind of failure
     * @param step the function, and what it was for, such as {@code landlock_add_rule(/work)}
     * @param systemCode {@code errno} on Unix, {@code GetLastError} on Windows
     * @param systemText the system's words for that code
     */
    public NativeStepException(SandboxErrorCode code, String step, int systemCode, String systemText) {
        this(code, step, systemCode, systemText, null);
    }

    /**
     * A failed step with what caused it.
     *
     * @param cause where the failure was seen first, if it was elsewhere
     */
    public NativeStepException(
            SandboxErrorCode code, String step, int systemCode, String systemText, @Nullable Throwable cause) {
        super(code, step + " failed with " + systemCode + " (" + systemText + ")", cause);
        this.step = step;
        this.systemCode = systemCode;
        this.systemText = systemText;
    }

    /** The step that failed. */
    public String step() {
        return step;
    }

    /** {@code errno} on Unix, {@code GetLastError} on Windows. */
    public int systemCode() {
        return systemCode;
    }

    /** The system's words for that code. */
    public String systemText() {
        return systemText;
    }
}
