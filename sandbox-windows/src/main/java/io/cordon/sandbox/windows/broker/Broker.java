package io.cordon.sandbox.windows.broker;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.spi.LaunchRequest;
import io.cordon.sandbox.windows.broker.Message.Hello;
import io.cordon.sandbox.windows.broker.Message.Kill;
import io.cordon.sandbox.windows.broker.Message.Launch;
import io.cordon.sandbox.windows.broker.Message.Tries;
import io.cordon.sandbox.windows.launch.Attempt;
import io.cordon.sandbox.windows.launch.ChildShape;
import io.cordon.sandbox.windows.launch.ChildStreams;
import io.cordon.sandbox.windows.launch.ConfinedProcess;
import io.cordon.sandbox.windows.launch.Launcher;
import io.cordon.sandbox.windows.launch.ProgramCall;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The host's end of the process that runs as the account of a sandbox and starts its commands. There is one for each
 * sandbox and one logon for each of these, however many commands are run: a logon session per command is what the system
 * keeps for as long as anybody has a token of it. Safe for use by several threads.
 */
public final class Broker implements AutoCloseable {
    private final NativeCalls natives;
    private final BrokerStart start;
    private final BrokerPeer peer;

    private final CompletableFuture<Hello> hello = new CompletableFuture<>();
    private final Pending pending = new Pending();

    private Broker(NativeCalls natives, BrokerStart start, BrokerPeer peer) {
        this.natives = natives;
        this.start = start;
        this.peer = peer;
    }

