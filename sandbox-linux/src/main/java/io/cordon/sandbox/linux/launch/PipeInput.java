package io.cordon.sandbox.linux.launch;

import io.cordon.sandbox.linux.syscall.OwnedFd;
import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;

/**
 * The reading end of a pipe, as a stream whose {@link #close()} ends a {@code read} that another thread is blocked in.
 * A plain file stream does not do that, a channel does; {@code available()} in turn only works on a plain stream.
 */
final class PipeInput extends InputStream {
    private final FileInputStream file;
    private final InputStream channel;

    private PipeInput(FileInputStream file) {
        this.file = file;
        this.channel = Channels.newInputStream(file.getChannel());
    }

    /**
     * Opens the pipe anew through {@code /proc}, the only way from a number to a Java stream. The descriptor stays its
     * owner's.
     */
    static InputStream of(OwnedFd readEnd) throws IOException {
        return new BufferedInputStream(new PipeInput(new FileInputStream("/proc/self/fd/" + readEnd.number())));
    }

    @Override
    public int read() throws IOException {
        return channel.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return channel.read(bytes, offset, length);
    }

    @Override
    public int available() throws IOException {
        return file.available();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
