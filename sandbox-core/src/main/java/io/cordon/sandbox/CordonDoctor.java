package io.cordon.sandbox;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;

/**
 * The command {@code cordon-doctor [--json]}: prints what {@link Sandbox#doctor()} finds, as a table for people or as
 * JSON.
 *
 * <pre>java -cp ... io.cordon.sandbox.CordonDoctor</pre>
 *
 * <p>Exit codes: {@value #ENFORCED} if the default policy is enforced here without a gap, {@value #NOT_ENFORCED} if it is
 * not, {@value #USAGE} if the arguments are wrong.
 */
public final class CordonDoctor {
    static final int ENFORCED = 0;
    static final int NOT_ENFORCED = 1;
    static final int USAGE = 2;

    private static final String JSON = "--json";

    private CordonDoctor() {}

    /** See the class. */
    public static void main(String[] arguments) {
        System.exit(run(Arrays.asList(arguments), BackendSelection.all(), System.out, System.err));
    }

    static int run(List<String> arguments, BackendSelection.Found found, PrintStream out, PrintStream errors) {
        if (!arguments.isEmpty() && !arguments.equals(List.of(JSON))) {
            errors.println("usage: cordon-doctor [--json]");
            return USAGE;
        }
        Diagnosis diagnosis = Doctor.examine(found);
        out.println(arguments.isEmpty() ? diagnosis.toString() : diagnosis.toJson());
        return diagnosis.enforcesDefault() ? ENFORCED : NOT_ENFORCED;
    }
}
