package io.cordon.sandbox.windows.win32;

/** Pipes between the host and a child. */
public interface PipeCalls {
    /**
     * Both ends of a pipe.
     *
     * @param host the end that the JVM keeps
     * @param child the end for a child, not inheritable yet
     */
    record Pipe(HostPipe host, OwnedHandle child) {}

    /** A pipe that the child writes into. */
    Pipe fromChild() throws WindowsFailure;

    /** A pipe that the child reads from. */
    Pipe toChild() throws WindowsFailure;
}
