package io.cordon.sandbox.windows.broker;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.broker.Message.Exited;
import io.cordon.sandbox.windows.broker.Message.Failed;
import io.cordon.sandbox.windows.broker.Message.Launch;
import io.cordon.sandbox.windows.broker.Message.Outcomes;
import io.cordon.sandbox.windows.broker.Message.Started;
import io.cordon.sandbox.windows.broker.Message.Tries;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.ConfinedThread;
import io.cordon.sandbox.windows.launch.ConfinedToken;
import io.cordon.sandbox.windows.launch.ProgramCall;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.launch.WindowsLauncher;
import io.cordon.sandbox.windows.launch.WindowsProcess;
import io.cordon.sandbox.windows.win32.BrokerCalls;
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
    private final NativeCalls calls;
    private final BrokerCalls broker;
    private final MessageChannel channel;

    /** One for each shape, which all processes of a sandbox share. */
    private final Map<ChildShape, WindowsLauncher> launchers = new HashMap<>();

    private final Map<Integer, WindowsProcess> running = new ConcurrentHashMap<>();
    private int lastId;

    BrokerLaunches(NativeCalls calls, BrokerCalls broker, MessageChannel channel) {
        this.calls = calls;
        this.broker = broker;
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
        ImmutableList<OwnedHandle> streams = adopted(launch.handles());
        try {
            ProgramCall call = new ProgramCall(Path.of(launch.image()), launch.line(), launch.environment());
            return launcher(launch.shape()).launch(call, launch.directory(), streams);
        } catch (InvalidPathException e) {
            throw new SandboxException(SandboxErrorCode.PROGRAM_NOT_FOUND, "no path: " + e.getMessage(), e);
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

    /** Errors may go where output goes, and then have its handle. If one is none, the others are closed all the same. */
    private ImmutableList<OwnedHandle> adopted(ImmutableList<Long> numbers) throws SandboxException {
        try (ResourceScope scope = new ResourceScope()) {
            Map<Long, OwnedHandle> handles = new HashMap<>();
            WindowsFailure failure = null;
            for (Long number : ImmutableSet.copyOf(numbers)) {
                try {
                    handles.put(number, scope.own(broker.adopt(number)));
                } catch (WindowsFailure e) {
                    failure = e;
                }
            }
            if (failure != null) {
                throw failure.as(SandboxErrorCode.LAUNCH_FAILED, "a standard stream");
            }
            scope.release();
            return numbers.stream().map(handles::get).collect(toImmutableList());
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

    /**
     * Ends the tree of a process; one that has exited meanwhile needs nothing.
     *
     * @throws IllegalStateException if it cannot be ended: that ends the broker, and with it everything
     */
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
