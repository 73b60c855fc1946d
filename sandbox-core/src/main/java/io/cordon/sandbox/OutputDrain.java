package io.cordon.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.concurrent.CompletableFuture;

/**
 * Reads one stream of a process to its end on a thread of its own, so that the process never waits for a full pipe,
 * and keeps what the limit allows.
 */
final class OutputDrain {
    private final InputStream stream;
    private final HeadTailBuffer buffer;
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    private OutputDrain(InputStream stream, int limit) {
        this.stream = stream;
        this.buffer = new HeadTailBuffer(limit);
    }

    static OutputDrain start(InputStream stream, int limit, String name) {
        OutputDrain drain = new OutputDrain(stream, limit);
        Thread thread = new Thread(drain::drain, name);
        thread.setDaemon(true);
        thread.start();
        return drain;
    }

    private void drain() {
        byte[] chunk = new byte[32 << 10];
        try (stream) {
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                buffer.write(chunk, count);
            }
            end.complete(true);
        } catch (IOException e) {
            end.complete(false); // closed by us, or broken: either way there is no more to come
        }
    }

    /** Completes at the end of the stream, with whether that was reached without an error. */
    CompletableFuture<Boolean> end() {
        return end;
    }

    /** Stops reading, because whoever holds the stream open is not going to let go of it. */
    void abandon() {
        if (end.complete(false)) {
            // Closing can wait for the very read that does not return.
            OwnThread.EXECUTOR.execute(this::close);
        }
    }

    private void close() {
        try {
            stream.close();
        } catch (IOException e) {
            // What could be read was read, and the descriptor is gone all the same.
        }
    }

    CapturedOutput captured(Charset charset) {
        return buffer.captured(end.getNow(false), charset);
    }
}
