package io.cordon.sandbox.benchmarks;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What it costs to start a process and to wait for it in one Linux JVM: by Cordon with Landlock, by Cordon with
 * bubblewrap, by bubblewrap alone, and by {@link ProcessBuilder}, whose numbers the others are compared with.
 *
 * <ul>
 *   <li>{@code launch [ROUNDS]}: one by Cordon with Landlock and one by ProcessBuilder in turn, in changing order;
 *   <li>{@code namespaces [ROUNDS]}: the same with all four; the end of a namespace disturbs what comes after it;
 *   <li>{@code soak [LAUNCHES]}: many by Cordon with Landlock, and what descriptors, threads and memory are left;
 *   <li>{@code concurrent [PROCESSES]}: so many at once, and the threads for them;
 *   <li>{@code output [MEBIBYTES]}: what is read from a process that writes so much;
 *   <li>{@code metadata [CALLS]}: changes of a file's mode, one after the other, by one shell.
 * </ul>
 *
 * <p>In one JVM and in turn, because JVMs and moments differ more than what is compared.
 */
public final class LinuxLaunchMain {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 300;
    private static final String BASELINE = "ProcessBuilder";
    private static final String LANDLOCK = "Cordon, Landlock";

    private final Map<String, Starter> starters = new LinkedHashMap<>();
    private final PrintStream out;

    private LinuxLaunchMain(Path root, Sandbox landlock, Sandbox namespaces, PrintStream out) {
        this.out = out;
        starters.put(BASELINE, command -> builder(root, command).start());
        starters.put(LANDLOCK, command -> landlock.process(command).start());
        starters.put(
                "Cordon, bubblewrap", command -> namespaces.process(command).start());
        starters.put("bwrap alone", command -> {
            List<String> all = new ArrayList<>(List.of(
                    "bwrap",
                    "--unshare-all",
                    "--cap-drop",
                    "ALL",
                    "--die-with-parent",
                    "--ro-bind",
                    "/",
                    "/",
                    "--dev",
                    "/dev",
                    "--proc",
                    "/proc",
                    "--"));
            all.addAll(List.of(command));
            return builder(root, all.toArray(String[]::new)).start();
        });
    }

    /** One way to start a process. */
    @FunctionalInterface
    private interface Starter {
        Process start(String... command) throws IOException;
    }

