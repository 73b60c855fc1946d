package io.cordon.sandbox.linux.launch;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.plan.Barrier;
import io.cordon.sandbox.linux.plan.LinuxPlan;
import io.cordon.sandbox.linux.syscall.Errno;
import io.cordon.sandbox.linux.syscall.NativeFilter;
import io.cordon.sandbox.linux.syscall.OwnedFd;
import io.cordon.sandbox.linux.syscall.Pipe;
import io.cordon.sandbox.linux.syscall.PreparedSpawn;
import io.cordon.sandbox.linux.syscall.SpawnRequest;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Starts programs from the launcher thread: directly, or by bubblewrap where the plan says so. */
final class ChildStarter {
    /** Bubblewrap goes to the child's directory by its path inside. */
    private static final Path ANYWHERE = Path.of("/");

    private final SystemCalls calls;
    private final LauncherThread launcher;
    private final LinuxPlan plan;
    private final BubblewrapCommand bubblewrap;

    ChildStarter(SystemCalls calls, LauncherThread launcher, LinuxPlan plan, PrivateDirectory directory) {
        this.calls = calls;
        this.launcher = launcher;
        this.plan = plan;
        this.bubblewrap = new BubblewrapCommand(plan, directory);
    }

    /** Its three descriptors, as numbers. */
    record Streams(int stdin, int stdout, int stderr) {}

    /** Starts one, and gives its process id. */
    int start(
            Path program,
            ImmutableList<String> arguments,
            ImmutableMap<String, String> environment,
            Path directory,
            Streams streams)
            throws SandboxException {
        if (plan.barrier() == Barrier.LANDLOCK) {
            return spawn(
                    program,
                    new SpawnRequest(
                            program,
                            arguments,
                            environment,
                            directory,
                            streams.stdin(),
                            streams.stdout(),
                            streams.stderr(),
                            OptionalInt.empty()));
        }
        // A pipe for each, because bubblewrap reads it to its end.
        try (OwnedFd filter = filter()) {
            return spawn(
                    program,
                    new SpawnRequest(
                            bubblewrap.program(),
                            bubblewrap.arguments(directory, program, arguments),
                            environment,
                            ANYWHERE,
                            streams.stdin(),
                            streams.stdout(),
                            streams.stderr(),
                            OptionalInt.of(filter.number())));
        }
    }

    /** The filter is much smaller than what a pipe holds, pipe(7). */
    private OwnedFd filter() throws SandboxException {
        Pipe pipe = calls.pipe();
        try (OwnedFd end = pipe.writeEnd();
                OutputStream out = new FileOutputStream("/proc/self/fd/" + end.number())) {
            out.write(NativeFilter.bytes(plan.filter()));
            return pipe.readEnd();
        } catch (IOException | RuntimeException e) {
            pipe.close();
            throw new SandboxException(
                    SandboxErrorCode.LAUNCH_FAILED, "writing the filter for bubblewrap failed: " + e, e);
        }
    }

    private int spawn(Path program, SpawnRequest request) throws SandboxException {
        try (PreparedSpawn spawn = calls.prepare(request)) {
            return launcher.call(() -> calls.spawn(spawn));
        } catch (NativeStepException e) {
            if (e.systemCode() == Errno.ENOEXEC) {
                throw new SandboxException(
                        SandboxErrorCode.PROGRAM_NOT_EXECUTABLE,
                        program
                                + " is no program that this system executes; begin a script with #! and its interpreter",
                        e);
            }
            throw e;
        }
    }
}
