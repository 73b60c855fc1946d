package io.cordon.sandbox.windows.win32;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.ProcessCalls.Start;
import io.cordon.sandbox.windows.win32.ProcessCalls.Surroundings;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A host and the broker that it starts by a logon, both in one {@link FakeWindows}, so that nothing of either may be left.
 * All processes have the id of this JVM. What it shows is about the code at both ends; about Windows it shows nothing.
 */
public class FakeBrokerCalls implements BrokerCalls {
    private static final int ERROR_FILE_NOT_FOUND = 2;
    private static final int ERROR_PIPE_BUSY = 231;
    private static final int ERROR_LOGON_FAILURE = 1326;
    private static final int PID = (int) ProcessHandle.current().pid();
    private static final int FAILED = 3;
    private static final String PASSWORD = "the password of the account";

    /** Not the user of a {@link FakeWindows}. */
    private static final Sid OWNER = Sid.of(5, 21, 9, 8, 7, 1001);

    /** What the process of the account runs. */
    public interface Program {
        /** Runs, with the name of the pipe and the id of the host. */
        void run(String pipe, int host) throws Exception;
    }

    private final FakeWindows windows;
    private final Program program;
    private final Map<String, FakeDuplex> pipes = new HashMap<>();
    /** Handles that the broker was given and has not taken over. */
    private final Map<Long, OwnedHandle> given = new HashMap<>();

    private int client = PID;
    private int server = PID;
    private Sid owner = OWNER;
    private final List<SecurityDescriptor> protections = new ArrayList<>();

    /** With this program as the broker. */
    public FakeBrokerCalls(FakeWindows windows, Program program) {
        this.windows = windows;
        this.program = program;
    }

    /** The password that a logon takes; a new array each time. */
    public static char[] password() {
        return PASSWORD.toCharArray();
    }

    /** Says that a process with this id has opened the pipe. */
    public void clientIs(int pid) {
        client = pid;
    }

    /** Says that a process with this id has made the pipe. */
    public void serverIs(int pid) {
        server = pid;
    }

    /** Says that the pipe belongs to the user that this Windows runs everybody as. */
    public void ownedByTheAccount() {
        owner = FakeTokenCalls.USER;
    }

    /** Every access list that the broker has given itself. */
    public List<SecurityDescriptor> protections() {
        return protections;
    }

    private FakeDuplex.Side side(OwnedHandle pipe, String function) throws WindowsFailure {
        return windows.handles.resolve(pipe, FakeDuplex.Side.class, function);
    }

    private static FakeProcess process(FakeWindows windows, OwnedHandle process, String function)
            throws WindowsFailure {
        return windows.handles.resolve(process, FakeProcess.class, function);
    }

    @Override
    public OwnedHandle createPipe(String name, SecurityDescriptor descriptor) throws WindowsFailure {
        synchronized (windows) {
            FakeDuplex pipe = new FakeDuplex(windows);
            if (pipes.putIfAbsent(name, pipe) != null) {
                throw FakeWindows.failure("CreateNamedPipeW", WindowsFailure.ERROR_ACCESS_DENIED);
            }
            return windows.handles.open(pipe.server, "CreateNamedPipeW");
        }
    }

    @Override
    public OwnedHandle openPipe(String name) throws WindowsFailure {
        synchronized (windows) {
            FakeDuplex pipe = pipes.get(name);
            if (pipe == null || pipe.connected) {
                throw FakeWindows.failure("CreateFileW", pipe == null ? ERROR_FILE_NOT_FOUND : ERROR_PIPE_BUSY);
            }
            pipe.connected = true;
            windows.notifyAll();
            return windows.handles.open(pipe.client, "CreateFileW");
        }
    }

    @Override
    public void awaitClient(OwnedHandle pipe, OwnedHandle process, int milliseconds) throws WindowsFailure {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        String function = "ConnectNamedPipe";
        synchronized (windows) {
            FakeDuplex.Side waiting = side(pipe, function);
            FakeProcess expected = process(windows, process, function);
            while (pipes.values().stream().noneMatch(each -> each.server == waiting && each.connected)) {
                if (expected.isEnded()) {
                    throw FakeWindows.failure(function, ERROR_PROCESS_ABORTED);
                }
                if (!windows.awaitChangeUntil(deadline)) {
                    throw FakeWindows.failure(function, WAIT_TIMEOUT);
                }
            }
        }
    }

