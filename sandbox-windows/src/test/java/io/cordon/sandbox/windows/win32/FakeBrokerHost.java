package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.windows.security.SecurityDescriptor;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.ProcessCalls.Suspended;

/** What a broker finds at its end of the pipe: a host that has written these bytes, and is gone after them. */
public final class FakeBrokerHost implements BrokerCalls {
    /** Not the user of a {@link FakeWindows}. */
    private static final Sid OWNER = Sid.of(5, 21, 9, 8, 7, 1001);

    private final FakeWindows windows;
    private final int pid;
    private final byte[] written;
    private int taken;

    /** A host with this process id. */
    public FakeBrokerHost(FakeWindows windows, int pid, byte[] written) {
        this.windows = windows;
        this.pid = pid;
        this.written = written.clone();
    }

    private static final class Pipe extends FakeObject {
        @Override
        String kind() {
            return "the pipe of a broker";
        }
    }

    private final class End implements HostPipe {
        private final OwnedHandle handle;

        private End(OwnedHandle handle) {
            this.handle = handle;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = Math.min(length, available());
            System.arraycopy(written, taken, bytes, offset, count);
            taken += count;
            return count == 0 ? -1 : count;
        }

        @Override
        public int available() {
            return written.length - taken;
        }

        /** The host is not asked what it makes of it. */
        @Override
        public void write(byte[] bytes, int offset, int length) throws WindowsFailure {
            if (!handle.isOpen()) {
                throw FakeWindows.failure("WriteFile", WindowsFailure.ERROR_OPERATION_ABORTED);
            }
        }

        @Override
        public void close() {
            handle.close();
        }
    }

    @Override
    public OwnedHandle openPipe(String name, Direction direction) {
        return windows.handles.open(new Pipe(), "CreateFileW");
    }

    @Override
    public int serverOf(OwnedHandle pipe) throws WindowsFailure {
        windows.handles.resolve(pipe, Pipe.class, "GetNamedPipeServerProcessId");
        return pid;
    }

    @Override
    public Sid ownerOf(OwnedHandle pipe) throws WindowsFailure {
        windows.handles.resolve(pipe, Pipe.class, "GetKernelObjectSecurity");
        return OWNER;
    }

    @Override
    public void protectOwnProcess(SecurityDescriptor descriptor) {}

    @Override
    public Ends ends(OwnedHandle pipe) {
        return new Ends(new End(pipe.release()), new End(windows.handles.open(new Pipe(), "DuplicateHandle")));
    }

    private static UnsupportedOperationException hostOnly() {
        return new UnsupportedOperationException("a broker does not call this");
    }

    @Override
    public OwnedHandle createPipe(String name, Direction direction, SecurityDescriptor descriptor) {
        throw hostOnly();
    }

    @Override
    public void awaitClient(OwnedHandle pipe, OwnedHandle process, int milliseconds) {
        throw hostOnly();
    }

    @Override
    public int clientOf(OwnedHandle pipe) {
        throw hostOnly();
    }

    @Override
    public HostPipe end(OwnedHandle pipe) {
        throw hostOnly();
    }

    @Override
    public Suspended createWithLogon(LogonStart start, char[] password) {
        throw hostOnly();
    }

    @Override
    public void assign(OwnedHandle job, OwnedHandle process) {
        throw hostOnly();
    }

    @Override
    public boolean awaitEnd(OwnedHandle process, int milliseconds) {
        throw hostOnly();
    }
}
