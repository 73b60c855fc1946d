package io.cordon.examples.demo;

import io.cordon.sandbox.Capability;
import io.cordon.sandbox.EnforcementLevel;
import io.cordon.sandbox.EnforcementReport;
import java.time.Duration;

/**
 * What a step did, unconfined and confined.
 *
 * @param step the step
 * @param control whether it happened unconfined
 * @param confined whether it happened in the sandbox
 * @param output what it wrote in the sandbox
 * @param expected whether it is expected to happen in the sandbox
 * @param duration how long it took in the sandbox
 */
record Outcome(Step step, boolean control, boolean confined, String output, boolean expected, Duration duration) {

    /**
     * Whether the step is expected to happen: honest work always, an attack only if the report says that nothing
     * enforces the capability, or names this very gap.
     */
    static boolean isExpected(Step step, EnforcementReport report) {
        return step.guard()
                .map(report::get)
                .map(entry -> entry.level() == EnforcementLevel.NONE
                        || entry.level() == EnforcementLevel.NOT_REQUESTED
                        || step.knownGap().filter(entry.reason()::contains).isPresent())
                .orElse(true);
    }

    boolean asExpected() {
        return control && confined == expected;
    }

    String expectedText() {
        if (step.guard().isEmpty()) {
            return "works";
        }
        return expected ? "works (gap)" : "denied";
    }

    String observedText() {
        if (!control) {
            return "no control"; // it did not even work unconfined, so that its denial proves nothing
        }
        return confined ? "works" : "denied";
    }

    /** The capability that stopped the step, and the system's error if the step printed one that is known. */
    String stoppedBy() {
        return confined ? "" : step.guard().map(Capability::name).orElse("?") + errorText();
    }

    private String errorText() {
        if (output.contains("Permission denied")) {
            return " EACCES";
        }
        if (output.contains("Operation not permitted")) {
            return " EPERM";
        }
        if (output.contains("Access is denied") || output.contains("Access denied")) {
            return " error 5"; // ERROR_ACCESS_DENIED
        }
        return "";
    }
}
