package io.cordon.sandbox.linux.mediate;

import io.cordon.sandbox.NativeStepException;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.linux.plan.Architecture;
import io.cordon.sandbox.linux.syscall.Notification;
import io.cordon.sandbox.linux.syscall.OwnedFd;
import io.cordon.sandbox.linux.syscall.Pipe;
import io.cordon.sandbox.linux.syscall.SupervisorCalls;
import io.cordon.sandbox.linux.syscall.SystemCalls;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The thread that answers the calls of one sandbox's processes. It has given up the capabilities that they have not,
 * so that it can do nothing for them that they could not do unconfined.
 *
 * <p>When it ends, be it by an error or with the JVM, the kernel lets every such call fail with ENOSYS.
 */
public final class Supervisor implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Supervisor.class.getName());

    private final SystemCalls systemCalls;
    private final SupervisorCalls calls;
    private final OwnedFd listener;
    private final Pipe stop;
    private final MetadataMediator mediator;
    private final CompletableFuture<Optional<NativeStepException>> ready = new CompletableFuture<>();

    private Supervisor(
            SystemCalls systemCalls, OwnedFd listener, Pipe stop, Architecture architecture, WritablePlaces places)
            throws NativeStepException {
        this.systemCalls = systemCalls;
        this.calls = systemCalls.supervisor();
        this.listener = listener;
        this.stop = stop;
        this.mediator = new MetadataMediator(calls, architecture, places);
    }

    /**
     * Starts one, which owns the listener from now on.
     *
     * @throws SandboxException if that fails; then the listener is closed
     */
    public static Supervisor start(
            SystemCalls systemCalls, OwnedFd listener, Architecture architecture, WritablePlaces places)
            throws SandboxException {
        Optional<Pipe> stop = Optional.empty();
        try {
            stop = Optional.of(systemCalls.pipe());
            Supervisor supervisor = new Supervisor(systemCalls, listener, stop.get(), architecture, places);
            Thread thread = new Thread(supervisor::work, "cordon-supervisor");
            thread.setDaemon(true);
            thread.start();
            Optional<NativeStepException> failure = supervisor.ready.join();
            if (failure.isPresent()) {
                throw failure.get();
            }
            return supervisor;
        } catch (NativeStepException | RuntimeException | OutOfMemoryError e) {
            listener.close();
            stop.ifPresent(Pipe::close);
            throw e;
        }
    }

    private void work() {
        try (calls;
                stop;
                listener) {
            try {
                systemCalls.dropCapabilities(false);
                ready.complete(Optional.empty());
            } catch (NativeStepException e) {
                ready.complete(Optional.of(e));
                return;
            }
            while (calls.awaitNotification(listener, stop.readEnd())) {
                Optional<Notification> notification = calls.receive(listener);
                if (notification.isPresent()) {
                    int error = mediator.mediate(listener, notification.get());
                    calls.answer(listener, notification.get().id(), error);
                }
            }
        } catch (NativeStepException | RuntimeException e) {
            LOGGER.log(
                    System.Logger.Level.WARNING,
                    "no more changes of mode, owner, times and extended attributes in a sandbox: its supervisor failed",
                    e);
        }
    }

    /** Lets the thread end when it has answered what it is at. */
    @Override
    public void close() {
        stop.writeEnd().close();
    }
}
