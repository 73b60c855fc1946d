package io.cordon.sandbox.benchmarks;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.UnenforceablePolicyException;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What it costs to start a process and to wait for it in one Windows JVM, by Cordon and by {@link ProcessBuilder}:
 *
 * <ul>
 *   <li>{@code launch [ROUNDS]}: one of each in turn, in changing order, and the times of both;
 *   <li>{@code soak [LAUNCHES]}: many by Cordon, one after the other, and what handles and threads are left;
 *   <li>{@code concurrent [PROCESSES]}: so many at once by Cordon, and then by ProcessBuilder, and the threads for them.
 * </ul>
 *
 * <p>A dash stands for a number as well: for the one that is usual.
 *
 * <p>JMH is of no use here: it measures in JVMs that it starts itself, and what is compared differs less than they do.
 */
public final class WindowsLaunchMain {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 20;

    private final Sandbox sandbox;
    private final Path root;
    private final PrintStream out;

    private WindowsLaunchMain(Sandbox sandbox, Path root, PrintStream out) {
        this.sandbox = sandbox;
        this.root = root;
        this.out = out;
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        String mode = arguments.length > 0 ? arguments[0] : "launch";
        Path root = Files.createTempDirectory("cordon-launch").toRealPath();
        try (Sandbox sandbox = open(root)) {
            WindowsLaunchMain main = new WindowsLaunchMain(sandbox, root, System.out);
            switch (mode) {
                case "launch" -> main.launch(count(arguments, 200));
                case "soak" -> main.soak(count(arguments, 5000));
                case "concurrent" -> main.concurrent(count(arguments, 50));
                default ->
                    throw new IllegalArgumentException("mode '" + mode + "': it is one of launch, soak and concurrent");
            }
        } finally {
            Files.delete(root);
        }
    }

    private static int count(String[] arguments, int otherwise) {
        return arguments.length > 1 && !arguments[1].equals("-") ? Integer.parseInt(arguments[1]) : otherwise;
    }

    /** With as few gaps as the machine has: stock Wine enforces nothing of what is asked for. */
    private static Sandbox open(Path root) throws SandboxException {
        SandboxPolicy policy = SandboxPolicy.builder()
                .allowWrite(root)
                .network(NetworkAccess.ALLOWED)
                .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE)
                .build();
        try {
            return Sandbox.open(policy);
        } catch (UnenforceablePolicyException e) {
            System.out.println("Confines nothing: " + e.unmet().get(0));
            return Sandbox.open(
                    policy.toBuilder().bestEffort(Capability.values()).build());
        }
    }

    private Process start(boolean confined, String... command) throws IOException {
        return confined
                ? sandbox.process(command).start()
                : new ProcessBuilder(command).directory(root.toFile()).start();
    }

    /** From the call to the exit code, all streams closed by then; in milliseconds. */
    private double oneLaunch(boolean confined) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = start(confined, "cmd.exe", "/d", "/c", "exit 0");
        int code = process.waitFor();
        closeStreams(process);
        long nanos = System.nanoTime() - start;
        if (code != 0) {
            throw new IllegalStateException("cmd.exe exited with " + code);
        }
        return nanos / 1e6;
    }

    private static void closeStreams(Process process) throws IOException {
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
    }

    private void launch(int rounds) throws IOException, InterruptedException {
        List<Double> plain = new ArrayList<>();
        List<Double> confined = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = -WARM_UP; round < rounds; round++) {
            // What comes second finds warm caches, and whatever the first one left to be tidied up.
            boolean confinedFirst = round % 2 == 0;
            double first = oneLaunch(confinedFirst);
            double second = oneLaunch(!confinedFirst);
            if (round >= 0) {
                confined.add(confinedFirst ? first : second);
                plain.add(confinedFirst ? second : first);
                ratios.add(confined.get(round) / plain.get(round));
            }
        }
        Quartiles ofPlain = Quartiles.of(plain);
        Quartiles ofConfined = Quartiles.of(confined);
        out.println("launch: " + rounds + " rounds of each, ms");
        out.println("  ProcessBuilder  " + ofPlain);
        out.println("  Cordon          " + ofConfined);
        out.println("  ratio per round " + Quartiles.of(ratios));
        out.printf("  ratio of the medians %.3f%n", ofConfined.median() / ofPlain.median());
    }

    private void soak(int launches) throws IOException, InterruptedException {
        for (int i = 0; i < WARM_UP; i++) {
            oneLaunch(true);
        }
        int handles = OpenHandles.count();
        int threads = THREADS.getThreadCount();
        THREADS.resetPeakThreadCount();
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < launches; i++) {
            times.add(oneLaunch(true));
        }
        out.println("soak: " + launches + " launches by Cordon");
        out.println("  ms      " + Quartiles.of(times));
        int tenth = Math.max(1, launches / 10);
        out.println("  first tenth " + Quartiles.of(times.subList(0, tenth)));
        out.println("  last tenth  " + Quartiles.of(times.subList(launches - tenth, launches)));
        out.println("  handles " + handles + " before, " + OpenHandles.count() + " after");
        out.println("  threads " + threads + " before, " + THREADS.getThreadCount() + " after, at most "
                + THREADS.getPeakThreadCount());
    }

    private void concurrent(int count) throws IOException, InterruptedException {
        oneLaunch(true);
        oneLaunch(false);
        out.println("concurrent: " + count + " processes at once");
        for (boolean confined : new boolean[] {true, false}) {
            int handles = OpenHandles.count();
            int threads = THREADS.getThreadCount();
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                processes.add(start(confined, "cmd.exe", "/d", "/c", "set /p x="));
            }
            long alive = processes.stream().filter(Process::isAlive).count();
            out.printf(
                    "  %-14s %d alive, %.2f threads and %.2f handles for each%n",
                    confined ? "Cordon" : "ProcessBuilder",
                    alive,
                    (THREADS.getThreadCount() - threads) / (double) count,
                    (OpenHandles.count() - handles) / (double) count);
            for (Process process : processes) {
                process.getOutputStream().close();
            }
            for (Process process : processes) {
                process.waitFor();
                closeStreams(process);
            }
        }
    }
}
