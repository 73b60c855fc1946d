package io.cordon.sandbox.windows.broker;

import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.broker.Message.Close;
import io.cordon.sandbox.windows.broker.Message.Hello;
import io.cordon.sandbox.windows.broker.Message.Kill;
import io.cordon.sandbox.windows.broker.Message.Launch;
import io.cordon.sandbox.windows.broker.Message.Tries;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Optional;

/**
 * What the process that runs as the account does: it checks who made the pipe, protects itself, and then does what
 * comes over the pipe, one message after the other, until the pipe ends. Whatever is no message ends it.
 */
final class BrokerSession {
    private final NativeCalls calls;
    private final BrokerCalls broker;
    private final int host;
    private final int self;

    /**
     * A session.
     *
     * @param host the id of the process that made the pipe
     * @param self the id of this process
     */
    BrokerSession(NativeCalls calls, BrokerCalls broker, int host, int self) {
        this.calls = calls;
        this.broker = broker;
        this.host = host;
        this.self = self;
    }

    /** Runs until the host closes or is gone; every process that was started has ended then. */
    void run(String pipeName) throws SandboxException, ProtocolException {
        try (Undo undo = new Undo(SandboxErrorCode.CLOSE_FAILED);
                OwnedHandle pipe = broker.openPipe(pipeName)) {
            broker.protectOwnProcess(PipeAccess.process(checkedOwner(pipe)));
            MessageChannel channel = new MessageChannel(broker.ends(pipe));
            BrokerLaunches launches = new BrokerLaunches(calls, broker, channel);
            undo.add("ending the processes", launches::close);
            // Run first: nobody may wait for a host that does not read any more.
            undo.add("closing the pipe", channel::close);
            greet(channel);
            serve(channel, launches);
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.BACKEND_UNAVAILABLE, "the broker");
        }
    }

    /**
     * The owner of the pipe, whom its creator cannot choose freely: without SeRestorePrivilege it is the creator's user
     * or a group of his. What cannot be checked is the token of the host's process, which other users may not open.
     */
    private Sid checkedOwner(OwnedHandle pipe) throws WindowsFailure, SandboxException {
        int server = broker.serverOf(pipe);
        if (server != host) {
            throw new SandboxException(
                    SandboxErrorCode.BACKEND_UNAVAILABLE,
                    "the pipe was made by process " + server + ", not by the host " + host);
        }
        Sid owner = broker.ownerOf(pipe);
        try (OwnedHandle own = calls.tokens().ownToken()) {
            if (owner.equals(Sid.decode(calls.tokens().user(own)))) {
                throw new SandboxException(
                        SandboxErrorCode.BACKEND_UNAVAILABLE,
                        "the pipe belongs to the account itself, so that a child may have made it");
            }
        }
        return owner;
    }

    private void greet(MessageChannel channel) throws WindowsFailure, ProtocolException {
        Optional<Message> first = channel.receive();
        if (first.isEmpty()) {
            throw new ProtocolException("the host has closed without a greeting");
        }
        if (!(first.get() instanceof Hello hello) || hello.version() != MessageCodec.VERSION || hello.pid() != host) {
            throw new ProtocolException("the first message is no greeting of this version by the host");
        }
        channel.send(new Hello(MessageCodec.VERSION, self));
    }

    private static void serve(MessageChannel channel, BrokerLaunches launches)
            throws WindowsFailure, ProtocolException {
        while (true) {
            Optional<Message> next = channel.receive();
            if (next.isEmpty() || next.get() instanceof Close) {
                return;
            }
            if (next.get() instanceof Launch launch) {
                launches.launch(launch);
            } else if (next.get() instanceof Tries tries) {
                launches.tryOut(tries);
            } else if (next.get() instanceof Kill kill) {
                launches.kill(kill.id());
            } else {
                throw new ProtocolException(
                        "a host does not send " + next.get().getClass().getSimpleName());
            }
        }
    }
}
