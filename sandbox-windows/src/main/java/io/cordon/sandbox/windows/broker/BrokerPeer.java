package io.cordon.sandbox.windows.broker;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.windows.broker.Message.Close;
import io.cordon.sandbox.windows.launch.EnvironmentBlock;
import io.cordon.sandbox.windows.launch.JobSetup;
import io.cordon.sandbox.windows.launch.Undo;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.win32.BrokerCalls;
import io.cordon.sandbox.windows.win32.BrokerCalls.LogonStart;
import io.cordon.sandbox.windows.win32.JobLimits;
import io.cordon.sandbox.windows.win32.NativeCalls;
import io.cordon.sandbox.windows.win32.OwnedHandle;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The process of a broker, its job and the pipe to it. The job has one handle, which is here: when the JVM ends in
 * whatever way, the system closes it, and the broker ends with everything that it started.
 */
final class BrokerPeer implements AutoCloseable {
    private static final int ENDED = 1;
    /** How long the broker may take to end by itself, and then to be ended. */
    private static final int END_MILLISECONDS = 5_000;

    private final NativeCalls natives;
    private final BrokerCalls calls;
    private final OwnedHandle job;
    private final OwnedHandle process;
    private final int pid;
    private final MessageChannel channel;
    /** Held while a handle is used by any thread but the one that closes it. */
    private final Object lock = new Object();

    private final ExecutorService sending;
    private @Nullable Thread listener;

    private BrokerPeer(
            NativeCalls natives,
            BrokerCalls calls,
            OwnedHandle job,
            OwnedHandle process,
            int pid,
            MessageChannel channel) {
        this.natives = natives;
        this.calls = calls;
        this.job = job;
        this.process = process;
        this.pid = pid;
        this.channel = channel;
        this.sending = Executors.newSingleThreadExecutor(task -> daemon(task, pid));
    }

    private static Thread daemon(Runnable task, int pid) {
        Thread thread = new Thread(task, "cordon-broker-" + Integer.toUnsignedString(pid));
        thread.setDaemon(true);
        return thread;
    }

    /** Starts the process, and waits until it has opened the pipe. */
    static BrokerPeer start(
            NativeCalls natives, BrokerCalls calls, BrokerStart start, SecurityDescriptor access, char[] password)
            throws SandboxException, WindowsFailure {
        try (Undo undo = new Undo(SandboxErrorCode.PREPARE_FAILED)) {
            String name = PipeAccess.newName();
            OwnedHandle pipe = undo.own(calls.createPipe(name, access));
            OwnedHandle job =
                    undo.own(JobSetup.create(natives.jobs(), JobLimits.of(OptionalInt.empty(), OptionalLong.empty())));
            int host = hostPid();
            Suspended child = calls.createWithLogon(
                    new LogonStart(
                            start.account().name(),
                            start.java().toString(),
                            start.commandLine(name, host),
                            EnvironmentBlock.encode(start.environment()),
                            start.directory().toString()),
                    password);
            try (OwnedHandle thread = child.thread()) {
                OwnedHandle process = undo.own(child.process());
                undo.add("ending the broker", () -> end(natives, calls, process));
                calls.assign(job, process);
                natives.processes().resume(thread);
                calls.awaitClient(pipe, process, (int) start.patience().toMillis());
                // The process cannot have gone and its id be another's: its handle is open.
                int client = calls.clientOf(pipe);
                if (client != child.pid()) {
                    throw new SandboxException(
                            SandboxErrorCode.PREPARE_FAILED,
                            "process " + client + " has opened the pipe to the broker, which is " + child.pid());
                }
                MessageChannel channel = new MessageChannel(calls.ends(pipe));
                undo.release(SandboxErrorCode.CLOSE_FAILED);
                return new BrokerPeer(natives, calls, job, process, child.pid(), channel);
            }
        }
    }

    /** One that has ended already cannot be ended again. */
    private static void end(NativeCalls natives, BrokerCalls calls, OwnedHandle process) throws WindowsFailure {
        if (!calls.awaitEnd(process, 0)) {
            natives.processes().terminate(process, ENDED);
        }
    }

    static int hostPid() {
        return (int) ProcessHandle.current().pid();
    }

    int pid() {
        return pid;
    }

    /** The next message, as {@link MessageChannel#receive}. */
    Optional<Message> receive() throws WindowsFailure, ProtocolException {
        return channel.receive();
    }

