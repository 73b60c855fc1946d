package io.cordon.sandbox.linux.plan;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether the program {@code bwrap} makes namespaces here.
 *
 * @param program its path; empty where it is missing or fails
 * @param problem why it is empty, with the remedy
 */
public record Bubblewrap(Optional<Path> program, String problem) {
    /** One that works. */
    public static Bubblewrap at(Path program) {
        return new Bubblewrap(Optional.of(program), "");
    }

    /** Nobody looked for it, because the policy needs none. */
    public static Bubblewrap notNeeded() {
        return missing("");
    }

    /** None. */
    public static Bubblewrap missing(String problem) {
        return new Bubblewrap(Optional.empty(), problem);
    }
}
