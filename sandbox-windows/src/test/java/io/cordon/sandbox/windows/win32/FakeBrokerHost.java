package io.cordon.sandbox.windows.win32;

/** What a broker finds at its end of the pipe: a host that has written these bytes, and is gone after them. */
public final class FakeBrokerHost extends FakeBrokerCalls {
    private final FakeWindows windows;
    private final byte[] written;
    private int taken;

    /** A host with this process id. */
    public FakeBrokerHost(FakeWindows windows, int pid, byte[] written) {
        super(windows, (pipe, host) -> {
            throw new AssertionError("a broker starts no broker");
        });
        serverIs(pid);
        this.windows = windows;
        this.written = written.clone();
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
    public OwnedHandle openPipe(String name) {
        return windows.handles.open(new FakeDuplex(windows).client, "CreateFileW");
    }

    @Override
    public Ends ends(OwnedHandle pipe) throws WindowsFailure {
        OwnedHandle in = pipe.release();
        FakeObject side = windows.handles.resolve(in, FakeObject.class, "DuplicateHandle");
        return new Ends(new End(in), new End(windows.handles.open(side, "DuplicateHandle")));
    }

    /** Whatever its number, it was given. */
    @Override
    public OwnedHandle adopt(long handle) {
        return windows.handles.open(new FakeFile(windows, "stream " + handle).open(~0, false), "DuplicateHandle");
    }
}
