package io.cordon.sandbox.windows;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.win32.NativeCalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Where the time of a launch goes: the calls of {@link NativeCalls} for one launch with its end, how often each is made,
 * and the median of its time. No test; started by hand in a Windows JVM: {@code [LAUNCHES]}.
 */
public final class LaunchProfileMain {
    private record Call(String name, long nanos) {}

    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();

    private LaunchProfileMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        int launches = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
        new LaunchProfileMain().profile(launches);
    }

    private void profile(int launches) throws Exception {
        Path root = Files.createTempDirectory("cordon-profile").toRealPath();
        try (Sandbox sandbox = open(root)) {
            List<Long> starts = new ArrayList<>();
            List<Long> waits = new ArrayList<>();
            List<Long> closes = new ArrayList<>();
            for (int i = -20; i < launches; i++) {
                if (i == 0) {
                    calls.clear();
                    starts.clear();
                    waits.clear();
                    closes.clear();
                }
                long begin = System.nanoTime();
                Process process =
                        sandbox.process("cmd.exe", "/d", "/c", "exit 0").start();
                long started = System.nanoTime();
                process.waitFor();
                long ended = System.nanoTime();
                process.getOutputStream().close();
                process.getInputStream().close();
                process.getErrorStream().close();
                starts.add(started - begin);
                waits.add(ended - started);
                closes.add(System.nanoTime() - ended);
            }
            print(launches, starts, waits, closes);
        } finally {
            Files.delete(root);
        }
    }

    private Sandbox open(Path root) throws SandboxException, ReflectiveOperationException {
        SandboxPolicy policy =
                WindowsJvm.policy(root).bestEffort(Capability.values()).build();
        return Sandbox.open(policy, WindowsSandboxBackend.with(timed(NativeCalls.windows()), PlanOptions.DEFAULT));
    }

    private void print(int launches, List<Long> starts, List<Long> waits, List<Long> closes) {
        System.out.printf(
                "median ms: start() %.3f, waitFor() %.3f, closing the streams %.3f%n",
                median(starts), median(waits), median(closes));
        Map<String, List<Long>> byName = new TreeMap<>();
        for (Call call : calls) {
            byName.computeIfAbsent(call.name(), name -> new ArrayList<>()).add(call.nanos());
        }
        System.out.printf("%-38s %12s %12s %12s%n", "call", "each launch", "median ms", "ms a launch");
        byName.forEach((name, nanos) -> System.out.printf(
                "%-38s %12.2f %12.3f %12.3f%n",
                name,
                nanos.size() / (double) launches,
                median(nanos),
                nanos.stream().mapToLong(Long::longValue).sum() / 1e6 / launches));
    }

    private static double median(List<Long> nanos) {
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 2) / 1e6;
    }

    /** By reflection, so that a new kind of calls needs no change here. */
    private NativeCalls timed(NativeCalls real) throws ReflectiveOperationException {
        RecordComponent[] components = NativeCalls.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] proxies = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            proxies[i] = timed(types[i], components[i].getAccessor().invoke(real));
        }
        return NativeCalls.class.getDeclaredConstructor(types).newInstance(proxies);
    }

    private Object timed(Class<?> type, Object real) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
            long begin = System.nanoTime();
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw Optional.ofNullable(e.getCause()).orElse(e);
            } finally {
                calls.add(new Call(type.getSimpleName() + "." + method.getName(), System.nanoTime() - begin));
            }
        });
    }
}
