package io.cordon.sandbox.windows.launch;

import io.cordon.sandbox.windows.win32.HostPipe;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Cleaner;
import java.util.Objects;

/**
 * What a child reads. Not buffered. A write that waits for room ends with an exception when another thread closes the
 * stream, or when the child closes its end.
 */
final class PipeOutputStream extends OutputStream {
    private final HostPipe pipe;
    private final Cleaner.Cleanable closing;

    PipeOutputStream(HostPipe pipe) {
        this.pipe = pipe;
        this.closing = PipeInputStream.CLEANER.register(this, pipe::close);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        try {
            pipe.write(bytes, offset, length);
        } catch (WindowsFailure e) {
            throw PipeInputStream.failed(e);
        }
    }

    @Override
    public void close() {
        closing.clean();
    }
}
