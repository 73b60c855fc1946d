package io.cordon.sandbox;

/**
 * Why Cordon refused or failed. Append-only: a constant is never renamed, reused or removed, so that callers may
 * store and compare names.
 */
public enum SandboxErrorCode {
    /** The policy says nothing. */
    POLICY_EMPTY,
    /** A path of the policy is relative. */
    POLICY_PATH_RELATIVE,
    /** A writable root is a place that must not become writable: a file system root, a home or a system directory. */
    POLICY_ROOT_FORBIDDEN,
    /** A writable root does not exist. */
    POLICY_ROOT_MISSING,
    /** A writable root is not a directory. */
    POLICY_ROOT_NOT_DIRECTORY,
    /** A writable root lies inside another one. */
    POLICY_ROOTS_OVERLAP,
    /** Two rules of the policy exclude each other. */
    POLICY_CONTRADICTION,
    /** A carve-out lies outside every writable root. */
    POLICY_CARVE_OUT_OUTSIDE_ROOTS,
    /** A resource limit is zero, negative or too large. */
    POLICY_LIMIT_INVALID,
    /** The name of an environment variable is empty, or has a {@code =} or a NUL in it. */
    ENVIRONMENT_NAME_INVALID,
    /** The value of an environment variable has a NUL in it. */
    ENVIRONMENT_VALUE_INVALID,
    /** This machine does not enforce what the policy asks for. */
    POLICY_UNENFORCEABLE,
    /** No backend works on this machine. */
    BACKEND_UNAVAILABLE,
    /** A step of preparing the host failed. */
    PREPARE_FAILED,
    /** The command has no program. */
    COMMAND_EMPTY,
    /** A part of the command has a NUL in it, or this system cannot take the command or run scripts of this shell. */
    COMMAND_INVALID,
    /** The program does not exist. */
    PROGRAM_NOT_FOUND,
    /** The program exists and cannot be executed. */
    PROGRAM_NOT_EXECUTABLE,
    /** The working directory does not exist or is not a directory. */
    DIRECTORY_INVALID,
    /** A file that a stream was redirected to cannot be opened. */
    REDIRECT_FAILED,
    /** A step of starting the process failed. */
    LAUNCH_FAILED,
    /** The sandbox is closed. */
    SANDBOX_CLOSED,
    /** A step of closing the sandbox failed. */
    CLOSE_FAILED,
    /** There is no terminal of this size, or a stream is redirected although the process has a terminal. */
    TERMINAL_INVALID,
    /** The process has no terminal, or this backend makes none. */
    TERMINAL_UNAVAILABLE,
    /** The system uses a code page for which this JVM has no charset. */
    CHARSET_UNAVAILABLE,
    /** A sandbox that is open relies on other rules for this place. */
    ROOT_IN_USE,
    /** Whoever is told of the progress cancelled the opening. */
    PREPARE_CANCELLED,
    /** A rule for hosts is not one. */
    POLICY_HOST_INVALID,
    /** The policy names hosts, and there is no proxy, or it does not work. */
    PROXY_UNAVAILABLE,
    /** Setting up accounts needs an administrator's rights in force. */
    SETUP_NOT_ELEVATED,
    /** A step of setting up accounts, or of taking them away, failed. */
    SETUP_FAILED,
    /** The user declined to let an administrator's rights be used. */
    SETUP_DECLINED,
    /** The elevated process runs as another user than the owner. */
    SETUP_OTHER_OWNER,
    /** An option of the set-up is out of range. */
    SETUP_OPTION_INVALID,
    /** Another process is setting the same accounts up, or taking them away. */
    SETUP_BUSY
}
