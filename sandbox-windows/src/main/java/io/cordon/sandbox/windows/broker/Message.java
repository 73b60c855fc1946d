package io.cordon.sandbox.windows.broker;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.windows.launch.Attempt;
import io.cordon.sandbox.windows.launch.ChildShape;

/** What host and broker say to each other. */
sealed interface Message {
    /** The first message of each side. */
    record Hello(int version, int pid) implements Message {}

    /**
     * Host to broker: start a process.
     *
     * @param id what the host calls it from now on
     * @param image the absolute path of the program
     * @param line its command line
     * @param environment its environment block
     * @param directory its working directory
     * @param handles the three numbers that input, output and errors have in the broker, which closes them, whatever becomes of
     *     it; errors may have that of output
     */
    record Launch(
            int id,
            String image,
            String line,
            String environment,
            String directory,
            ImmutableList<Long> handles,
            ChildShape shape)
            implements Message {}

    /** Broker to host: it runs. */
    record Started(int id, int pid) implements Message {}

    /**
     * Broker to host: it was not started, or how it ended cannot be known.
     *
     * @param step the native step that failed; empty if it was none
     * @param systemCode the system's code; 0 if it was none
     */
    record Failed(int id, SandboxErrorCode code, String step, int systemCode, String text) implements Message {}

    /** Host to broker: end its tree. An id that has exited meanwhile is ignored. */
    record Kill(int id) implements Message {}

    /** Broker to host: its tree has ended. */
    record Exited(int id, int code) implements Message {}

    /**
     * Host to broker: try this with the token of a child.
     *
     * @param id as that of a process, and from the same numbers
     */
    record Tries(int id, ChildShape shape, ImmutableList<Attempt> attempts) implements Message {}

    /** Broker to host: what came of it, in the same order. */
    record Outcomes(int id, ImmutableList<Integer> codes) implements Message {}

    /** Host to broker: end everything. */
    record Close() implements Message {}
}
