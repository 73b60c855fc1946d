package io.cordon.sandbox.windows.win32;

import static io.cordon.sandbox.windows.win32.Handles.failure;
import static io.cordon.sandbox.windows.win32.Handles.pointer;
import static io.cordon.sandbox.windows.win32.Kernel32Functions.KERNEL32;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.cordon.sandbox.windows.win32.Structures.OVERLAPPED;

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
    private final OwnedHandle done;
    private final OwnedHandle stop;
    private final Memory buffer = new Memory(BUFFER);
    private final OVERLAPPED overlapped = new OVERLAPPED();
    /** Held during a transfer, and by whoever closes the handles. */
    private final Object transfer = new Object();

    private volatile boolean closed;

    private JnaHostPipe(OwnedHandle pipe, OwnedHandle done, OwnedHandle stop) {
        this.pipe = pipe;
        this.done = done;
        this.stop = stop;
    }

    /** Takes the pipe over; when this fails, the pipe still belongs to the caller. */
    static JnaHostPipe own(OwnedHandle pipe) throws WindowsFailure {
        try (ResourceScope scope = new ResourceScope()) {
            OwnedHandle done = scope.own(Handles.own("CreateEventW", KERNEL32.CreateEvent(null, true, false, null)));
            OwnedHandle stop = scope.own(Handles.own("CreateEventW", KERNEL32.CreateEvent(null, true, false, null)));
            scope.release();
            return new JnaHostPipe(pipe.release(), done, stop);
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws WindowsFailure {
        synchronized (transfer) {
            checkOpen("ReadFile");
            int wanted = Math.min(length, BUFFER);
            Pointer request = prepare();
            boolean started = KERNEL32.ReadFile(pointer(pipe), buffer, wanted, null, request);
            int error = started ? 0 : Native.getLastError();
            if (error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED) {
                return -1;
            }
            int count = finish("ReadFile", error, request);
            if (count > 0) {
                buffer.read(0, bytes, offset, count);
            }
            return count;
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws WindowsFailure {
        synchronized (transfer) {
            int written = 0;
            while (written < length) {
                checkOpen("WriteFile");
                int chunk = Math.min(length - written, BUFFER);
                buffer.write(0, bytes, offset + written, chunk);
                Pointer request = prepare();
                boolean started = KERNEL32.WriteFile(pointer(pipe), buffer, chunk, null, request);
                int count = finish("WriteFile", started ? 0 : Native.getLastError(), request);
                if (count < 0) {
                    throw failure("WriteFile", ERROR_BROKEN_PIPE);
                }
                written += count;
            }
        }
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
            int signalled =
                    KERNEL32.WaitForMultipleObjects(2, new Pointer[] {pointer(done), pointer(stop)}, false, INFINITE);
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
        if (stop.isOpen()) {
            try {
                KERNEL32.SetEvent(pointer(stop));
            } catch (IllegalStateException e) {
                return; // another thread closed it in between
            }
        }
        synchronized (transfer) {
            pipe.close();
            done.close();
            stop.close();
            buffer.close();
        }
    }
}
