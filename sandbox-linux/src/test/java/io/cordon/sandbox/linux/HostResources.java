package io.cordon.sandbox.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * What a JVM holds of its host that could be left behind.
 *
 * @param descriptors how many descriptors are open
 * @param children the process ids of its children
 * @param launchers how many threads of sandboxes there are
 * @param directories its sandboxes' private directories
 */
record HostResources(long descriptors, List<Long> children, long launchers, List<Path> directories) {
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    static HostResources now() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
                Stream<Path> temporary = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return new HostResources(
                    descriptors.count(),
                    ProcessHandle.current()
                            .children()
                            .map(ProcessHandle::pid)
                            .sorted()
                            .toList(),
                    Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> thread.getName().matches("cordon-(launcher|supervisor|exits)"))
                            .count(),
                    temporary
                            .filter(path -> path.getFileName()
                                    .toString()
                                    .startsWith(
                                            "cordon-" + ProcessHandle.current().pid() + "-"))
                            .sorted()
                            .toList());
        }
    }

    /** Threads end, and the garbage collector closes, a little later; what is really left behind stays. */
    static void awaitAtMost(HostResources before) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        HostResources now = now();
        while (!now.isAtMost(before) && System.nanoTime() < deadline) {
            System.gc();
            Thread.onSpinWait();
            now = now();
        }
        assertThat(now).isEqualTo(now.isAtMost(before) ? now : before);
    }

    /** Waits until something that ends by itself has ended. */
    static void await(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private boolean isAtMost(HostResources before) {
        return descriptors <= before.descriptors
                && before.children.containsAll(children)
                && launchers <= before.launchers
                && before.directories.containsAll(directories);
    }
}
