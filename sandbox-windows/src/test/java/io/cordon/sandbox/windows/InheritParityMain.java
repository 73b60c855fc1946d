package io.cordon.sandbox.windows;

import io.cordon.sandbox.SandboxedProcessBuilder;
import java.nio.file.Path;

/** Starts a child with {@code INHERIT} for all three streams: {@code plain|sandbox ROOT}. Exits with its code. */
public final class InheritParityMain {
    private InheritParityMain() {}

    /** See the class. */
    public static void main(String[] arguments) throws Exception {
        ProcessBuilder builder =
                TwoWays.cmd("set /p x=& set x& echo err 1>&2& exit 7").inheritIO();
        int code;
        System.out.println("JVM");
        System.out.flush();
        try (TwoWays ways = TwoWays.open(Path.of(arguments[1]))) {
            Process process = arguments[0].equals("plain")
                    ? builder.start()
                    : SandboxedProcessBuilder.from(builder, ways.sandbox()).start();
            code = process.waitFor();
        }
        System.out.println("JVM again"); // its own streams are still open
        System.exit(code);
    }
}
