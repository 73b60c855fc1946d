package io.cordon.sandbox.windows.edit;

/**
 * Is told before and after each step that lasts, so that a test can stop the process right there.
 *
 * <p>The steps, in the order in which they are told: {@code layer.create}, {@code layer.written} (under a temporary
 * name, and forced), {@code layer.created}; {@code block.write}, {@code block.written} (and not forced), {@code
 * block.forced}; {@code complete.write}, {@code complete.written}, {@code complete.forced}; {@code lease.create}, {@code
 * lease.written}, {@code lease.created}; {@code lease.remove}, {@code lease.removed}; {@code layer.delete}, {@code
 * layer.deleted}; {@code quarantine.move}, {@code quarantine.moved}.
 */
@FunctionalInterface
public interface StepListener {
    /** Listens to nothing. */
    StepListener NONE = name -> {};

    /** Called on the thread that makes the step. */
    void step(String name);
}