    /**
     * Starts a broker, and waits until it has answered.
     *
     * @param password of the account; it is wiped, whatever happens
     * @throws SandboxException if a step fails; then no process, handle or pipe is left
     */
    public static Broker open(NativeCalls natives, BrokerCalls calls, BrokerStart start, char[] password)
            throws SandboxException {
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            start.unpackJna();
            SecurityDescriptor access =
                    PipeAccess.pipe(user(natives), start.account().sid());
            BrokerPeer peer = BrokerPeer.start(natives, calls, start, access, password);
            undo.add("ending the broker", peer::close);
            Broker broker = new Broker(natives, start, peer);
            broker.greet();
            undo.release(SandboxErrorCode.CLOSE_FAILED);
            return broker;
        } catch (WindowsFailure e) {
            throw e.as(
                    SandboxErrorCode.PREPARE_FAILED,
                    "the broker of " + start.account().name() + FailureNote.told(start.directory()));
        } finally {
            Arrays.fill(password, '\0');
        }
    }

    private static Sid user(NativeCalls natives) throws WindowsFailure {
        try (OwnedHandle own = natives.tokens().ownToken()) {
            return Sid.decode(natives.tokens().user(own));
        }
    }

    private void greet() throws SandboxException, WindowsFailure {
        peer.listen(this::receive);
        send(new Hello(MessageCodec.VERSION, BrokerPeer.hostPid()));
        Hello answer = await(hello, "the answer of the broker");
        if (answer.version() != MessageCodec.VERSION || answer.pid() != peer.pid()) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED, "the broker answers as another version or process: " + answer);
        }
    }

    /** Waits no longer than there is patience for; then the broker is given up, since nobody knows what it does. */
    private <T> T await(CompletableFuture<T> future, String what) throws SandboxException {
        try {
            return future.get(start.patience().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof SandboxException cause
                    ? Pending.copy(cause)
                    : new SandboxException(SandboxErrorCode.LAUNCH_FAILED, what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw giveUp(new SandboxException(
                    SandboxErrorCode.LAUNCH_FAILED, what + " has not come within " + start.patience(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw giveUp(new SandboxException(SandboxErrorCode.LAUNCH_FAILED, "interrupted: " + what, e));
        }
    }

    /** Starts processes of this shape. */
    public Launcher launcher(ChildShape shape) {
        return (request, environment) -> launch(shape, request, environment);
    }

    private ConfinedProcess launch(ChildShape shape, LaunchRequest request, ImmutableMap<String, String> environment)
            throws SandboxException {
        if (request.terminal().isPresent()) {
            throw new SandboxException(
                    SandboxErrorCode.TERMINAL_UNAVAILABLE,
                    "a terminal belongs to one user, and " + start.account().name()
                            + " is another; start the process with pipes");
        }
        ProgramCall call = ProgramCall.of(request, environment);
        try (Undo undo = new Undo(SandboxErrorCode.LAUNCH_FAILED)) {
            ChildStreams streams = ChildStreams.open(natives, request);
            undo.add("closing the streams", streams::close);
            BrokeredProcess process = pending.process(
                    id -> new BrokeredProcess(this, id, streams), id -> ask(id, shape, streams, call, request));
            undo.add("forgetting the process", () -> pending.forget(process));
            await(process.started(), "the start of " + request.program());
            undo.release(SandboxErrorCode.LAUNCH_FAILED);
            return process;
        }
    }

    private void ask(int id, ChildShape shape, ChildStreams streams, ProgramCall call, LaunchRequest request)
            throws SandboxException {
        ImmutableList<Long> handles = peer.give(streams.childHandles());
        streams.closeChildHandles();
        try (Undo undo = new Undo(SandboxErrorCode.LAUNCH_FAILED)) {
            undo.add("taking the streams back", () -> peer.takeBack(handles));
            send(new Launch(
                    id,
                    call.image().toString(),
                    call.line(),
                    call.environment(),
                    request.directory().toString(),
                    handles,
                    shape));
            undo.release(SandboxErrorCode.LAUNCH_FAILED);
        }
    }

    /**
     * Tries things as a child of the sandbox.
     *
     * @return what came of each: 0, or the code of the failure
     */
    public ImmutableList<Integer> outcomes(ChildShape shape, List<Attempt> attempts) throws SandboxException {
        CompletableFuture<ImmutableList<Integer>> trial =
                pending.trial(id -> send(new Tries(id, shape, ImmutableList.copyOf(attempts))));
        ImmutableList<Integer> codes = await(trial, "the attempts of the attestation");
        if (codes.size() != attempts.size()) {
            throw giveUp(new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    name() + " tried " + codes.size() + " things of " + attempts.size()));
        }
        return codes;
    }

    private void send(Message message) throws SandboxException {
        try {
            peer.send(message);
        } catch (ProtocolException e) {
            throw new SandboxException(SandboxErrorCode.COMMAND_INVALID, "this does not fit: " + e.getMessage(), e);
        }
    }

    /** For a process that has not exited. If the broker cannot be told, everything that it started ends with it. */
    void kill(int id) {
        try {
            send(new Kill(id));
        } catch (SandboxException e) {
            throw new AssertionError("five bytes that do not fit", e);
        }
    }

    /** On the one thread that reads; returns when nothing more will come. */
    private void receive() {
        try {
            while (true) {
                Optional<Message> next = peer.receive();
                if (next.isEmpty()) {
                    peer.awaitEnd();
                    giveUp(new SandboxException(
                            SandboxErrorCode.BACKEND_UNAVAILABLE,
                            name() + " has ended" + FailureNote.told(start.directory())));
                    return;
                }
                handle(next.get());
            }
        } catch (WindowsFailure e) {
            giveUp(new SandboxException(SandboxErrorCode.BACKEND_UNAVAILABLE, name() + " cannot be heard: " + e, e));
        } catch (ProtocolException | RuntimeException e) {
            giveUp(new SandboxException(
                    SandboxErrorCode.BACKEND_UNAVAILABLE,
                    name() + " was ended, because it said: " + e.getMessage(),
                    e));
        }
    }

    private String name() {
        return "the broker of " + start.account().name() + " (process " + Integer.toUnsignedString(peer.pid()) + ")";
    }

    private void handle(Message message) throws ProtocolException {
        if (message instanceof Hello first && hello.complete(first)) {
            return;
        }
        if (!hello.isDone()) {
            throw new ProtocolException("the first message is no greeting");
        }
        pending.answer(message);
    }

    /** Ends the broker and with it everything that it started; all who wait learn the first cause. */
    private SandboxException giveUp(SandboxException cause) {
        SandboxException first = pending.lose(cause, peer::terminate);
        hello.completeExceptionally(first);
        return first == cause ? cause : Pending.copy(first);
    }

    /** The id of the broker's process. */
    public long pid() {
        return Integer.toUnsignedLong(peer.pid());
    }

    /** Ends every process that the broker has started, and the broker. Closing again does nothing. */
    @Override
    public void close() throws SandboxException {
        if (!pending.close()) {
            return;
        }
        try {
            peer.close();
        } finally {
            giveUp(new SandboxException(SandboxErrorCode.SANDBOX_CLOSED, name() + " was closed"));
        }
    }
}
