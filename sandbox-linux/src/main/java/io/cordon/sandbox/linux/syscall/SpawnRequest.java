package io.cordon.sandbox.linux.syscall;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * What posix_spawn(3) is to start. All other descriptors of the JVM are closed in the child, it leads a session of its
 * own, and no signal is blocked or ignored in it.
 *
 * @param program the absolute path of the executable
 * @param arguments its arguments, the name of the program first
 * @param environment its environment
 * @param directory its working directory
 * @param stdin the descriptor that becomes 0
 * @param stdout the descriptor that becomes 1
 * @param stderr the descriptor that becomes 2
 * @param fourth the descriptor that becomes 3, if any
 */
public record SpawnRequest(
        Path program,
        ImmutableList<String> arguments,
        ImmutableMap<String, String> environment,
        Path directory,
        int stdin,
        int stdout,
        int stderr,
        OptionalInt fourth) {}
