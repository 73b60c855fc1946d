package io.cordon.sandbox.windows;

import io.cordon.sandbox.Sandbox;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.plan.PlanOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Another JVM with a sandbox. {@code hold ROOT}: opens one, prints "open", and when a line is typed, ends as it says:
 * {@code halt} or {@code close}. {@code halt ROOT N}: stops while the n-th object is changed. {@code try ROOT}: opens one
 * without and one with the rules of {@link RecoveryTest#policy}, and prints what became of each.
 */
public final class RecoveryMain {
    static final int HALTED = 42;

    private RecoveryMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "hold" -> hold(RecoveryTest.open(root, StampProgress.NONE));
            case "halt" -> {
                long last = Long.parseLong(arguments[2]);
                StampProgress halting = (done, total, current) -> {
                    if (total.isPresent() && done == last) {
                        Runtime.getRuntime().halt(HALTED);
                    }
                    return true;
                };
                RecoveryTest.open(root, halting).close();
                System.out.println("not halted");
            }
            case "try" -> {
                System.out.println(outcome(() ->
                        Sandbox.open(WindowsJvm.policy(root).build(), new WindowsSandboxBackend(PlanOptions.DEFAULT))));
                System.out.println(outcome(() -> RecoveryTest.open(root, StampProgress.NONE)));
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void hold(Sandbox sandbox) throws Exception {
        System.out.println("open");
        System.out.flush();
        String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).readLine();
        if ("halt".equals(line)) {
            Runtime.getRuntime().halt(HALTED);
        }
        sandbox.close();
    }

    private interface Opening {
        Sandbox open() throws SandboxException;
    }

    private static String outcome(Opening opening) {
        try {
            opening.open().close();
            return "opened";
        } catch (SandboxException e) {
            return e.code() + " " + e.getMessage();
        }
    }
}
