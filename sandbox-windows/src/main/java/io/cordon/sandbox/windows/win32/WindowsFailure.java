package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import java.io.Serial;

/** A Windows function failed. Whoever knows what it was for turns this into a {@link NativeStepException}. */
public final class WindowsFailure extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    public static final int ERROR_FILE_NOT_FOUND = 2;
    public static final int ERROR_PATH_NOT_FOUND = 3;
    public static final int ERROR_ACCESS_DENIED = 5;
    public static final int ERROR_SHARING_VIOLATION = 32;
    public static final int ERROR_BAD_EXE_FORMAT = 193;
    public static final int ERROR_CALL_NOT_IMPLEMENTED = 120;
    public static final int ERROR_DIRECTORY = 267;
    public static final int ERROR_OPERATION_ABORTED = 995;
    public static final int ERROR_CANCELLED = 1223;
    public static final int ERROR_LOGON_FAILURE = 1326;
    public static final int ERROR_INVALID_SECURITY_DESCR = 1338;

    private final String function;
    private final int code;
    private final String text;

    /**
     * A failure.
     *
     * @param function the function's C name
     * @param code {@code GetLastError}, or what the function returned instead
     * @param text the system's words for it
     */
    public WindowsFailure(String function, int code, String text) {
        super(function + ": " + code + " (" + text + ")");
        this.function = function;
        this.code = code;
        this.text = text;
    }

    /** The C name of the function that failed. */
    public String function() {
        return function;
    }

    /** The system's code. */
    public int code() {
        return code;
    }

    /** The same failure, with the path that it happened at. */
    public WindowsFailure at(String path) {
        WindowsFailure located = new WindowsFailure(function + " of " + path, code, text);
        located.addSuppressed(this);
        return located;
    }

    /** The failure as core reports it. */
    public NativeStepException as(SandboxErrorCode errorCode) {
        return as(errorCode, "");
    }

    /**
     * The failure as core reports it.
     *
     * @param purpose what the call was for, such as the path that it named; may be empty
     */
    public NativeStepException as(SandboxErrorCode errorCode, String purpose) {
        String step = purpose.isEmpty() ? function : function + "(" + purpose + ")";
        return new NativeStepException(errorCode, step, code, text, this);
    }
}