    /**
     * Sends a message without waiting for room for it, which a broker that hangs never makes. What cannot be sent ends
     * the connection, and so whoever reads learns of it.
     *
     * @throws ProtocolException if it is too long
     */
    void send(Message message) throws ProtocolException {
        byte[] frame = MessageChannel.frame(message);
        try {
            sending.execute(() -> {
                try {
                    channel.send(frame);
                } catch (WindowsFailure e) {
                    channel.close();
                }
            });
        } catch (RejectedExecutionException e) {
            channel.close(); // it was closed meanwhile
        }
    }

    /**
     * Gives the broker these handles, which it learns of by a message.
     *
     * @return the numbers that they have there, one for each
     */
    ImmutableList<Long> give(ImmutableList<OwnedHandle> handles) throws SandboxException {
        Map<OwnedHandle, Long> numbers = new LinkedHashMap<>();
        try (Undo undo = new Undo(SandboxErrorCode.LAUNCH_FAILED)) {
            undo.add("taking handles back", () -> takeBack(numbers.values()));
            synchronized (lock) {
                checkOpen();
                for (OwnedHandle handle : handles) {
                    if (!numbers.containsKey(handle)) {
                        numbers.put(handle, calls.give(process, handle));
                    }
                }
            }
            undo.release(SandboxErrorCode.LAUNCH_FAILED);
            return handles.stream().map(numbers::get).collect(toImmutableList());
        } catch (WindowsFailure e) {
            throw e.as(SandboxErrorCode.LAUNCH_FAILED, "a standard stream");
        }
    }

    /** Closes what the broker was given and will not learn of. */
    void takeBack(Collection<Long> numbers) throws SandboxException {
        try (Undo undo = new Undo(SandboxErrorCode.LAUNCH_FAILED)) {
            for (long number : ImmutableSet.copyOf(numbers)) {
                undo.add("taking a handle back", () -> takeBack(number));
            }
        }
    }

    private void takeBack(long number) throws WindowsFailure {
        synchronized (lock) {
            if (process.isOpen() && !calls.awaitEnd(process, 0)) {
                calls.takeBack(process, number);
            }
        }
    }

    private void checkOpen() throws SandboxException {
        if (!process.isOpen()) {
            throw new SandboxException(SandboxErrorCode.SANDBOX_CLOSED, "the broker is closed");
        }
    }

    /** Gives a broker that has closed its end of the pipe the time to end by itself. */
    void awaitEnd() throws WindowsFailure {
        synchronized (lock) {
            if (process.isOpen()) {
                calls.awaitEnd(process, END_MILLISECONDS);
            }
        }
    }

    /** Lets a thread of its own read. */
    void listen(Runnable reading) {
        Thread thread = daemon(reading, pid);
        listener = thread;
        thread.start();
    }

    /** Ends the broker and its trees at once; whoever reads learns that from the pipe. */
    void terminate() {
        synchronized (lock) {
            if (job.isOpen()) {
                try {
                    natives.jobs().terminate(job, ENDED);
                } catch (WindowsFailure e) {
                    job.close(); // which ends it as well, since this is its only handle
                }
            }
        }
        channel.close();
        sending.shutdown();
    }

    /** Asks the broker to end, ends it if it does not, and closes everything. */
    @Override
    public void close() throws SandboxException {
        try (Undo undo = new Undo(SandboxErrorCode.CLOSE_FAILED)) {
            undo.add("closing the handles", this::closeHandles);
            undo.add("waiting for who reads", this::awaitListener);
            undo.add("ending who sends", sending::shutdown);
            undo.add("closing the pipe", channel::close);
            undo.add("ending the broker", this::end);
        }
    }

    private void end() throws WindowsFailure, SandboxException {
        synchronized (lock) {
            if (!process.isOpen()) {
                return;
            }
            try {
                send(new Close());
            } catch (ProtocolException e) {
                throw new AssertionError("one byte that does not fit", e);
            }
            if (job.isOpen() && !calls.awaitEnd(process, END_MILLISECONDS)) {
                natives.jobs().terminate(job, ENDED);
            }
            if (!calls.awaitEnd(process, END_MILLISECONDS)) {
                throw new SandboxException(SandboxErrorCode.CLOSE_FAILED, "the broker does not end");
            }
        }
    }

    private void awaitListener() {
        Thread thread = listener;
        if (thread != null && thread != Thread.currentThread()) {
            try {
                thread.join(END_MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // it ends by itself
            }
        }
    }

    private void closeHandles() {
        synchronized (lock) {
            job.close();
            process.close();
        }
    }
}
