package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.Shell;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.spi.LaunchedProcess;
import io.cordon.sandbox.windows.broker.Broker;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import java.nio.file.Path;

/** {@code BrokerHostMain DIRECTORY}: starts a broker and a command that waits, prints both ids, and waits to be killed. */
final class BrokerHostMain {
    private BrokerHostMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Broker broker = BrokerRig.open(BrokerCalls.windows(), Path.of(arguments[0]));
        ImmutableMap<String, String> environment = ImmutableMap.of("SystemRoot", System.getenv("SystemRoot"));
        LaunchedProcess process = broker.launcher(BrokerRig.shape())
                .launch(LaunchRequest.of(Shell.CMD, "pause", Path.of("C:\\"), environment), environment);
        System.out.println(broker.pid() + " " + process.pid());
        Thread.sleep(600_000);
        broker.close();
    }
}
