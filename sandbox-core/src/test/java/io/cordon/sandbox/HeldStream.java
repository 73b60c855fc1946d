package io.cordon.sandbox;

import java.io.InputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A stream that somebody holds open without writing: reading waits until it is closed. */
class HeldStream extends InputStream {
    final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() {
        boolean unused = awaitQuietly(closed);
        return -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        return read();
    }

    @Override
    public void close() {
        closed.countDown();
    }

    /** Bounded, so that no thread outlives a test that fails. */
    static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(2 * Eventually.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }
}
