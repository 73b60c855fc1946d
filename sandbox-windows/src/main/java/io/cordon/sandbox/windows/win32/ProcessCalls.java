package io.cordon.sandbox.windows.win32;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.plan.ContainerShape;
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
     * @param surroundings what it finds itself in
     * @param container the AppContainer that it is created in
     */
    record Start(
            String image,
            String commandLine,
            String environment,
            String directory,
            ImmutableList<OwnedHandle> standardHandles,
            Surroundings surroundings,
            Optional<ContainerShape> container) {
        /** In no AppContainer. */
        public Start(
                String image,
                String commandLine,
                String environment,
                String directory,
                ImmutableList<OwnedHandle> standardHandles,
                Surroundings surroundings) {
            this(image, commandLine, environment, directory, standardHandles, surroundings, Optional.empty());
        }
    }

    /**
     * The console and the desktop of a process.
     *
     * @param terminal a pseudo console that becomes its console; then it has no standard handles of its own
     * @param hostConsole whether it shares the console of the JVM; otherwise it gets a new one without a window
     * @param desktop the name of its desktop with that of the window station; otherwise it is the JVM's
     */
    record Surroundings(Optional<OwnedHandle> terminal, boolean hostConsole, Optional<String> desktop) {
        /** A console of its own without a window, on the desktop of the JVM. */
        public static final Surroundings PLAIN = new Surroundings(Optional.empty(), false, Optional.empty());
    }

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

    /** How many processes {@link #awaitAny} can wait for: MAXIMUM_WAIT_OBJECTS, less one for the bell. */
    int MOST_AWAITED = 63;

    /** Something that {@link #awaitAny} waits for besides processes. */
    OwnedHandle bell() throws WindowsFailure;

    /** Lets the next or current {@link #awaitAny} on this bell return. */
    void ring(OwnedHandle bell) throws WindowsFailure;

    /**
     * Waits until one of the processes has ended or the bell has rung.
     *
     * @param processes at most {@link #MOST_AWAITED}
     * @param milliseconds how long to wait at most
     * @return the index of a process that has ended; -1 after the bell, and when the time is up
     * @see <a href="https://learn.microsoft.com/windows/win32/api/synchapi/nf-synchapi-waitformultipleobjects">
     *     WaitForMultipleObjects</a>
     */
    int awaitAny(OwnedHandle bell, ImmutableList<OwnedHandle> processes, int milliseconds) throws WindowsFailure;

    /** The exit code of a process that has ended; before, it is STILL_ACTIVE (259), which can be an exit code too. */
    int exitCode(OwnedHandle process) throws WindowsFailure;

    /** Opens a process and closes it at once: 0, or the code of the failure. */
    int attemptOpen(long pid, int access);

    /**
     * A copy of one of the JVM's own standard handles: 0 is input, 1 output, 2 errors. Nothing if the JVM has none, or
     * if it is a console, which is of no use to a process without that console.
     */
    Optional<OwnedHandle> standardHandle(int number) throws WindowsFailure;
}
