package io.cordon.sandbox;

import com.google.common.primitives.Bytes;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a process wrote to one stream: all of it, or its head and its tail. Immutable.
 *
 * @see ResourceLimits#output()
 */
public final class CapturedOutput {
    private final byte[] head;
    private final byte[] tail;
    private final long total;
    private final boolean complete;
    private final Charset charset;

    CapturedOutput(byte[] head, byte[] tail, long total, boolean complete, Charset charset) {
        this.head = head;
        this.tail = tail;
        this.total = total;
        this.complete = complete;
        this.charset = charset;
    }

    /** How many bytes the process wrote, kept or not. */
    public long total() {
        return total;
    }

    /** How many bytes between head and tail were not kept. */
    public long omitted() {
        return total - head.length - tail.length;
    }

    /** Whether bytes were not kept. */
    public boolean truncated() {
        return omitted() > 0;
    }

    /**
     * Whether the stream was read to its end. It was not if something that escaped the end of the tree still held it
     * open.
     */
    public boolean complete() {
        return complete;
    }

    /** The bytes that were kept, head and tail joined without a mark. */
    public byte[] bytes() {
        return Bytes.concat(head, tail);
    }

    /**
     * The text in the charset that the process was started with; where bytes are missing, a line says how many.
     * Malformed bytes become replacement characters.
     */
    public String text() {
        return text(charset);
    }

    /** The text in another charset. */
    public String text(Charset other) {
        String end = complete ? "" : "\n[... output not read to its end ...]\n";
        if (!truncated()) {
            return new String(bytes(), other) + end; // joined first: a character may lie across head and tail
        }
        return new String(head, other) + "\n[... " + omitted() + " of " + total + " bytes omitted ...]\n"
                + new String(tail, other) + end;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CapturedOutput that
                && total == that.total
                && complete == that.complete
                && charset.equals(that.charset)
                && Arrays.equals(head, that.head)
                && Arrays.equals(tail, that.tail);
    }

    @Override
    public int hashCode() {
        return Objects.hash(total, complete, charset, Arrays.hashCode(head), Arrays.hashCode(tail));
    }

    /** The same as {@link #text()}. */
    @Override
    public String toString() {
        return text();
    }
}
