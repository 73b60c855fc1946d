package io.cordon.sandbox.windows.win32;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/** A pipe in one of both directions: the host's end is a {@link HostPipe}, the child's end has handles. */
final class FakePipe {
    static final int ERROR_BROKEN_PIPE = 109;

    /** Small, so that tests meet a full pipe. */
    private static final int CAPACITY = 512;

    private final FakeWindows windows;
    private final Queue<Byte> bytes = new ArrayDeque<>();
    private boolean hostOpen = true;
    private boolean childOpen = true;

    final Host host = new Host();
    final Child child = new Child();

    FakePipe(FakeWindows windows) {
        this.windows = windows;
    }

    boolean isHostOpen() {
        return hostOpen;
    }

    private int take(byte[] target, int offset, int length) {
        int count = Math.min(length, bytes.size());
        for (int i = 0; i < count; i++) {
            target[offset + i] = bytes.remove();
        }
        windows.notifyAll();
        return count;
    }

    private void put(byte value) {
        bytes.add(value);
        windows.notifyAll();
    }

    /** Like the real one not to be interrupted, only to be closed. */
    final class Host implements HostPipe {
        @Override
        public int read(byte[] target, int offset, int length) throws WindowsFailure {
            synchronized (windows) {
                while (hostOpen && bytes.isEmpty() && childOpen) {
                    windows.awaitChange();
                }
                checkOpen("ReadFile");
                return bytes.isEmpty() ? -1 : take(target, offset, length);
            }
        }

        @Override
        public int available() throws WindowsFailure {
            synchronized (windows) {
                checkOpen("PeekNamedPipe");
                return bytes.size();
            }
        }

        @Override
        public void write(byte[] source, int offset, int length) throws WindowsFailure {
            synchronized (windows) {
                for (int i = 0; i < length; i++) {
                    while (hostOpen && childOpen && bytes.size() == CAPACITY) {
                        windows.awaitChange();
                    }
                    checkOpen("WriteFile");
                    if (!childOpen) {
                        throw FakeWindows.failure("WriteFile", ERROR_BROKEN_PIPE);
                    }
                    put(source[offset + i]);
                }
            }
        }

        private void checkOpen(String function) throws WindowsFailure {
            if (!hostOpen) {
                throw FakeWindows.failure(function, WindowsFailure.ERROR_OPERATION_ABORTED);
            }
        }

        @Override
        public void close() {
            synchronized (windows) {
                hostOpen = false;
                windows.notifyAll();
            }
        }
    }

    /** Closed when the host has no handle to it any more and no process has inherited it. */
    final class Child extends FakeStream {
        @Override
        int read(byte[] target, int offset, int length) throws InterruptedException {
            synchronized (windows) {
                while (bytes.isEmpty() && hostOpen) {
                    windows.wait();
                }
                return bytes.isEmpty() ? -1 : take(target, offset, length);
            }
        }

        @Override
        void write(byte[] source, int offset, int length) throws IOException, InterruptedException {
            synchronized (windows) {
                for (int i = 0; i < length; i++) {
                    while (hostOpen && bytes.size() == CAPACITY) {
                        windows.wait();
                    }
                    if (!hostOpen) {
                        throw new IOException("the pipe is broken");
                    }
                    put(source[offset + i]);
                }
            }
        }

        @Override
        boolean hasUnread() {
            return hostOpen && !bytes.isEmpty();
        }

        @Override
        void onLastRelease() {
            childOpen = false;
            windows.notifyAll();
        }

        @Override
        String kind() {
            return "a pipe's end for a child";
        }
    }
}
