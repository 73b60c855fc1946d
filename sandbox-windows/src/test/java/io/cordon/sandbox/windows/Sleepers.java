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
     * The descendants, once there are so many, without the host of the console that Windows gives a console program: it
     * is a child of that program, and ends after the last one that uses it.
     */
    static ImmutableList<ProcessHandle> awaitDescendants(ProcessHandle process, int count) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            ImmutableList<ProcessHandle> descendants = programs(process.descendants());
            if (descendants.size() >= count || System.nanoTime() > deadline) {
                assertThat(descendants).as("descendants of %s", process.pid()).hasSize(count);
                return descendants;
            }
            Thread.sleep(20);
        }
    }

    /** Those that are not the host of a console. */
    static ImmutableList<ProcessHandle> programs(Stream<ProcessHandle> processes) {
        return processes
                .filter(process -> {
                    String command = process.info().command().orElse("").toLowerCase(Locale.ROOT);
                    // One that is starting, or ending, has no command to tell.
                    return !command.isEmpty() && !command.endsWith("\\conhost.exe");
                })
                .collect(ImmutableList.toImmutableList());
    }

    /** Fails if one of them still lives after some seconds, and ends it then. */
    static void assertGone(List<ProcessHandle> processes, String after) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (processes.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < deadline) {
            Thread.sleep(20);
        }
        ImmutableList<ProcessHandle> alive =
                processes.stream().filter(ProcessHandle::isAlive).collect(ImmutableList.toImmutableList());
        alive.forEach(ProcessHandle::destroyForcibly);
        assertThat(alive).as("survivors after %s", after).isEmpty();
    }

    /** Ends what has to be there still. */
    static void end(List<ProcessHandle> processes) throws InterruptedException {
        processes.forEach(ProcessHandle::destroyForcibly);
        assertGone(processes, "they were ended");
    }
}
