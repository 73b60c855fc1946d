package io.cordon.sandbox.windows.broker;

import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.nio.file.Path;

/**
 * The process that runs as the account: {@code BrokerMain PIPE HOST}, the name of the pipe to it and the id of the
 * process that made the pipe. It exits with 0 when the host has closed or is gone, and with another code when what it
 * was started with or what came over the pipe is wrong. Only {@link Broker} starts it.
 */
public final class BrokerMain {
    /** The wrong arguments. */
    static final int USAGE = 2;
    /** The host is not who it should be, or a step failed. */
    static final int REFUSED = 3;
    /** What came over the pipe is no message. */
    static final int PROTOCOL = 4;

    private BrokerMain() {}

    /** Runs until the host is gone. */
    public static void main(String[] arguments) {
        // Not by returning: whatever thread is left must not keep a process alive that nobody speaks with.
        Runtime.getRuntime().halt(run(arguments));
    }

    private static int run(String[] arguments) {
        try {
            int host = Integer.parseUnsignedInt(arguments[1]);
            int self = (int) ProcessHandle.current().pid();
            new BrokerSession(NativeCalls.windows(), BrokerCalls.windows(), host, self).run(arguments[0]);
            return 0;
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            return USAGE;
        } catch (SandboxException | RuntimeException | Error e) {
            return failed(e, REFUSED);
        } catch (ProtocolException e) {
            return failed(e, PROTOCOL);
        }
    }

    private static int failed(Throwable failure, int code) {
        FailureNote.leave(Path.of(System.getProperty("java.io.tmpdir")), failure);
        return code;
    }
}
