package io.cordon.sandbox.windows.broker;

import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.FakeBrokerCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.util.function.Supplier;

/** The code of a broker, as a program of a fake. */
public final class BrokerSessions {
    private BrokerSessions() {}

    /** What {@link BrokerMain} does, in a process with the same id as the host's. */
    public static FakeBrokerCalls.Program program(NativeCalls calls, Supplier<BrokerCalls> broker) {
        return (pipe, host) -> new BrokerSession(calls, broker.get(), host, host).run(pipe);
    }
}
