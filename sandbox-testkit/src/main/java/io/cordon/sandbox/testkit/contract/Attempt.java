package io.cordon.sandbox.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What became of an attempt of the {@link Probe}.
 *
 * @param said what it printed
 * @param detail for messages
 */
record Attempt(Outcome outcome, String said, String detail) {
    /** The closed set of outcomes, which the probe ends with. */
    enum Outcome {
        OK,
        DENIED,
        OTHER
    }

    /** The same with what else is known. */
    Attempt and(String more) {
        return new Attempt(outcome, said, detail + more);
    }

    /** By the exit code of the probe; any other code means that it did not get to its end. */
    static Attempt of(int exitCode, String output) {
        Outcome outcome = switch (exitCode) {
            case Probe.OK -> Outcome.OK;
            case Probe.DENIED -> Outcome.DENIED;
            default -> Outcome.OTHER;
        };
        return new Attempt(outcome, output.strip(), "exit code " + exitCode + ", " + output.strip());
    }

    void isOk(String what) {
        assertThat(outcome).as("%s: %s", what, detail).isEqualTo(Outcome.OK);
    }

    void isDenied(String what) {
        assertThat(outcome).as("%s: %s", what, detail).isEqualTo(Outcome.DENIED);
    }
}
