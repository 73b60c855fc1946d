package io.cordon.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OutputDrainTest {
    private static final long SECONDS = Eventually.LIMIT.toSeconds();

    @Test
    void aStreamIsReadToItsEndAndClosed() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, (byte) 'x');
        InputStream stream = new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                closed.countDown();
            }
        };

        OutputDrain drain = OutputDrain.start(stream, bytes.length, "drain");

        assertThat(drain.end().get(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(closed.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        CapturedOutput captured = drain.captured(StandardCharsets.US_ASCII);
        assertThat(captured.bytes()).isEqualTo(bytes);
        assertThat(captured.complete()).isTrue();
    }

    @Test
    void aStreamThatBreaksIsNotComplete() throws Exception {
        InputStream broken = new InputStream() {
            private boolean first = true;

            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                if (!first) {
                    throw new IOException("broken");
                }
                first = false;
                bytes[offset] = 'a';
                return 1;
            }
        };

        OutputDrain drain = OutputDrain.start(broken, 10, "drain");

        assertThat(drain.end().get(SECONDS, TimeUnit.SECONDS)).isFalse();
        CapturedOutput captured = drain.captured(StandardCharsets.US_ASCII);
        assertThat(captured.bytes()).containsExactly('a');
        assertThat(captured.complete()).isFalse();
    }

    @Test
    void anAbandonedStreamIsClosedAndNotComplete() throws Exception {
        HeldStream held = new HeldStream();
        OutputDrain drain = OutputDrain.start(held, 10, "drain");

        drain.abandon();

        assertThat(drain.end()).isCompletedWithValue(false);
        assertThat(drain.captured(StandardCharsets.US_ASCII).complete()).isFalse();
        assertThat(held.closed.await(SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void abandoningDoesNotWaitForAStreamThatCannotBeClosedWhileItIsRead() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        HeldStream stuck = new HeldStream() {
            @Override
            public void close() {
                boolean unused = awaitQuietly(release);
                super.close();
            }
        };
        OutputDrain drain = OutputDrain.start(stuck, 10, "drain");

        drain.abandon();

        assertThat(stuck.closed.getCount()).isEqualTo(1);
        assertThat(drain.end()).isCompletedWithValue(false);
        release.countDown();
    }

    @Test
    void abandoningAStreamThatWasReadChangesNothing() throws Exception {
        OutputDrain drain = OutputDrain.start(InputStream.nullInputStream(), 10, "drain");
        assertThat(drain.end().get(SECONDS, TimeUnit.SECONDS)).isTrue();

        drain.abandon();

        assertThat(drain.captured(StandardCharsets.US_ASCII).complete()).isTrue();
    }
}
