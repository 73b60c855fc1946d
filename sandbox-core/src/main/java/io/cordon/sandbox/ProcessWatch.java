package io.cordon.sandbox;

import com.google.common.collect.ImmutableList;
import java.nio.file.Path;

/** What a process knows of its sandbox, and what its sandbox is told of it. */
@FunctionalInterface
interface ProcessWatch {
    /** What appeared in the sandbox since it was opened. */
    ImmutableList<Path> violations();

    /** Its time was up. */
    default void timedOut(long pid) {}

    /** It has come to its result. */
    default void finished(long pid, SandboxResult result) {}
}
