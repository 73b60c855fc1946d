package io.cordon.sandbox.windows.win32;

import io.cordon.sandbox.windows.win32.BrokerCalls.Ends;
import java.util.ArrayDeque;
import java.util.Queue;

/** A pipe of both directions between two processes, each of which has handles to its side. */
final class FakeDuplex {
    private static final int ERROR_NO_DATA = 232;

    /** Small, so that tests meet a full pipe. */
    private static final int CAPACITY = 128;

    private final FakeWindows windows;
    final Side server = new Side();
    final Side client = new Side();
    /** Whether somebody has opened the client's side. */
    boolean connected;

    FakeDuplex(FakeWindows windows) {
        this.windows = windows;
    }

    /** One side: open until its last handle is closed, or its process has ended. */
    final class Side extends FakeObject {
        private final Queue<Byte> incoming = new ArrayDeque<>();
        private boolean open = true;

        private Side other() {
            return this == server ? client : server;
        }

        /** Both directions, by a handle for each; the given one is taken over. */
        Ends ends(OwnedHandle handle) {
            return new Ends(
                    new End(this, handle.release()), new End(this, windows.handles.open(this, "DuplicateHandle")));
        }

        /** Its process has ended, and whatever still runs of it cannot use it. */
        void breakOff() {
            open = false;
            windows.notifyAll();
        }

        @Override
        void onLastRelease() {
            breakOff();
        }

        @Override
        String kind() {
            return this == server ? "the host's side of the pipe" : "the broker's side of the pipe";
        }
    }

    private final class End implements HostPipe {
        private final Side side;
        private final OwnedHandle handle;

        private End(Side side, OwnedHandle handle) {
            this.side = side;
            this.handle = handle;
        }

        private boolean usable() {
            return handle.isOpen() && side.open;
        }

        private void checkUsable(String function) throws WindowsFailure {
            if (!usable()) {
                throw FakeWindows.failure(function, WindowsFailure.ERROR_OPERATION_ABORTED);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws WindowsFailure {
            synchronized (windows) {
                while (usable() && side.incoming.isEmpty() && side.other().open) {
                    windows.awaitChange();
                }
                checkUsable("ReadFile");
                int count = Math.min(length, side.incoming.size());
                for (int i = 0; i < count; i++) {
                    bytes[offset + i] = side.incoming.remove();
                }
                windows.notifyAll();
                return count == 0 ? -1 : count;
            }
        }

        @Override
        public int available() throws WindowsFailure {
            synchronized (windows) {
                checkUsable("PeekNamedPipe");
                return side.incoming.size();
            }
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws WindowsFailure {
            synchronized (windows) {
                Side other = side.other();
                for (int i = 0; i < length; i++) {
                    while (usable() && other.open && other.incoming.size() == CAPACITY) {
                        windows.awaitChange();
                    }
                    checkUsable("WriteFile");
                    if (!other.open) {
                        throw FakeWindows.failure("WriteFile", ERROR_NO_DATA);
                    }
                    other.incoming.add(bytes[offset + i]);
                    windows.notifyAll();
                }
            }
        }

        @Override
        public void close() {
            handle.close(); // which wakes whoever waits
        }
    }
}
