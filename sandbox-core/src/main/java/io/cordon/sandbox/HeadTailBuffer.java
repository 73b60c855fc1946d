package io.cordon.sandbox;

import static com.google.common.base.Preconditions.checkArgument;

import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * Keeps the first and the last bytes of a stream of any length in bounded memory. The head shows what a command began
 * with, the tail how it ended, which is where builds and tests say what went wrong.
 *
 * <p>Safe for use by one writer and one reader thread.
 */
final class HeadTailBuffer {
    private static final int INITIAL = 8 << 10;

    private final int headLimit;
    private final int tailLimit;
    private byte[] head = new byte[0];
    private int headSize;
    private byte[] tail = new byte[0];
    private long total;

    HeadTailBuffer(int limit) {
        checkArgument(limit > 0, "limit is not positive: %s", limit);
        this.headLimit = limit - limit / 2;
        this.tailLimit = limit / 2;
    }

    synchronized void write(byte[] bytes, int length) {
        int toHead = Math.min(length, headLimit - headSize);
        if (toHead > 0) {
            head = grown(head, headSize + toHead, headLimit);
            System.arraycopy(bytes, 0, head, headSize, toHead);
            headSize += toHead;
        }
        // Of what does not fit into the head, only the last tailLimit bytes can matter.
        int from = Math.max(toHead, length - tailLimit);
        long position = total + from - headSize;
        if (from < length) {
            tail = grown(tail, (int) Math.min(tailLimit, position + length - from), tailLimit);
        }
        while (from < length) {
            int at = (int) (position % tailLimit);
            int count = Math.min(length - from, tailLimit - at);
            System.arraycopy(bytes, from, tail, at, count);
            from += count;
            position += count;
        }
        total += length;
    }

    private static byte[] grown(byte[] array, int needed, int limit) {
        if (needed <= array.length) {
            return array;
        }
        int doubled = (int) Math.min(limit, Math.max(INITIAL, array.length * 2L));
        return Arrays.copyOf(array, Math.max(needed, doubled));
    }

    synchronized CapturedOutput captured(boolean complete, Charset charset) {
        byte[] kept = Arrays.copyOf(head, headSize);
        long behindHead = total - headSize;
        byte[] end;
        if (behindHead <= tailLimit) {
            end = Arrays.copyOf(tail, (int) behindHead);
        } else if (tailLimit == 0) {
            end = new byte[0];
        } else {
            int oldest = (int) (behindHead % tailLimit);
            end = new byte[tailLimit];
            System.arraycopy(tail, oldest, end, 0, tailLimit - oldest);
            System.arraycopy(tail, 0, end, tailLimit - oldest, oldest);
        }
        return new CapturedOutput(kept, end, total, complete, charset);
    }
}
