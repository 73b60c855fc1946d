package io.cordon.sandbox.windows;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.spi.ForbiddenRoots;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The directories of this machine that matter to the backend, from the host's environment. */
final class WindowsPlaces {
    private final Map<String, String> environment;
    private final Path userHome;

    WindowsPlaces(Map<String, String> environment, Path userHome) {
        this.environment = environment;
        this.userHome = userHome;
    }

    /** Those of this JVM. */
    static WindowsPlaces ofThisJvm() {
        return new WindowsPlaces(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /** The library's own directory: the journal, and the private directories of open sandboxes. */
    Path home() {
        return variable("LOCALAPPDATA")
                .orElse(userHome.resolve("AppData").resolve("Local"))
                .resolve("Cordon");
    }

    /** {@code cmd.exe}, which is on every Windows. */
    Path commandInterpreter() {
        return systemRoot().resolve("System32").resolve("cmd.exe");
    }

    Path systemRoot() {
        return variable("SystemRoot").orElse(Path.of("C:\\Windows"));
    }

    /**
     * Where Windows itself lets every process below Medium write. Internet Explorer's protected mode brought it, and it
     * is on every machine.
     */
    Path localLow() {
        return userHome.resolve("AppData").resolve("LocalLow");
    }

    /** What must not become writable. */
    ForbiddenRoots forbiddenRoots() {
        ImmutableList.Builder<Path> sealed = ImmutableList.builder();
        sealed.add(systemRoot(), home());
        Stream.of("ProgramFiles", "ProgramFiles(x86)", "ProgramW6432", "ProgramData")
                .flatMap(name -> variable(name).stream())
                .forEach(sealed::add);
        ImmutableList.Builder<Path> shared = ImmutableList.builder();
        shared.add(userHome, Path.of(System.getProperty("java.io.tmpdir")));
        Optional.ofNullable(userHome.getParent()).ifPresent(shared::add);
        Stream.of("USERPROFILE", "PUBLIC", "LOCALAPPDATA", "APPDATA", "TEMP", "TMP")
                .flatMap(name -> variable(name).stream())
                .forEach(shared::add);
        return ForbiddenRoots.of(sealed.build(), shared.build());
    }

    private Optional<Path> variable(String name) {
        return environment.entrySet().stream()
                .filter(entry -> entry.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .filter(value -> !value.isEmpty())
                .map(Path::of)
                .findFirst();
    }
}