    private static ProcessBuilder builder(Path root, String... command) {
        return new ProcessBuilder(command).directory(root.toFile());
    }

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        String mode = arguments.length > 0 ? arguments[0] : "launch";
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 0;
        Path root = Files.createTempDirectory("cordon-launch").toRealPath();
        try (Sandbox landlock = open(SandboxPolicy.workspaceWrite(root).toBuilder()
                        .acceptPartial(Capability.PROCESS_TREE)
                        .build());
                Sandbox namespaces = open(SandboxPolicy.workspaceWrite(root))) {
            LinuxLaunchMain main = new LinuxLaunchMain(root, landlock, namespaces, System.out);
            switch (mode) {
                case "launch" -> main.launch(List.of(BASELINE, LANDLOCK), count > 0 ? count : 1000);
                case "namespaces" -> main.launch(List.copyOf(main.starters.keySet()), count > 0 ? count : 200);
                case "soak" -> main.soak(count > 0 ? count : 10_000);
                case "concurrent" -> main.concurrent(count > 0 ? count : 1000);
                case "output" -> main.output(count > 0 ? count : 1024);
                case "metadata" -> main.metadata(root, count > 0 ? count : 2000);
                default ->
                    throw new IllegalArgumentException("mode '" + mode
                            + "': it is one of launch, namespaces, soak, concurrent, output and metadata");
            }
        } finally {
            Files.deleteIfExists(root.resolve("file"));
            Files.delete(root);
        }
    }

    private Starter starter(String name) {
        return Objects.requireNonNull(starters.get(name), name);
    }

    private static List<Double> of(Map<String, List<Double>> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private static Sandbox open(SandboxPolicy policy) throws SandboxException {
        return Sandbox.open(policy);
    }

    /** From the call to the exit code, all streams closed by then; in milliseconds. */
    private static double oneLaunch(Starter starter, String... command) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = starter.start(command);
        int code = process.waitFor();
        close(process);
        long nanos = System.nanoTime() - start;
        if (code != 0) {
            throw new IllegalStateException(String.join(" ", command) + " exited with " + code);
        }
        return nanos / 1e6;
    }

    private static void close(Process process) throws IOException {
        process.getOutputStream().close();
        process.getInputStream().close();
        process.getErrorStream().close();
    }

    private void launch(List<String> names, int rounds) throws IOException, InterruptedException {
        Map<String, List<Double>> times = new LinkedHashMap<>();
        names.forEach(name -> times.put(name, new ArrayList<>()));
        for (int round = -WARM_UP; round < rounds; round++) {
            for (int i = 0; i < names.size(); i++) {
                // What comes second finds warm caches, and whatever the first one left to be tidied up.
                String name = names.get(Math.floorMod(i + round, names.size()));
                double time = oneLaunch(starter(name), "/bin/true");
                if (round >= 0) {
                    of(times, name).add(time);
                }
            }
        }
        out.println("launch and wait of /bin/true: " + rounds + " rounds of each, ms");
        double baseline = Quartiles.of(of(times, BASELINE)).median();
        times.forEach((name, values) -> {
            Quartiles quartiles = Quartiles.of(values);
            out.printf("  %-18s %s, ratio of the medians %.3f%n", name, quartiles, quartiles.median() / baseline);
        });
    }

    private void soak(int launches) throws IOException, InterruptedException {
        Starter starter = starter(LANDLOCK);
        for (int i = 0; i < WARM_UP; i++) {
            oneLaunch(starter, "/bin/true");
        }
        long descriptors = descriptors();
        int threads = THREADS.getThreadCount();
        THREADS.resetPeakThreadCount();
        long resident = residentKibibytes();
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < launches; i++) {
            times.add(oneLaunch(starter, "/bin/true"));
        }
        int tenth = Math.max(1, launches / 10);
        out.println("soak: " + launches + " launches by " + LANDLOCK);
        out.println("  first tenth " + Quartiles.of(times.subList(0, tenth)));
        out.println("  last tenth  " + Quartiles.of(times.subList(launches - tenth, launches)));
        out.println("  descriptors " + descriptors + " before, " + descriptors() + " after");
        out.println("  threads     " + threads + " before, " + THREADS.getThreadCount() + " after, at most "
                + THREADS.getPeakThreadCount());
        out.println("  resident    " + resident + " KiB before, " + residentKibibytes() + " KiB after");
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long residentKibibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private void concurrent(int count) throws IOException, InterruptedException {
        out.println("concurrent: " + count + " processes at once");
        for (String name : List.of(LANDLOCK, BASELINE)) {
            oneLaunch(starter(name), "/bin/true");
            int threads = THREADS.getThreadCount();
            long start = System.nanoTime();
            List<Process> processes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                processes.add(starter(name).start("/bin/cat"));
            }
            double started = (System.nanoTime() - start) / 1e6;
            long alive = processes.stream().filter(Process::isAlive).count();
            int more = THREADS.getThreadCount() - threads;
            for (Process process : processes) {
                process.getOutputStream().close();
            }
            for (Process process : processes) {
                process.waitFor();
                close(process);
            }
            out.printf(
                    "  %-18s %d alive, %d threads for them; started in %.0f ms, all ended after %.0f ms%n",
                    name, alive, more, started, (System.nanoTime() - start) / 1e6);
        }
    }

    private void output(int mebibytes) throws IOException, InterruptedException {
        Map<String, List<Double>> rates = new LinkedHashMap<>();
        for (int round = 0; round < 6; round++) {
            for (String name : List.of(BASELINE, LANDLOCK)) {
                long start = System.nanoTime();
                Process process = starter(name).start("/usr/bin/head", "-c", mebibytes + "M", "/dev/zero");
                long read = drain(process.getInputStream());
                process.waitFor();
                close(process);
                if (read != (long) mebibytes << 20) {
                    throw new IllegalStateException(name + ": " + read + " bytes");
                }
                if (round > 0) { // the first one warms up
                    rates.computeIfAbsent(name, key -> new ArrayList<>())
                            .add(mebibytes / ((System.nanoTime() - start) / 1e9));
                }
            }
        }
        out.println("output: " + mebibytes + " MiB, MiB/s");
        double baseline = Quartiles.of(of(rates, BASELINE)).median();
        rates.forEach((name, values) -> {
            Quartiles quartiles = Quartiles.of(values);
            out.printf("  %-18s %s, ratio of the medians %.3f%n", name, quartiles, quartiles.median() / baseline);
        });
    }

    private static long drain(InputStream in) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long total = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            total += read;
        }
        return total;
    }

    /** By Perl, which needs no process for a call. */
    private void metadata(Path root, int calls) throws IOException, InterruptedException {
        Files.writeString(root.resolve("file"), "");
        String script = "for (1.." + calls + ") { chmod 0640, 'file' or die $! }";
        out.println("metadata: " + calls + " times chmod in one process, with its start, ms");
        for (String name : List.of(BASELINE, LANDLOCK)) {
            List<Double> times = new ArrayList<>();
            for (int round = 0; round < 10; round++) {
                times.add(oneLaunch(starter(name), "/usr/bin/perl", "-e", script));
            }
            out.printf("  %-18s %s%n", name, Quartiles.of(times));
        }
    }
}
