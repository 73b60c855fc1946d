package io.cordon.sandbox.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes that do nothing for longer than any test takes, and read nothing, so that no closed pipe ends them. */
final class Sleepers {
    private static final ImmutableList<String> SLEEPER = ImmutableList.of("ping.exe", "-n", "300", "127.0.0.1");

    private Sleepers() {}

    /** One process. */
    static ImmutableList<String> one() {
        return SLEEPER;
    }

    /** A process with a child that has one. */
    static ImmutableList<String> nested() {
        return ImmutableList.<String>builder()
                .add("cmd.exe", "/d", "/c", "cmd.exe", "/d", "/c")
                .addAll(SLEEPER)
                .build();
    }

    /**
     * The ids of the descendants, once there are so many, without the host of the console that Windows gives a console
     * program: it is a child of that program, and ends after the last one that uses it.
     *
     * <p>Ids, since on Wine a handle that was taken while its process was starting is soon stale: Wine sets the start
     * time anew when a process has been initialized, and a {@link ProcessHandle} compares it.
     */
    static ImmutableList<Long> awaitDescendants(ProcessHandle process, int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            ImmutableList<Long> descendants = programs(process.descendants());
            if (descendants.size() >= count || System.nanoTime() > deadline) {
                assertThat(descendants).as("descendants of %s", process.pid()).hasSize(count);
                return descendants;
            }
            Thread.sleep(20);
        }
    }

    /** The ids of those that are not the host of a console. */
    static ImmutableList<Long> programs(Stream<ProcessHandle> processes) {
        return processes
                .filter(process -> {
                    String command = process.info().command().orElse("").toLowerCase(Locale.ROOT);
                    // One that is starting, or ending, has no command to tell.
                    return !command.isEmpty() && !command.endsWith("\\conhost.exe");
                })
                .map(ProcessHandle::pid)
                .collect(ImmutableList.toImmutableList());
    }

    /** Whether a process of that id is running. */
    static boolean isAlive(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    /** Fails if one of them still lives after some seconds, and ends it then. */
    static void assertGone(List<Long> processes, String after) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (processes.stream().anyMatch(Sleepers::isAlive) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        ImmutableList<Long> alive =
                processes.stream().filter(Sleepers::isAlive).collect(ImmutableList.toImmutableList());
        destroy(alive);
        assertThat(alive).as("survivors after %s", after).isEmpty();
    }

    /** Ends what has to be there still. */
    static void end(List<Long> processes) throws InterruptedException {
        destroy(processes);
        assertGone(processes, "they were ended");
    }

    private static void destroy(List<Long> processes) {
        processes.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }
}
