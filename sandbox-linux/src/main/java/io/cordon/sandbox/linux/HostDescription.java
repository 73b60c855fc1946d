package io.cordon.sandbox.linux;

import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The machine for the doctor: what decides about this backend, and what people ask for when something is missing. */
final class HostDescription {
    private HostDescription() {}

    static ImmutableMap<String, String> of(SystemCalls calls) {
        return ImmutableMap.<String, String>builder()
                .put("Landlock ABI", calls.landlockAbi() == 0 ? "none" : Integer.toString(calls.landlockAbi()))
                .put("security modules", firstLine("/sys/kernel/security/lsm"))
                .put("seccomp filters", calls.takesFilters() ? "yes" : "no")
                .put("seccomp supervisor", calls.notifies() ? "yes" : "no")
                .put("user", isRoot() ? "root" : "not root")
                .put("user namespaces", firstLine("/proc/sys/user/max_user_namespaces"))
                .put("control groups", firstLine("/sys/fs/cgroup/cgroup.controllers"))
                .put("container", inContainer() ? "yes" : "none seen")
                .put("bubblewrap", isOnPath("bwrap") ? "installed" : "not on the PATH")
                .put("file system of temporary files", fileSystem(System.getProperty("java.io.tmpdir")))
                .build();
    }

    private static String firstLine(String file) {
        try (var lines = Files.lines(Path.of(file))) {
            return lines.findFirst().orElse("none");
        } catch (IOException | UncheckedIOException e) {
            return "unknown";
        }
    }

    private static boolean isRoot() {
        try {
            return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The files that Docker and Podman make. */
    private static boolean inContainer() {
        return Files.exists(Path.of("/.dockerenv")) || Files.exists(Path.of("/run/.containerenv"));
    }

    private static boolean isOnPath(String program) {
        String path = System.getenv("PATH");
        for (String directory : path == null ? new String[0] : path.split(File.pathSeparator)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    private static String fileSystem(String path) {
        try {
            return Files.getFileStore(Path.of(path)).type();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
