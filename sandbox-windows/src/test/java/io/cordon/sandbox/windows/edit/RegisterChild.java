package io.cordon.sandbox.windows.edit;

import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.windows.plan.Lifetime;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM at the register. The second argument is the home, the first one what it does: {@code hold} the lock until
 * its input ends, {@code halt:step} in a transaction with a layer and a lease, at that step, or {@code lease}: open a
 * sandbox and live until its input ends.
 */
final class RegisterChild {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private RegisterChild() {}

    static Process start(String action, Path home) throws Exception {
        boolean windows = File.separatorChar == '\\';
        Path java = Path.of(System.getProperty("java.home"), "bin", windows ? "java.exe" : "java");
        return new ProcessBuilder(List.of(
                        java.toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RegisterChild.class.getName(),
                        action,
                        home.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Ends a child that is waiting. */
    static void end(Process child) throws Exception {
        child.destroyForcibly();
        if (!child.waitFor(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the child did not end");
        }
    }

    public static void main(String[] arguments) throws Exception {
        String action = arguments[0];
        String halt = action.startsWith("halt:") ? action.substring("halt:".length()) : "";
        StepListener steps = step -> {
            if (step.equals(halt)) {
                Runtime.getRuntime().halt(42);
            }
        };
        EditRegister register = new EditRegister(Path.of(arguments[1]), Owners.SYSTEM, steps, PATIENCE);
        if (action.equals("hold")) {
            try (RegisterTransaction held = register.begin()) {
                say("holding " + held.layers().size());
                System.in.read();
            }
            return;
        }
        try (RegisterTransaction transaction = register.begin()) {
            Place place = Samples.place("C:\\child");
            try (JournalWriter writer = transaction.newLayer(Lifetime.SESSION, List.of(), List.of(place))) {
                transaction.write(new Lease(
                        UUID.randomUUID(), Owner.current(), "private", Instant.now(), ImmutableSet.of(writer.id())));
                writer.append(List.of(Samples.label(1, "C:\\child")));
                writer.complete(List.of());
            }
        }
        say("open");
        System.in.read();
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
