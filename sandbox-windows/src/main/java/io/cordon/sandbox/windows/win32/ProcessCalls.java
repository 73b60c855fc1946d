package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/** Processes. */
public interface ProcessCalls {
    /**
     * What to start.
     *
     * @param image the absolute path of the program
     * @param commandLine what the program finds as its command line
     * @param environment the environment block
     * @param directory the working directory
     * @param standardHandles input, output and errors: the only handles that the child inherits; or none
     */
    record Start(
            String image,
            String commandLine,
            String environment,
            String directory,
            ImmutableList<OwnedHandle> standardHandles) {}

    /**
     * A process that has not run an instruction yet.
     *
     * @param process the process
     * @param thread its first thread
     * @param pid its id
     */
    record Suspended(OwnedHandle process, OwnedHandle thread, int pid) {}

    /**
     * Creates a process with this token, in this job from its beginning.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessasuserw">
     *     CreateProcessAsUserW</a>
     */
    Suspended create(OwnedHandle token, OwnedHandle job, Start start) throws WindowsFailure;

    /** Lets the first thread run. */
    void resume(OwnedHandle thread) throws WindowsFailure;

    /** Ends one process. */
    void terminate(OwnedHandle process, int exitCode) throws WindowsFailure;

    /** Waits until the process has ended, and tells its exit code. */
    int awaitExit(OwnedHandle process) throws WindowsFailure;

    /** Opens a process and closes it at once: 0, or the code of the failure. */
    int attemptOpen(long pid, int access);

    /**
     * A copy of one of the JVM's own standard handles: 0 is input, 1 output, 2 errors. Nothing if the JVM has none, or
     * if it is a console, which is of no use to a process without that console.
     */
    Optional<OwnedHandle> standardHandle(int number) throws WindowsFailure;
}
