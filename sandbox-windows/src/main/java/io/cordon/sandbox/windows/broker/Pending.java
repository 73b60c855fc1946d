package io.cordon.sandbox.windows.broker;

import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.broker.Message.Exited;
import io.cordon.sandbox.windows.broker.Message.Failed;
import io.cordon.sandbox.windows.broker.Message.Outcomes;
import io.cordon.sandbox.windows.broker.Message.Started;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** What the host has asked of a broker and has no last answer to. Safe for use by several threads. */
final class Pending {
    private final Map<Integer, BrokeredProcess> processes = new LinkedHashMap<>();
    private final Map<Integer, CompletableFuture<ImmutableList<Integer>>> trials = new LinkedHashMap<>();
    private int lastId;
    private boolean closed;
    private @Nullable SandboxException lost;

    /** Sends a request. */
    interface Request {
        void send(int id) throws SandboxException;
    }

    /**
     * Asks for a process. Ids rise in the order in which the requests are sent.
     *
     * @param made the process, by its id
     */
    synchronized BrokeredProcess process(IntFunction<BrokeredProcess> made, Request request) throws SandboxException {
        checkUsable();
        BrokeredProcess process = made.apply(++lastId);
        request.send(process.id());
        processes.put(process.id(), process);
        return process;
    }

    /** Asks for the outcomes of attempts. */
    synchronized CompletableFuture<ImmutableList<Integer>> trial(Request request) throws SandboxException {
        checkUsable();
        CompletableFuture<ImmutableList<Integer>> trial = new CompletableFuture<>();
        request.send(++lastId);
        trials.put(lastId, trial);
        return trial;
    }

    private void checkUsable() throws SandboxException {
        if (closed) {
            throw closed();
        }
        if (lost != null) {
            throw copy(lost);
        }
    }

    private static SandboxException closed() {
        return new SandboxException(SandboxErrorCode.SANDBOX_CLOSED, "the broker is closed");
    }

    /** With the stack of whoever is told, and not of the thread that reads. */
    static SandboxException copy(SandboxException cause) {
        if (cause instanceof NativeStepException step) {
            return new NativeStepException(step.code(), step.step(), step.systemCode(), step.systemText(), step);
        }
        return new SandboxException(cause.code(), String.valueOf(cause.getMessage()), cause);
    }

    /** What a broker has answered. */
    synchronized void answer(Message message) throws ProtocolException {
        if (message instanceof Started started) {
            if (!process(started.id()).started().complete(started.pid())) {
                throw new ProtocolException("a process was started twice");
            }
        } else if (message instanceof Exited exited) {
            BrokeredProcess process = process(exited.id());
            if (!process.started().isDone()) {
                throw new ProtocolException("a process exited before it was started");
            }
            forget(process);
            process.exited(exited.code());
        } else if (message instanceof Outcomes outcomes && trials.containsKey(outcomes.id())) {
            trials.remove(outcomes.id()).complete(outcomes.codes());
        } else if (message instanceof Failed failed && trials.containsKey(failed.id())) {
            trials.remove(failed.id()).completeExceptionally(exception(failed));
        } else if (message instanceof Failed failed) {
            BrokeredProcess process = process(failed.id());
            forget(process);
            process.lost(exception(failed));
        } else {
            throw new ProtocolException(
                    "nothing was asked that a " + message.getClass().getSimpleName() + " answers");
        }
    }

    private BrokeredProcess process(int id) throws ProtocolException {
        BrokeredProcess process = processes.get(id);
        if (process == null) {
            throw new ProtocolException("no process has the id " + id);
        }
        return process;
    }

    private static SandboxException exception(Failed failed) {
        return failed.step().isEmpty()
                ? new SandboxException(failed.code(), failed.text())
                : new NativeStepException(failed.code(), failed.step(), failed.systemCode(), failed.text());
    }

    /** Nobody waits for this process any more. */
    synchronized void forget(BrokeredProcess process) {
        processes.remove(process.id());
    }

    /** Nothing more will be asked; whether that is new. */
    synchronized boolean close() {
        boolean first = !closed;
        closed = true;
        return first;
    }

    /**
     * No answer will come any more; all who wait learn the first cause, which is the closing after it.
     *
     * @param ending ends the broker before anybody learns of it
     * @return the first cause
     */
    synchronized SandboxException lose(SandboxException cause, Runnable ending) {
        if (lost == null) {
            lost = closed ? closed() : cause;
        }
        SandboxException first = lost;
        ending.run();
        processes.values().forEach(process -> process.lost(first));
        processes.clear();
        trials.values().forEach(trial -> trial.completeExceptionally(first));
        trials.clear();
        return first;
    }
}
