package io.cordon.sandbox.windows.win32;

final class FakePipeCalls implements PipeCalls {
    private final FakeWindows windows;

    FakePipeCalls(FakeWindows windows) {
        this.windows = windows;
    }

    @Override
    public Pipe fromChild() {
        return pipe();
    }

    @Override
    public Pipe toChild() {
        return pipe();
    }

    private Pipe pipe() {
        synchronized (windows) {
            FakePipe pipe = windows.newPipe();
            return new Pipe(pipe.host, windows.handles.open(pipe.child, "CreateFileW"));
        }
    }
}
