package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.failure;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.cordon.sandbox.windows.win32.Structures.OVERLAPPED;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a transfer and for the wish to stop at once, so that closing never has to interrupt a system call that it
 * cannot see. The buffer belongs to this object, because the system fills it after the call that started the transfer.
 */
final class JnaHostPipe implements HostPipe {
    private static final int INFINITE = -1;
    private static final int WAIT_OBJECT_0 = 0;
    private static final int ERROR_BROKEN_PIPE = 109;
    private static final int ERROR_PIPE_NOT_CONNECTED = 233;
    private static final int ERROR_IO_PENDING = 997;
    private static final int BUFFER = 64 << 10;

    private final OwnedHandle pipe;
    /** Made for the first transfer: a child that is neither written to nor complains needs it for one pipe of three. */
    private volatile @Nullable Transfers transfers;
    /** Held during a transfer, and by whoever closes the handles. */
    private final Object transfer = new Object();

    private volatile boolean closed;

    /** What transfers need, and one at a time uses. */
    private final class Transfers implements AutoCloseable {
        private final OwnedHandle done;
        private final OwnedHandle stop;
        private final Memory buffer = new Memory(BUFFER);
        private final OVERLAPPED overlapped = new OVERLAPPED();

        private Transfers(OwnedHandle done, OwnedHandle stop) {
            this.done = done;
            this.stop = stop;
        }

        private Pointer prepare() {
            overlapped.clear();
            overlapped.hEvent = pointer(done);
            return overlapped.written();
        }

        /** Waits for the end of a transfer that was started: the number of bytes, or -1 when the other end is gone. */
        private int finish(String function, int error, Pointer request) throws WindowsFailure {
            boolean stopped = false;
            if (error == ERROR_IO_PENDING) {
                int signalled = KERNEL32.WaitForMultipleObjects(
                        2, new Pointer[] {pointer(done), pointer(stop)}, false, INFINITE);
                if (signalled != WAIT_OBJECT_0) {
                    stopped = true;
                    KERNEL32.CancelIoEx(pointer(pipe), request);
                }
            } else if (error != 0) {
                throw failure(function, error);
            }
            // Also after cancelling: until it says so, the system may still write into the buffer.
            IntByReference count = new IntByReference();
            if (KERNEL32.GetOverlappedResult(pointer(pipe), request, count, true)) {
                return count.getValue();
            }
            int result = Native.getLastError();
            if (!stopped && (result == ERROR_BROKEN_PIPE || result == ERROR_PIPE_NOT_CONNECTED)) {
                return -1;
            }
            throw failure(function, stopped ? WindowsFailure.ERROR_OPERATION_ABORTED : result);
        }

        private void stop() {
            try {
                KERNEL32.SetEvent(pointer(stop));
            } catch (IllegalStateException e) {
                // another thread has closed it in between
            }
        }

        @Override
        public void close() {
            done.close();
            stop.close();
            buffer.close();
        }
    }

    private JnaHostPipe(OwnedHandle pipe) {
        this.pipe = pipe;
    }

    /** Takes the pipe over. */
    static JnaHostPipe own(OwnedHandle pipe) {
        return new JnaHostPipe(pipe.release());
    }

    /** Whoever closes sees these, or is seen here: then nobody waits for what nobody will stop. */
    private Transfers transfers(String function) throws WindowsFailure {
        checkOpen(function);
        Transfers present = transfers;
        if (present == null) {
            try (ResourceScope scope = new ResourceScope()) {
                present = new Transfers(scope.own(event()), scope.own(event()));
                scope.release();
            }
            transfers = present;
            checkOpen(function);
        }
        return present;
    }

    private static OwnedHandle event() throws WindowsFailure {
        return Handles.own("CreateEventW", KERNEL32.CreateEvent(null, true, false, null));
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws WindowsFailure {
        synchronized (transfer) {
            Transfers with = transfers("ReadFile");
            int wanted = Math.min(length, BUFFER);
            Pointer request = with.prepare();
            boolean started = KERNEL32.ReadFile(pointer(pipe), with.buffer, wanted, null, request);
            int error = started ? 0 : Native.getLastError();
            if (error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED) {
                return -1;
            }
            int count = with.finish("ReadFile", error, request);
            if (count > 0) {
                with.buffer.read(0, bytes, offset, count);
            }
            return count;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws WindowsFailure {
        synchronized (transfer) {
            int written = 0;
            while (written < length) {
                Transfers with = transfers("WriteFile");
                int chunk = Math.min(length - written, BUFFER);
                with.buffer.write(0, bytes, offset + written, chunk);
                Pointer request = with.prepare();
                boolean started = KERNEL32.WriteFile(pointer(pipe), with.buffer, chunk, null, request);
                int count = with.finish("WriteFile", started ? 0 : Native.getLastError(), request);
                if (count < 0) {
                    throw failure("WriteFile", ERROR_BROKEN_PIPE);
                }
                written += count;
            }
        }
    }

    private void checkOpen(String function) throws WindowsFailure {
        if (closed) {
            throw failure(function, WindowsFailure.ERROR_OPERATION_ABORTED);
        }
    }

    @Override
    public int available() throws WindowsFailure {
        synchronized (transfer) {
            checkOpen("PeekNamedPipe");
            IntByReference available = new IntByReference();
            if (KERNEL32.PeekNamedPipe(pointer(pipe), null, 0, null, available, null)) {
                return available.getValue();
            }
            int error = Native.getLastError();
            if (error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED) {
                return 0;
            }
            throw failure("PeekNamedPipe", error);
        }
    }

    @Override
    public void close() {
        closed = true;
        Transfers underWay = transfers;
        if (underWay != null) {
            underWay.stop();
        }
        synchronized (transfer) {
            pipe.close();
            Transfers made = transfers;
            if (made != null) {
                made.close();
            }
        }
    }
}
