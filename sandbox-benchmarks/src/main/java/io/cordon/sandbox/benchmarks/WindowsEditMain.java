package io.cordon.sandbox.benchmarks;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.CleanUpReport;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.WindowsSandboxBackend;
import io.cordon.sandbox.windows.plan.Lifetime;
import io.cordon.sandbox.windows.plan.PlanOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What it costs to open and close a sandbox on a root with many files: {@code FILES...}, a dash stands for
 * none. For each number of files: the first opening, which labels them all; closing, which takes that back; and with
 * {@link Lifetime#PERSISTENT} the first opening, the later ones, and the clean-up.
 *
 * <p>Each measured once but for the later openings, of which the median of eleven is printed: they take turns over all
 * roots, so that what else the machine does hits all of them. The first opening of a JVM is not measured.
 */
public final class WindowsEditMain {
    private static final int OPENINGS = 11;
    private static final int PER_DIRECTORY = 100;

    private final WindowsSandboxBackend session = new WindowsSandboxBackend(PlanOptions.DEFAULT);
    private final WindowsSandboxBackend persistent =
            new WindowsSandboxBackend(PlanOptions.DEFAULT.withLifetime(Lifetime.PERSISTENT));

    private WindowsEditMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        int[] counts = Arrays.stream(arguments)
                .filter(argument -> !argument.equals("-"))
                .mapToInt(Integer::parseInt)
                .toArray();
        new WindowsEditMain().measure(counts.length == 0 ? new int[] {10, 1_000, 10_000} : counts);
    }

    private void measure(int[] counts) throws Exception {
        List<Path> roots = new ArrayList<>();
        try {
            Path warmUp = root(10);
            roots.add(warmUp);
            open(session, warmUp).close();
            for (int files : counts) {
                Path root = root(files);
                roots.add(root);
                long start = System.nanoTime();
                Sandbox sandbox = open(session, root);
                long opened = System.nanoTime();
                sandbox.close();
                long closed = System.nanoTime();
                print(files, "first opening", opened - start);
                print(files, "closing", closed - opened);
                start = System.nanoTime();
                open(persistent, root).close();
                print(files, "first opening, to be kept, and closing", System.nanoTime() - start);
            }
            later(counts, roots.subList(1, roots.size()));
            for (int i = 0; i < counts.length; i++) {
                long start = System.nanoTime();
                CleanUpReport report = persistent.cleanUp(roots.get(i + 1));
                print(counts[i], "clean-up", System.nanoTime() - start);
                if (!report.isClean()) {
                    throw new IllegalStateException(report.toString());
                }
            }
        } finally {
            for (Path root : roots) {
                delete(root);
            }
        }
    }

    private void later(int[] counts, List<Path> roots) throws SandboxException {
        long[][] times = new long[counts.length][OPENINGS];
        for (int round = 0; round < OPENINGS; round++) {
            for (int i = 0; i < counts.length; i++) {
                long start = System.nanoTime();
                open(persistent, roots.get(i)).close();
                times[i][round] = System.nanoTime() - start;
            }
        }
        for (int i = 0; i < counts.length; i++) {
            Arrays.sort(times[i]);
            System.out.printf(
                    "%7d files: %-40s %8.1f ms, %.2f times that of %d files%n",
                    counts[i],
                    "later opening and closing, median",
                    times[i][OPENINGS / 2] / 1e6,
                    (double) times[i][OPENINGS / 2] / times[0][OPENINGS / 2],
                    counts[0]);
        }
    }

    private static void print(int files, String what, long nanos) {
        System.out.printf(
                "%7d files: %-40s %8.1f ms, %8.0f files/s%n", files, what, nanos / 1e6, files / (nanos / 1e9));
    }

    private static Sandbox open(WindowsSandboxBackend backend, Path root) throws SandboxException {
        return Sandbox.open(
                SandboxPolicy.builder()
                        .allowWrite(root)
                        .network(NetworkAccess.ALLOWED)
                        .acceptPartial(Capability.FILE_WRITE, Capability.PROCESS_TREE)
                        .build(),
                backend);
    }

    private static Path root(int files) throws IOException {
        Path root = Files.createTempDirectory("cordon-edit").toRealPath();
        for (int i = 0; i < files; i++) {
            Path directory = root.resolve("d" + i / PER_DIRECTORY);
            if (i % PER_DIRECTORY == 0) {
                Files.createDirectory(directory);
            }
            Files.createFile(directory.resolve("f" + i));
        }
        return root;
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
