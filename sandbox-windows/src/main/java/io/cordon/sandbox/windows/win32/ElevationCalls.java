package io.cordon.sandbox.windows.win32;

import java.time.Duration;
import java.util.OptionalInt;

/** Programs that run elevated. */
public interface ElevationCalls {
    /**
     * Runs a program as an administrator, which asks the user, and waits for its end.
     *
     * @return its exit code; empty if it still runs when the time is up
     * @throws WindowsFailure with ERROR_CANCELLED if the user declines
     */
    OptionalInt runElevated(String program, String arguments, Duration time) throws WindowsFailure;
}
