package io.cordon.sandbox.windows.broker;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.broker.Message.Exited;
import io.cordon.sandbox.windows.broker.Message.Failed;
import io.cordon.sandbox.windows.broker.Message.Launch;
import io.cordon.sandbox.windows.broker.Message.Outcomes;
import io.cordon.sandbox.windows.broker.Message.Started;
import io.cordon.sandbox.windows.broker.Message.Stream;
import io.cordon.sandbox.windows.broker.Message.Tries;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.ConfinedThread;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.launch.ProgramCall;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.launch.WindowsProcess;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.BrokerCalls.Direction;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ResourceScope;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The processes that a broker has started. Used by the one thread that receives. */
final class BrokerLaunches {
    private static final int GENERIC_READ = 0x80000000;
    private static final int GENERIC_WRITE = 0x40000000;
    private static final int FILE_SHARE_READ_WRITE = 0x3;
    private static final int OPEN_EXISTING = 3;
    private static final int FILE_ATTRIBUTE_NORMAL = 0x80;

    private final NativeCalls calls;
    private final BrokerCalls broker;
    private final int host;
    private final MessageChannel channel;

    /** One for each shape, which all processes of a sandbox share. */
    private final Map<ChildShape, WindowsLauncher> launchers = new HashMap<>();

    private final Map<Integer, WindowsProcess> running = new ConcurrentHashMap<>();
    private int lastId;

    BrokerLaunches(NativeCalls calls, BrokerCalls broker, int host, MessageChannel channel) {
        this.calls = calls;
        this.broker = broker;
        this.host = host;
        this.channel = channel;
    }

    /** Starts a process, or tells the host why not. */
    void launch(Launch launch) throws WindowsFailure, ProtocolException {
        next(launch.id());
        WindowsProcess process;
        try {
            process = started(launch);
        } catch (SandboxException e) {
            channel.send(failed(launch.id(), e));
            return;
        }
        running.put(launch.id(), process);
        channel.send(new Started(launch.id(), (int) process.pid()));
        var unused = process.exit().whenComplete((code, failure) -> ended(launch.id(), code, failure));
    }

    private void next(int id) throws ProtocolException {
        if (id <= lastId) {
            throw new ProtocolException("the id " + id + " follows " + lastId);
        }
        lastId = id;
    }

    /** Tries things with the token of a child, and tells the host what came of it. */
    void tryOut(Tries tries) throws WindowsFailure, ProtocolException {
        next(tries.id());
        Message answer;
        try (OwnedHandle token =
                ConfinedToken.create(calls.tokens(), tries.shape().token())) {
            answer = new Outcomes(tries.id(), ConfinedThread.outcomes(calls, token, tries.attempts()));
        } catch (WindowsFailure e) {
            answer = failed(tries.id(), e.as(SandboxErrorCode.PREPARE_FAILED, "attestation"));
        } catch (SandboxException e) {
            answer = failed(tries.id(), e);
        }
        channel.send(answer);
    }

    private WindowsProcess started(Launch launch) throws SandboxException {
        ProgramCall call;
        try {
            call = new ProgramCall(Path.of(launch.image()), launch.line(), launch.environment());
        } catch (InvalidPathException e) {
            throw new SandboxException(SandboxErrorCode.PROGRAM_NOT_FOUND, "no path: " + e.getMessage());
        }
        ImmutableList<OwnedHandle> streams = streams(launch);
        try {
            return launcher(launch.shape()).launch(call, launch.directory(), streams);
        } finally {
            streams.forEach(OwnedHandle::close); // by then closed already, unless there is no launcher
        }
    }

    private WindowsLauncher launcher(ChildShape shape) throws SandboxException {
        WindowsLauncher present = launchers.get(shape);
        if (present == null) {
            present = WindowsLauncher.open(calls, shape);
            launchers.put(shape, present);
        }
        return present;
    }

    /** Input, output and errors; errors may go where output goes, and then have its handle. */
    private ImmutableList<OwnedHandle> streams(Launch launch) throws SandboxException {
        try (ResourceScope scope = new ResourceScope()) {
            OwnedHandle input = scope.own(stream(launch.stdin(), Direction.OUTBOUND));
            OwnedHandle output = scope.own(stream(launch.stdout(), Direction.INBOUND));
            boolean merged = launch.stderr().equals(launch.stdout());
            OwnedHandle errors = merged ? output : scope.own(stream(launch.stderr(), Direction.INBOUND));
            scope.release();
            return ImmutableList.of(input, output, errors);
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.LAUNCH_FAILED, "a standard stream");
        }
    }

    private OwnedHandle stream(Stream stream, Direction direction) throws WindowsFailure, SandboxException {
        if (stream.equals(Stream.NOTHING)) {
            int access = direction == Direction.OUTBOUND ? GENERIC_READ : GENERIC_WRITE;
            return calls.files().open("NUL", access, FILE_SHARE_READ_WRITE, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL);
        }
        try (ResourceScope scope = new ResourceScope()) {
            OwnedHandle pipe = scope.own(broker.openPipe(stream.pipe(), direction));
            int server = broker.serverOf(pipe);
            if (server != host) {
                throw new SandboxException(
                        SandboxErrorCode.LAUNCH_FAILED,
                        "a pipe was made by process " + server + ", not by the host " + host);
            }
            scope.release();
            return pipe;
        }
    }

    /** On the thread that waits for exits. A host that is gone need not be told. */
    private void ended(int id, @Nullable Integer code, @Nullable Throwable failure) {
        running.remove(id);
        try {
            channel.send(
                    failure == null && code != null
                            ? new Exited(id, code)
                            : new Failed(id, SandboxErrorCode.LAUNCH_FAILED, "", 0, String.valueOf(failure)));
        } catch (WindowsFailure | ProtocolException e) {
            channel.close();
        }
    }

    private static Failed failed(int id, SandboxException e) {
        if (e instanceof NativeStepException step) {
            return new Failed(id, step.code(), step.step(), step.systemCode(), step.systemText());
        }
        return new Failed(id, e.code(), "", 0, String.valueOf(e.getMessage()));
    }

    /** Ends the tree of a process; one that has exited meanwhile needs nothing. */
    void kill(int id) throws ProtocolException {
        if (id < 1 || id > lastId) {
            throw new ProtocolException("no process has the id " + id);
        }
        WindowsProcess process = running.get(id);
        if (process != null) {
            process.kill();
        }
    }

    /** Ends every tree, and closes what starts them. */
    void close() throws SandboxException {
        try (Undo undo = new Undo(SandboxErrorCode.CLOSE_FAILED)) {
            launchers.values().forEach(launcher -> undo.add("closing a launcher", launcher::close));
            running.values().forEach(process -> undo.add("ending process " + process.pid(), process::end));
        }
    }
}
