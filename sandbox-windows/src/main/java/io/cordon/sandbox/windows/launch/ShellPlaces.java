package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Where shells are on this machine: from the environment of the host, never from that of the child. */
final class ShellPlaces {
    private final Map<String, String> host;

    /** For the environment of a host. */
    ShellPlaces(Map<String, String> host) {
        this.host = host;
    }

    static ShellPlaces ofThisJvm() {
        return new ShellPlaces(System.getenv());
    }

    Path systemRoot() {
        return directory("SystemRoot").orElse(Path.of("C:\\Windows"));
    }

    Path commandInterpreter() {
        return systemRoot().resolve("System32").resolve("cmd.exe");
    }

    /** The directory is called v1.0 in every version. */
    Path windowsPowerShell() {
        return systemRoot()
                .resolve("System32")
                .resolve("WindowsPowerShell")
                .resolve("v1.0")
                .resolve("powershell.exe");
    }

    /** Where the installer of Git for Windows puts it: for all users, seen from 64 bits or from 32, or for one. */
    ImmutableList<Path> gitInstallations() {
        return Stream.of(
                        directory("ProgramFiles").map(directory -> directory.resolve("Git")),
                        directory("ProgramW6432").map(directory -> directory.resolve("Git")),
                        directory("LOCALAPPDATA")
                                .map(directory -> directory.resolve("Programs").resolve("Git")))
                .flatMap(Optional::stream)
                .distinct()
                .collect(ImmutableList.toImmutableList());
    }

    private Optional<Path> directory(String name) {
        return variable(host, name).filter(value -> !value.isEmpty()).map(Path::of);
    }

    /** A variable, by its name without regard to case. */
    static Optional<String> variable(Map<String, String> environment, String name) {
        return environment.entrySet().stream()
                .filter(variable -> variable.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
