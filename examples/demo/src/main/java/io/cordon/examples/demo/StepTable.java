package io.cordon.examples.demo;

import java.io.PrintStream;

/** The outcomes as plain aligned text, each line printed as soon as it is known, so that it reads in a log as on a terminal. */
final class StepTable {
    private static final String FORMAT = "%2s  %-38s %-12s %-12s %-22s %6s";

    private final PrintStream out;
    private int row;

    StepTable(PrintStream out) {
        this.out = out;
    }

    void printHeader() {
        String header = FORMAT.formatted("#", "step", "expected", "observed", "stopped by", "ms");
        out.println(header);
        out.println("-".repeat(header.length()));
    }

    void print(Outcome outcome) {
        row++;
        String line = FORMAT.formatted(
                row,
                outcome.step().title(),
                outcome.expectedText(),
                outcome.observedText(),
                outcome.stoppedBy(),
                outcome.duration().toMillis());
        if (outcome.asExpected()) {
            out.println(line);
        } else {
            out.println(line + "  <-- not as expected");
            out.println(outcome.output().indent(6).stripTrailing());
        }
    }
}
