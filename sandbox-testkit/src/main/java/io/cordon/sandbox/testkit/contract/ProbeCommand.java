package io.cordon.sandbox.testkit.contract;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of the {@link Probe}. Used by the probe too, so that it needs nothing but the JDK. */
final class ProbeCommand {
    private ProbeCommand() {}

    /** By the Java of this JVM. */
    static List<String> of(String classPath, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx64m"));
        // Otherwise the JDK makes IPv6 sockets, and maps.
        if (arguments.stream().anyMatch(argument -> argument.matches("[a-z]+4"))) {
            command.add("-Djava.net.preferIPv4Stack=true");
        }
        command.addAll(List.of("-cp", classPath, Probe.class.getName()));
        command.addAll(arguments);
        return command;
    }
}
