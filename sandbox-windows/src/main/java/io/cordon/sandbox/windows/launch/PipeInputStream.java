package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.windows.win32.HostPipe;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.Cleaner;
import java.util.Objects;

/**
 * What a child writes. A read that waits ends with an exception when another thread closes the stream, and with the
 * bytes that are left, then -1, when the tree has ended. One read at a time.
 */
final class PipeInputStream extends InputStream {
    /** For a stream that nobody closes: its process has ended long ago, and so may its reader have. */
    static final Cleaner CLEANER = Cleaner.create();

    private final HostPipe pipe;
    private final Cleaner.Cleanable closing;

    PipeInputStream(HostPipe pipe) {
        this.pipe = pipe;
        this.closing = CLEANER.register(this, pipe::close);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        try {
            return pipe.read(bytes, offset, length);
        } catch (WindowsFailure e) {
            throw failed(e);
        }
    }

    @Override
    public int available() throws IOException {
        try {
            return pipe.available();
        } catch (WindowsFailure e) {
            throw failed(e);
        }
    }

    static IOException failed(WindowsFailure failure) {
        return failure.code() == WindowsFailure.ERROR_OPERATION_ABORTED
                ? new IOException("the stream is closed", failure)
                : new IOException(failure.getMessage(), failure);
    }

    @Override
    public void close() {
        closing.clean();
    }
}