    @Override
    public int clientOf(OwnedHandle pipe) throws WindowsFailure {
        side(pipe, "GetNamedPipeClientProcessId");
        return client;
    }

    @Override
    public int serverOf(OwnedHandle pipe) throws WindowsFailure {
        side(pipe, "GetNamedPipeServerProcessId");
        return server;
    }

    @Override
    public Sid ownerOf(OwnedHandle pipe) throws WindowsFailure {
        side(pipe, "GetKernelObjectSecurity");
        return owner;
    }

    @Override
    public Ends ends(OwnedHandle pipe) throws WindowsFailure {
        synchronized (windows) {
            return side(pipe, "DuplicateHandle").ends(pipe);
        }
    }

    @Override
    public Suspended createWithLogon(LogonStart start, char[] password) throws WindowsFailure {
        String function = "CreateProcessWithLogonW";
        if (!Arrays.equals(password, PASSWORD.toCharArray())) {
            throw FakeWindows.failure(function, ERROR_LOGON_FAILURE);
        }
        List<String> words = Splitter.on(' ').splitToList(start.commandLine());
        String pipe = words.get(words.size() - 2);
        int host = Integer.parseUnsignedInt(words.get(words.size() - 1));
        synchronized (windows) {
            FakeProcess process = windows.newProcess(
                    FakeToken.ofHost(FakeWindows.HOST_LEVEL),
                    child -> run(pipe, host),
                    new Start(
                            start.image(),
                            start.commandLine(),
                            start.environment(),
                            start.directory(),
                            ImmutableList.of(),
                            new Surroundings(Optional.empty(), false, Optional.empty()),
                            Optional.empty()));
            process.whenEnded(() -> ended(pipe));
            return new Suspended(
                    windows.handles.open(process, function), windows.handles.open(process.firstThread, function), PID);
        }
    }

    /** Whatever is wrong for a broker only ends it. */
    private int run(String pipe, int host) {
        try {
            program.run(pipe, host);
            return 0;
        } catch (Exception e) {
            return FAILED;
        }
    }

    /** As the system does: what the broker has not closed is closed. */
    private void ended(String pipe) {
        FakeDuplex duplex = pipes.get(pipe);
        if (duplex != null) {
            duplex.client.breakOff();
        }
        given.values().forEach(OwnedHandle::close);
        given.clear();
    }

    @Override
    public void assign(OwnedHandle job, OwnedHandle process) throws WindowsFailure {
        synchronized (windows) {
            String function = "AssignProcessToJobObject";
            windows.handles.resolve(job, FakeJob.class, function).add(process(windows, process, function));
        }
    }

    @Override
    public long give(OwnedHandle process, OwnedHandle handle) throws WindowsFailure {
        String function = "DuplicateHandle";
        synchronized (windows) {
            if (process(windows, process, function).isEnded()) {
                throw FakeWindows.failure(function, WindowsFailure.ERROR_ACCESS_DENIED);
            }
            OwnedHandle copy =
                    windows.handles.open(windows.handles.resolve(handle, FakeObject.class, function), function);
            given.put(copy.value(), copy);
            return copy.value();
        }
    }

    @Override
    public void takeBack(OwnedHandle process, long handle) throws WindowsFailure {
        synchronized (windows) {
            process(windows, process, "DuplicateHandle");
            adopt(handle).close();
        }
    }

    @Override
    public OwnedHandle adopt(long handle) throws WindowsFailure {
        synchronized (windows) {
            OwnedHandle adopted = given.remove(handle);
            if (adopted == null) {
                throw FakeWindows.failure("GetHandleInformation", FakeHandles.ERROR_INVALID_HANDLE);
            }
            return adopted;
        }
    }

    @Override
    public boolean awaitEnd(OwnedHandle process, int milliseconds) throws WindowsFailure {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        synchronized (windows) {
            FakeProcess ending = process(windows, process, "WaitForMultipleObjects");
            while (!ending.isEnded()) {
                if (!windows.awaitChangeUntil(deadline)) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    public void protectOwnProcess(SecurityDescriptor descriptor) throws WindowsFailure {
        synchronized (windows) {
            protections.add(descriptor);
        }
    }
}
