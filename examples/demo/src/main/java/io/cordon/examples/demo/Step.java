package io.cordon.examples.demo;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.Capability;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something that an agent does, or that a hostile one tries.
 *
 * @param title what it does
 * @param command the command, for a stage
 * @param effect whether it happened, judged by what it did and not by what it says
 * @param guard what of the sandbox is to stop it; empty for honest work
 * @param knownGap words of the report with which a backend that cannot stop just this says so
 */
record Step(
        String title,
        Function<Stage, List<String>> command,
        Effect effect,
        Optional<Capability> guard,
        Optional<String> knownGap) {

    /** Whether a step did what it was to do. */
    @FunctionalInterface
    interface Effect {
        boolean happened(Stage stage, Execution execution) throws Exception;
    }

    /**
     * How the command of a step ended.
     *
     * @param exitCode its exit code
     * @param output what it wrote to both of its streams
     */
    record Execution(int exitCode, String output) {}

    static Step work(String title, Function<Stage, List<String>> command, Effect effect) {
        return new Step(title, command, effect, Optional.empty(), Optional.empty());
    }

    static Step attack(String title, Capability guard, Function<Stage, List<String>> command, Effect effect) {
        return new Step(title, command, effect, Optional.of(guard), Optional.empty());
    }

    /** The same, expected to work where the report names this gap. */
    Step unlessReported(String gap) {
        return new Step(title, command, effect, guard, Optional.of(gap));
    }

    /** An effect that the exit code tells. */
    static Effect exitsWithZero() {
        return (stage, execution) -> execution.exitCode() == 0;
    }

    /** An effect that the output tells. */
    static Effect prints(String text) {
        return (stage, execution) ->
                execution.exitCode() == 0 && execution.output().contains(text);
    }

    /** The command as a list that cannot change. */
    ImmutableList<String> commandFor(Stage stage) {
        return ImmutableList.copyOf(command.apply(stage));
    }
}
