package io.cordon.sandbox.windows.launch;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.plan.ContainerShape;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ProcessCalls.Start;
import io.cordon.sandbox.windows.win32.ProcessCalls.Surroundings;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;
import java.util.Set;

/**
 * Starts processes with the confined token, each in a job of its own. A process is created suspended, and runs its first
 * instruction only after its job, and its token where that is claimed, were read back from it. Safe for use by several
 * threads.
 */
public final class WindowsLauncher implements Launcher, AutoCloseable {
    private final NativeCalls calls;
    private final ChildShape shape;
    /** The system gives each process a copy of its own. */
    private final OwnedHandle token;

    private final ExitWatch exits;

    private WindowsLauncher(NativeCalls calls, ChildShape shape, OwnedHandle token) {
        this.calls = calls;
        this.shape = shape;
        this.token = token;
        this.exits = new ExitWatch(calls.processes());
    }

    /**
     * A launcher; it has to be closed when the processes that it started have exited.
     *
     * @throws SandboxException if the token cannot be made
     */
    public static WindowsLauncher open(NativeCalls calls, ChildShape shape) throws SandboxException {
        try {
            return new WindowsLauncher(calls, shape, ConfinedToken.create(calls.tokens(), shape.token()));
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.PREPARE_FAILED, "the token of the processes");
        }
    }

    @Override
    public WindowsProcess launch(LaunchRequest request, ImmutableMap<String, String> environment)
            throws SandboxException {
        ProgramCall call = ProgramCall.of(request, environment);
        return launch(call, request.directory().toString(), ChildStreams.open(calls, request));
    }

    /**
     * Starts a program that was found already, with streams that somebody else made.
     *
     * @param standardHandles input, output and errors of the child; they are closed in any case
     * @throws SandboxException if a step fails; then no process and no handle is left
     */
    public WindowsProcess launch(ProgramCall call, String directory, ImmutableList<OwnedHandle> standardHandles)
            throws SandboxException {
        return launch(call, directory, new GivenStreams(standardHandles));
    }

    private WindowsProcess launch(ProgramCall call, String directory, ChildStreams streams) throws SandboxException {
        try (Undo undo = new Undo(SandboxErrorCode.LAUNCH_FAILED)) {
            undo.add("closing the streams", streams::close);
            OwnedHandle job = undo.own(job());
            Suspended child = create(
                    job,
                    new Start(
                            call.image().toString(),
                            call.line(),
                            call.environment(),
                            directory,
                            streams.childHandles(),
                            new Surroundings(streams.terminal(), shape.hostConsole(), shape.desktop()),
                            shape.token().container()));
            try (OwnedHandle thread = child.thread()) {
                OwnedHandle process = undo.own(child.process());
                // Ended before its handles are closed, whether it is in the job or not.
                undo.add("ending the process", () -> calls.processes().terminate(process, WindowsProcess.KILLED));
                checkConfined(job, process);
                streams.closeChildHandles();
                WindowsProcess started = new WindowsProcess(calls, job, process, child.pid(), streams);
                exits.prepare();
                calls.processes().resume(thread);
                exits.watch(process, started);
                undo.release(SandboxErrorCode.LAUNCH_FAILED);
                return started;
            }
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.LAUNCH_FAILED);
        }
    }

    private OwnedHandle job() throws WindowsFailure {
        return JobSetup.create(calls.jobs(), shape);
    }

    private Suspended create(OwnedHandle job, Start start) throws SandboxException {
        try {
            return calls.processes().create(token, job, start);
        } catch (WindowsFailure e) {
            NativeStepException failure = switch (e.code()) {
                case WindowsFailure.ERROR_BAD_EXE_FORMAT ->
                    e.as(SandboxErrorCode.PROGRAM_NOT_EXECUTABLE, start.image());
                case WindowsFailure.ERROR_DIRECTORY -> e.as(SandboxErrorCode.DIRECTORY_INVALID, start.directory());
                default -> e.as(SandboxErrorCode.LAUNCH_FAILED, start.image());
            };
            throw failure;
        }
    }

    private void checkConfined(OwnedHandle job, OwnedHandle process) throws WindowsFailure, SandboxException {
        if (!calls.jobs().contains(job, process)) {
            throw new SandboxException(
                    SandboxErrorCode.LAUNCH_FAILED, "the new process is not in its job; it was ended before it ran");
        }
        if (!shape.tokenHolds()) {
            return;
        }
        try (OwnedHandle its = calls.tokens().tokenOf(process)) {
            int level = calls.tokens().integrityLevel(its);
            if (level != shape.token().level().rid()) {
                throw new SandboxException(
                        SandboxErrorCode.LAUNCH_FAILED,
                        "the new process has integrity level 0x%x instead of %s; it was ended before it ran"
                                .formatted(level, shape.token().level()));
            }
            if (shape.token().container().isPresent()) {
                checkContained(its, shape.token().container().get());
            }
            if (shape.token().restricting().isPresent()) {
                Set<Sid> restricting = calls.tokens().restricting(its);
                if (!restricting.equals(shape.token().restricting().get())) {
                    throw new SandboxException(
                            SandboxErrorCode.LAUNCH_FAILED,
                            "the new process is restricted to " + restricting + " instead of "
                                    + shape.token().restricting().get() + "; it was ended before it ran");
                }
            }
        }
    }

    private void checkContained(OwnedHandle token, ContainerShape container) throws WindowsFailure, SandboxException {
        Optional<Sid> its = calls.containers().containerOf(token);
        Set<Sid> capabilities = calls.containers().capabilities(token);
        if (!its.equals(Optional.of(container.packageSid())) || !capabilities.isEmpty()) {
            throw new SandboxException(
                    SandboxErrorCode.LAUNCH_FAILED,
                    "the new process is in the AppContainer "
                            + its.map(Sid::toString).orElse("of nobody")
                            + " with the capabilities " + capabilities + " instead of " + container.packageSid()
                            + " without any; it was ended before it ran");
        }
    }

    /** Ends what is left of waiting and closes the token. */
    @Override
    public void close() throws WindowsFailure {
        try (token) {
            exits.close();
        }
    }
}
