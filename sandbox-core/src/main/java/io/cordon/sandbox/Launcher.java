package io.cordon.sandbox;

import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import java.nio.charset.Charset;

/** Where processes are launched: in an open sandbox, or in one that is opened for a single process. */
@FunctionalInterface
interface Launcher {
    /**
     * Starts a process.
     *
     * @param charset asked before the process is started, so that nothing is left behind when it fails
     */
    Started launch(LaunchRequest request, TextCharset charset) throws SandboxException;

    /**
     * A process.
     *
     * @param charset that of its output
     * @param watch connects it with its sandbox
     */
    record Started(LaunchedProcess process, Charset charset, ProcessWatch watch) {}

    /** The charset of a process's output, which can be a matter of the machine that it runs on. */
    @FunctionalInterface
    interface TextCharset {
        Charset in(Sandbox sandbox) throws SandboxException;
    }

    /** Launches in a sandbox that somebody else closes. */
    static Launcher in(Sandbox sandbox) {
        return (request, charset) -> {
            Charset known = charset.in(sandbox);
            return new Started(sandbox.launch(request), known, sandbox.watch());
        };
    }

    /** Opens a sandbox for each process, and closes it when the process has exited. */
    static Launcher oneOff(SandboxPolicy policy) {
        return (request, charset) -> {
            Sandbox sandbox = Sandbox.open(policy);
            try {
                Started started = in(sandbox).launch(request, charset);
                // Not on the thread that tells of the exit: closing may wait for that one.
                var unused = started.process()
                        .exit()
                        .whenCompleteAsync((code, failure) -> sandbox.closeQuietly(), OwnThread.EXECUTOR);
                return started;
            } catch (SandboxException | RuntimeException e) {
                sandbox.closeQuietly();
                throw e;
            }
        };
    }
}
